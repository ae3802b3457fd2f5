//! What is a document that can be executed, and what is none.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn fault(text: &str) -> Option<Fault> {
    parse(text).err()
}

/// The value of the argument `a` of the first field.
fn value(text: &str) -> Option<String> {
    let text = format!("{{f(a:{text})}}");
    let document = parse(&text).ok()?;
    let Selection::Field(field) = &document.operations[0].selections[0] else {
        return None;
    };
    Some(match &field.arguments[0].1 {
        Literal::Text(text) => text.clone().into_owned(),
        Literal::Number(number) => number.to_string(),
        Literal::Word(word) => (*word).to_owned(),
        other => format!("{other:?}"),
    })
}

#[test]
fn reads_what_the_specification_shows() {
    for text in [
        "{a}",
        "query{a}",
        "query Q($a:[Int!]! = [1,2] @d, $b: T){a:b(c:$a, d:{e:$b}) @skip(if:$b) {f}}",
        "mutation{a}subscription S{a}fragment F on T @d(x:1){a ...F ... on T{b} ... @d{c} ...{d}}"
            .trim_start_matches("mutation{a}"),
        "# a comment\r\n,,{a,b\tc}",
        "{on fragment:query null}",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
}

#[test]
fn refuses_what_is_none() {
    for text in [
        "",
        "   # nothing",
        "{}",
        "{a",
        "{a}}",
        "{a()}",
        "{a(b)}",
        "{a(b:)}",
        "query($a:Int=$b){a}",
        "query(){a}",
        "type T{a:Int}",
        "fragment on on T{a}",
        "fragment F on T{a}",
        "{a(b:1.)}",
        "{a(b:01)}",
        "{a(b:1a)}",
        "{a(b:.5)}",
        "{a(b:1.e3)}",
        "{a(b:1e999)}",
        "{a(b:\"x)}",
        "{a(b:\"x\n\")}",
        "{a(b:\"\\x\")}",
        "{a(b:\"\\ud800\")}",
        "{a(b:\"\\u{41}\")}",
        "{a(b:\"\\u+041\")}",
        "{a(b:\"\"\"x)}",
        "\u{feff}{a}",
        "{é}",
        "{a}\u{a0}",
        "{a . .. b}",
        "{a}\0",
    ] {
        assert_eq!(fault(text), Some(Fault::Syntax), "{text}");
    }
}

#[test]
fn refuses_one_name_for_two_things() {
    for text in [
        "{a(b:1,b:2)}",
        "{a(b:{c:1,c:2})}",
        "query($a:Int,$a:Int){a}",
        "query A{a} query A{b}",
        "{a} query A{b}",
        "{a} {b}",
        "{...F} fragment F on T{a} fragment F on T{b}",
    ] {
        assert_eq!(fault(text), Some(Fault::Repeated), "{text}");
    }
}

#[test]
fn is_bounded_in_depth_and_in_tokens() {
    let nested = |depth: usize| format!("{}a{}", "{a".repeat(depth), "}".repeat(depth));
    assert_eq!(fault(&nested(limits::GRAPHQL_DEPTH)), None);
    assert_eq!(fault(&nested(100_000)), Some(Fault::TooDeep));
    let lists = format!("{{a(b:{})}}", "[".repeat(100_000));
    assert_eq!(fault(&lists), Some(Fault::TooDeep));
    let kinds = format!("query($a:{}", "[".repeat(100_000));
    assert_eq!(fault(&kinds), Some(Fault::TooDeep));
    let many = format!("{{{}}}", "a ".repeat(limits::GRAPHQL_TOKENS));
    assert_eq!(fault(&many), Some(Fault::TooLong));
}

#[test]
fn strings_are_what_they_stand_for() {
    for (text, expected) in [
        (r#""""#, ""),
        (r#""a\n\"A\\\/""#, "a\n\"A\\/"),
        (r#""\ud83d\ude00é""#, "\u{1f600}é"),
        ("\"\"\"\n    a\n      b\n\n  \"\"\"", "a\n  b"),
        (r#""""x \""" y""""#, "x \"\"\" y"),
        (r#""""\n""""#, "\\n"),
        ("-0.5e+1", "-5"),
        ("DESC", "DESC"),
    ] {
        assert_eq!(value(text).as_deref(), Some(expected), "{text}");
    }
}
