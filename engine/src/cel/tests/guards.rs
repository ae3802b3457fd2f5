//! What can be absent is read only where something says that it is there.

use super::{Call, assert_told, compile, told, told_of};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Expressions that are accepted; none of them may fail, whatever is absent.
const GUARDED: &str = r#"
    has(principal.for) && principal.for.subject == 'alice'
    !has(principal.for) || principal.for.subject == 'alice'
    has(principal.for) ? principal.for.subject == 'alice' : false
    !has(principal.for) ? false : principal.for.subject == 'alice'
    (has(principal.for) && flag) && principal.for.subject == 'alice'
    !(!has(principal.for) || flag) && principal.for.subject == 'alice'
    (has(principal.for) ? flag : false) && principal.for.subject == 'alice'
    (has(principal.for) ? principal.for.kind == 'human' : true) && flag
    !flag || (has(claims.act) && has(claims.act.sub) && claims.act.sub == 'bot')
    'https://x/roles' in claims && size(claims['https://x/roles']) == 1
    'department' in claims && claims.department == 'sales'
    has(claims.department) && claims['department'] == 'sales'
    'x-tenant' in request.headers && request.headers['x-tenant'] == 'acme'
    principal.subject in request.headers && request.headers[principal.subject] == 'acme'
    actions.exists(a, has(a.limit) && a.limit > 5)
    actions.all(a, !has(a.limit) || a.limit > 5)
    has(principal.for) && actions.exists(a, principal.for.subject == 'x')
    vars.has_whom && principal.for.subject == 'alice'
"#;

#[test]
fn guards_of_every_shape_are_seen() {
    for text in GUARDED
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let program = compile(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        assert!(program.evaluate(&Call::full()).is_ok(), "{text}");
        assert!(program.evaluate(&Call::bare()).is_ok(), "{text}");
    }
}

#[test]
fn what_is_not_guarded_is_refused() {
    assert_told(
        r#"
        principal.for.subject == 'alice' => unguarded@10
        principal.for.subject == 'alice' && has(principal.for) => unguarded@10
        has(principal.for) || principal.for.subject == 'alice' => unguarded@32
        !has(principal.for) && principal.for.subject == 'alice' => unguarded@33
        !(has(principal.for) || flag) && principal.for.subject == 'alice' => unguarded@43
        (has(principal.for) ? flag : true) && principal.for.subject == 'alice' => unguarded@48
        has(principal.for) ? true : principal.for.subject == 'alice' => unguarded@38
        (has(principal.for) && flag || flag) && principal.for.subject == 'alice' => unguarded@50
        claims.department == 'sales' => unguarded@7
        has(claims.act.sub) => unguarded@11
        has(claims.act) && claims.act.sub == 'bot' => unguarded@30
        has(claims.act) && claims.other == 'bot' => unguarded@26
        claims['https://x/roles'] == 'x' => unguarded@6
        request.headers['accept'] == 'x' => unguarded@15
        request.headers[principal.subject] == 'x' => unguarded@15
        actions.exists(a, a.limit > 5) => unguarded@20
        actions.exists(a, has(a.limit)) && actions.exists(a, a.limit > 5) => unguarded@55
        actions.exists(a, has(a.limit) && actions.exists(b, b.limit > 5)) => unguarded@54
        actions[0].limit == 1 => unguarded@11
        note == 'x' => unguarded@0
        has(note) && note == 'x' => syntax@4
        dyn(claims).department == 'x' => unguarded@12
        "#,
        told,
    );
}

#[test]
fn absent_is_not_there_and_null_is() {
    let bare = |text: &str| told_of(text, &Call::bare());
    assert_told(
        r#"
        has(principal.for) => false
        has(claims.department) => false
        'department' in claims => false
        "#,
        bare,
    );
    assert_told(
        "has(claims.none) => true\nhas(claims.nothing) => false",
        told,
    );
}

#[test]
fn the_guard_to_write_is_told() {
    for (text, guard) in [
        ("principal.for.subject == 'a'", "`has(principal.for) && …`"),
        ("claims.x == 'a'", "`has(claims.x) && …`"),
        ("claims['a b'] == 'a'", "`'a b' in claims && …`"),
        (
            "request.headers[principal.subject] == 'a'",
            "`principal.subject in request.headers && …`",
        ),
    ] {
        let problems = compile(text).err().unwrap();
        assert!(
            problems[0].message.contains(guard),
            "{}",
            problems[0].message
        );
    }
}

/// A guard beside a comparison is spared; what it would have said still holds.
#[test]
fn spared_guards_are_missed_by_nothing() {
    assert_told(
        r#"
        has(claims.none) && claims.none == 'x' => false
        has(claims.act) && has(claims.act.sub) && claims.act.sub == 'bot' => true
        has(claims.text) && has(claims.text.sub) && claims.text.sub == 'bot' => no_such_overload
        has(claims.act) && has(claims.act.sub) && claims.act.sub == 'bot' && claims.act.sub.startsWith('b') => true
        has(claims.gone) && claims.gone == 'x' => false
        has(claims.gone) && claims.gone != 'x' => false
        !(has(claims.gone) && claims.gone != 'x') => true
        has(claims.gone) && claims.gone in ['x', 'y'] => false
        has(claims.gone) && claims.gone > 1 => false
        has(claims.level) && claims.level > 1 => true
        has(claims.gone) && claims.gone == 'x' && claims.gone.startsWith('x') => false
        has(claims.gone) && has(claims.gone.sub) && claims.gone.sub == 'x' => false
        has(claims.act) && has(claims.act.gone) && claims.act.gone == 'x' => false
        (has(claims.act) && has(claims.act.sub) && claims.act.sub == 'bot') && has(claims.act.chain) => true
        "#,
        told,
    );
}
