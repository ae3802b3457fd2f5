//! Mistakes: each is told with its code and its place, all at once.

use super::{assert_told, compile, told, with_environment};
use crate::cel::Type;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn mistakes_are_told_with_their_place() {
    assert_told(
        r#"
        requst.method == 'GET' => unknown_field@0
        request.metod == 'GET' => unknown_field@8
        principal.for.subject == 'x' && pricipal.kind == 'agent' => unguarded@10 unknown_field@32
        has(request.nothing) => unknown_field@0
        request.bytes == '8' => type@14
        request.bytes < '8' => type@14
        request.bytes == 8.0 => type@14
        request.bytes + 1u > 0u => type@14
        request.method == null => type@15
        request.method && flag => type@8
        flag && request.method.size() => type@23
        request == request => type@8
        principal.for => unguarded@10
        1 in principal.groups => type@2
        request.bytes.size() == 1 => type@14
        request.path.startsWith(1) => type@13
        request.path.startsWit('a') => unknown_function@13
        startsWith(request.path, 'a') => unknown_function@0
        request.path.split('/')[0] == 'a' => unsupported@13
        principal.groups.map(g, g.size()).exists(s, s > 1) => unsupported@17
        principal.groups.filter(g, flag) == [] => unsupported@17
        request.path + 'a' < 'b' => unsupported@19
        size(request.path + 'a') == 1 => unsupported@0
        [request.path] == ['a'] => unsupported@9
        lists.nobody == [] => unknown_field@6
        vars.nothing => unknown_field@5
        lists == 1 => unknown_field@0
        principal.kind == 'robot' => word@18
        'robot' != principal.kind => word@0
        principal.kind in ['agent', 'robot'] => word@18
        actions.exists(a, a.effect == 'dorp') => word@30
        vars.whom.kind == 'robot' => word@18
        request.path.matches('a**') => pattern@21
        request.path.matches(request.method) => pattern@29
        request.path.matches('[') => pattern@21
        timestamp('yesterday') < now => invalid@0
        cidr('10.0.0.0/99').containsIP(request.path) => invalid@0
        semver('1').major() == 1 => invalid@0
        1 / 0 == 1 => fails@2
        request.bytes == 1 / 0 => fails@19
        flag && 1 / 0 == 1 => fails@10
        {'a': 1, 'a': 2} == {} => fails@0
        now.getHours('Europe/Berlin') == 1 => unsupported@4
        now.getHours(request.method) == 1 => unsupported@4
        has(claims.half) && claims.half.getHours('Europe/Berlin') == 1 => unsupported@32
        request.path.lowerAscii().matches('a') => unsupported@26
        int(request.path.lowerAscii()) == 1 => unsupported@0
        has(claims.half) && claims.half + 1 > 1 => type@32
        request.method == => syntax@17
        request.method = 'GET' => syntax@15
        for.x == 1 => syntax@0
        request.bytes => type@8
        {1: 2} == {} => unsupported@1
        a.?b => syntax@1
        Message{x: 1} == 1 => unsupported@0
        'é' == request.metod => unknown_field@15
        request.headers.x.y == 1 => unguarded@16
        "#,
        told,
    );
}

#[test]
fn names_that_come_near_are_told() {
    for (text, near) in [
        ("requst.method == 'GET'", "`request`"),
        ("request.metod == 'GET'", "`method`"),
        ("principal.kind == 'agnt'", "`agent`"),
        ("request.path.startWith('a')", "`startsWith`"),
        ("principal.subject in lists.admin", "`lists.admins`"),
        ("vars.is_agnt", "`vars.is_agent`"),
        (
            "principal.kind == 'completely-else'",
            "human, agent, service",
        ),
    ] {
        let problems = compile(text).err().unwrap();
        assert!(
            problems[0].message.contains(near),
            "{}",
            problems[0].message
        );
    }
}

#[test]
fn what_is_the_same_for_all_facts_is_known() {
    let constant = |text: &str| compile(text).unwrap().constant();
    assert_eq!(constant("1 + 1 == 2"), Some(true));
    assert_eq!(constant("flag || true"), Some(true));
    assert_eq!(constant("flag && 'a' in ['b']"), Some(false));
    assert_eq!(constant("vars.yes"), Some(true));
    assert_eq!(constant("flag || vars.yes"), Some(true));
    assert_eq!(constant("[1, 2].all(x, x > 0)"), Some(true));
    assert_eq!(constant("[1, 2].all(x, x > request.bytes)"), None);
    assert_eq!(constant("flag"), None);
    assert_eq!(constant("true ? flag : false"), None);
}

#[test]
fn facts_that_are_read_are_told() {
    let reads = |text: &str| {
        compile(text)
            .unwrap()
            .reads()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(reads("request.method == 'GET'"), ["request.method"]);
    assert_eq!(
        reads("has(claims.act) && has(claims.act.sub) && claims.act.sub == 'x'"),
        ["claims.act", "claims.act.sub"]
    );
    assert_eq!(
        reads("actions.exists(a, a.effect == 'read')"),
        ["actions", "actions.effect"]
    );
    assert_eq!(reads("vars.is_agent && flag"), ["flag", "principal.kind"]);
}

#[test]
fn operands_are_traced_with_their_place() {
    let text = "flag && !(request.bytes > -1) || has(principal.for) && (request.path.startsWith('/x') || hidden == 'x')";
    let program = compile(text).unwrap();
    let mut trace = Vec::new();
    program.trace(&super::Call::full(), &mut trace);
    let told: Vec<String> = trace
        .into_iter()
        .map(|(place, answer)| {
            let answer =
                answer.map_or_else(|fault| fault.name().to_owned(), |answer| answer.to_string());
            format!("{} => {answer}", text.get(place).unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "flag => true",
            "request.bytes > -1 => true",
            "!(request.bytes > -1) => false",
            "flag && !(request.bytes > -1) => false",
            "has(principal.for) => true",
            "request.path.startsWith('/x') => false",
            "hidden == 'x' => unknown",
            "request.path.startsWith('/x') || hidden == 'x' => unknown",
            "has(principal.for) && (request.path.startsWith('/x') || hidden == 'x') => unknown",
        ]
    );
}

#[test]
fn other_results_than_truth_can_be_asked_for() {
    let is_accepted = |text: &str, kind: Type| {
        with_environment(|environment| crate::cel::compile(text, environment, kind).is_ok())
    };
    assert!(is_accepted("request.path", Type::Text));
    assert!(is_accepted("principal.groups", Type::List(&Type::Text)));
    assert!(is_accepted("request.path", Type::Dyn));
    assert!(!is_accepted("request.path", Type::Int));
}
