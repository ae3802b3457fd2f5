//! A case is run and compared with what it expects.

use std::rc::Rc;

use serde_json::{Value, json};

use lictor_engine::config;
use lictor_engine::identity::{self, PeerFacts};
use lictor_engine::json;
use lictor_engine::message::Head;
use lictor_engine::policy::Moment;
use lictor_engine::record::{Chain, Ending};
use lictor_engine::session::{Session, Step};
use lictor_engine::struct_value;

use crate::case::Case;

/// When every case is run: Wednesday, 4 November 2026, 12:00 UTC.
const MOMENT: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

/// What came of a case.
struct Outcome {
    status: u64,
    reply: Value,
    record: Value,
}

/// Everything in which a case came out differently than it expects.
pub fn failures(case: &Case) -> Vec<String> {
    let outcome = run(case, |headers| headers.to_vec());
    let mut failures = compare(case, &outcome);
    // INVARIANT: the verdict does not depend on the order or the case of header fields.
    let shuffled = run(case, |headers| {
        headers
            .iter()
            .rev()
            .map(|(name, value)| (name.to_uppercase(), value.clone()))
            .collect()
    });
    if has_unique_headers(case) && shuffled.record["actions"] != outcome.record["actions"] {
        failures.push("the actions depend on the order or case of header fields".to_owned());
    }
    if shuffled.record["decision"] != outcome.record["decision"] {
        failures.push("the decision depends on the order or case of header fields".to_owned());
    }
    failures
}

fn has_unique_headers(case: &Case) -> bool {
    let mut names: Vec<_> = case.headers.iter().map(|(name, _)| name).collect();
    names.sort();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

type Fields = Vec<(String, String)>;

fn run(case: &Case, arrange: impl Fn(&[(String, String)]) -> Fields) -> Outcome {
    let guard = config::compile(&case.policy).unwrap_or_else(|mistakes| {
        let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!(
            "{}: the policy has mistakes: {}",
            case.name,
            mistakes.join("; ")
        )
    });
    let mut head = Head::default();
    for (name, value) in arrange(&case.headers) {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    let metadata = metadata(case);
    let peer = case.peer.as_ref().map(|name| PeerFacts {
        uri_san: name.clone(),
    });
    let mut session = Session::new(Rc::new(guard), head, "record".to_owned());
    let mut step = session.open(&metadata, peer.as_ref(), !case.body.is_empty());
    if matches!(step, Step::Hold | Step::Decide) {
        step = session
            .decode(&case.body)
            .unwrap_or_else(|| session.decide(&case.body, MOMENT));
    }
    let (status, reply) = match step {
        Step::Reply(reply) => (
            u64::from(reply.status),
            serde_json::from_str(&reply.body).unwrap_or(json!(reply.body)),
        ),
        Step::Pass => (200, Value::Null),
        other => panic!("{}: the exchange ends in {other:?}", case.name),
    };
    let ending = Ending::default();
    let chained = Chain::new([0; 8]).add(&session, &ending);
    let bytes = chained.to_struct();
    let read = struct_value::read(&bytes).unwrap();
    let record: Value = serde_json::from_str(&chained.json).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), record, "{}", case.name);
    Outcome {
        status,
        reply,
        record,
    }
}

/// What Envoy leaves behind for the tokens of a case; nothing where it verified none.
fn metadata(case: &Case) -> Vec<u8> {
    if case.tokens.is_empty() {
        return Vec::new();
    }
    let texts: Vec<_> = case
        .tokens
        .iter()
        .map(|(key, claims)| (key.as_str(), claims.to_string()))
        .collect();
    let tokens: Vec<_> = texts
        .iter()
        .map(|(key, claims)| (*key, json::parse(claims).unwrap()))
        .collect();
    identity::metadata_of_each(&tokens)
}

fn compare(case: &Case, outcome: &Outcome) -> Vec<String> {
    let record = &outcome.record;
    let mut failures = Vec::new();
    assert!(
        case.expect.contains_key("decision"),
        "{}: expects no decision",
        case.name
    );
    for (key, expected) in &case.expect {
        let found = match key.as_str() {
            "status" => json!(outcome.status),
            "actions" => actions(record),
            "statements" => each(record, "statement"),
            "reply" => some(&outcome.reply, expected),
            "principal" => some(&record["principal"], expected),
            "absent" => absent(record, outcome, expected),
            "decision" | "rules" | "shadow" | "code" | "api" | "protocol" | "lineage"
            | "reason" => record[key].clone(),
            other => panic!("{}: unknown expectation `{other}`", case.name),
        };
        if found != *expected {
            failures.push(format!("{key}: expected {expected}, found {found}"));
        }
    }
    failures
}

/// `delete all table:users`: effect, reach and resources, as a person would say it.
fn actions(record: &Value) -> Value {
    let actions = record["actions"].as_array().unwrap();
    let said = actions.iter().map(|action| {
        let mut words = vec![
            action["effect"].as_str().unwrap(),
            action["reach"].as_str().unwrap(),
        ];
        words.extend(
            action["resources"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one.as_str().unwrap()),
        );
        words.join(" ")
    });
    said.collect()
}

fn each(record: &Value, key: &str) -> Value {
    let mut values: Vec<Value> = record["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action[key].clone())
        .collect();
    values.dedup();
    Value::Array(values)
}

/// The members that are expected, out of all.
fn some(found: &Value, expected: &Value) -> Value {
    let members = expected.as_object().expect("a mapping");
    members
        .keys()
        .map(|key| (key.clone(), found[key].clone()))
        .collect()
}

/// Texts that must stand neither in the record nor in the reply.
fn absent(record: &Value, outcome: &Outcome, expected: &Value) -> Value {
    let said = format!("{record}{}", outcome.reply);
    let texts = expected.as_array().expect("a list").iter();
    texts
        .filter(|text| !said.contains(text.as_str().unwrap()))
        .cloned()
        .collect()
}
