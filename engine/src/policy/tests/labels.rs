//! Labels of what an action touches, shows, changes and copies.

use crate::action::{Action, Arguments, Edge, Effect, Reach, Resource, ResourceKind};
use crate::config;
use crate::glob::Truth;
use crate::policy::{Borne, Data, LabelSet, Labels};
use crate::sql::{Dialect, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DATA: &str = "
lictor: v1
apis: []
data:
- {label: pii, columns: [customers.email, '*.ssn'], tables: patients}
- {label: public, tables: [countries, public_*]}
- {label: pii, paths: /v1/people/**}
rules: []
default: allow
";

fn data() -> Data {
    config::compile(DATA.as_bytes()).unwrap().policy.data
}

/// Labels of every action of a text: what is touched, comes out, is written and is copied.
fn labels(text: &str) -> Vec<String> {
    let data = data();
    let analysis = analyse(text, Dialect::Postgres).unwrap();
    let shown = |borne: Borne| {
        let each = data.names.iter().enumerate().map(|(place, name)| {
            match borne.bears(LabelSet::one(place)) {
                Truth::Yes => format!("{name}!"),
                Truth::Maybe => format!("{name}?"),
                Truth::No => String::new(),
            }
        });
        each.collect::<String>()
    };
    let actions = analysis.actions.iter().map(|action| {
        let labels = Labels::of(action, &data, true);
        format!(
            "{} {} / {} / {} / {}",
            action.effect.name(),
            shown(labels.touched),
            shown(labels.output),
            shown(labels.written),
            shown(labels.copied)
        )
    });
    actions.collect()
}

#[test]
fn an_action_bears_the_labels_of_what_it_touches() {
    for (text, expected) in [
        (
            "SELECT email FROM customers",
            vec!["read pii! / pii! /  / "],
        ),
        ("SELECT id FROM customers", vec!["read  /  /  / "]),
        (
            "SELECT id, email FROM customers",
            vec!["read pii? / pii? /  / "],
        ),
        (
            "SELECT id FROM customers WHERE email = 'x'",
            vec!["read pii? /  /  / "],
        ),
        (
            "SELECT c.name FROM countries c",
            vec!["read public! / public! /  / "],
        ),
        ("SELECT ssn FROM anything", vec!["read pii! / pii! /  / "]),
        ("SELECT count(*) FROM patients", vec!["read pii! /  /  / "]),
        ("SELECT * FROM patients", vec!["read pii! / pii! /  / "]),
        (
            "SELECT * FROM countries",
            vec!["read pii?public! / pii?public! /  / "],
        ),
        (
            "DELETE FROM customers WHERE id = 7",
            vec!["delete pii? /  / pii! / "],
        ),
        ("DROP TABLE customers", vec!["drop pii! /  / pii! / "]),
        ("DROP TABLE orders", vec!["drop  /  /  / "]),
        (
            "UPDATE customers SET email = 'x' WHERE id = 7",
            vec!["update pii? /  / pii! / "],
        ),
    ] {
        assert_eq!(labels(text), expected, "{text}");
    }
}

#[test]
fn a_copy_into_an_unlabelled_table_is_told() {
    let copied = labels("INSERT INTO leak (a) SELECT email FROM customers");
    assert!(
        copied.iter().any(|one| one.ends_with("/ pii!")),
        "{copied:?}"
    );
    let kept = labels("INSERT INTO patients (a) SELECT email FROM customers");
    assert!(kept.iter().all(|one| one.ends_with("/ ")), "{kept:?}");
    let made = labels("CREATE TABLE leak AS SELECT email AS x FROM customers");
    assert!(made.iter().any(|one| one.ends_with("/ pii!")), "{made:?}");
}

#[test]
fn a_copy_of_several_things_surely_bears_what_all_of_them_bear() {
    let both = "INSERT INTO leak (a, b) SELECT c.email, l.name FROM customers c, countries l";
    let copied = labels(both);
    assert!(
        copied.iter().any(|one| one.ends_with("/ pii?public?")),
        "{copied:?}"
    );
}

#[test]
fn what_nobody_can_tell_may_bear_any_label() {
    let action = Action {
        effect: Effect::Delete,
        operation: "DELETE".to_owned(),
        reach: Reach::Unknown,
        cause: None,
        resources: Vec::new(),
        columns: Vec::new(),
        lineage: Vec::<Edge>::new(),
        fingerprint: None,
        statement: None,
        arguments: Arguments::None,
    };
    let labels = Labels::of(&action, &data(), false);
    assert_eq!(labels.touched.bears(LabelSet::one(0)), Truth::Maybe);
    assert_eq!(labels.touched.bears(LabelSet::one(1)), Truth::Maybe);
}

#[test]
fn paths_bear_labels_too() {
    let resource = Resource {
        kind: ResourceKind::Path,
        name: "/v1/people/7".to_owned(),
    };
    let action = Action::new(Effect::Read, "GET", Reach::All, vec![resource]);
    let labels = Labels::of(&action, &data(), true);
    assert_eq!(labels.touched.sure, LabelSet::one(0));
}
