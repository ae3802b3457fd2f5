//! What must stand in a text for an expression to hold.

use super::compile;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn needs(text: &str) -> Vec<(String, bool)> {
    let program = compile(text).unwrap();
    let needs = program.needs();
    needs
        .map(|need| (need.text.to_owned(), need.is_whole))
        .collect()
}

#[test]
fn what_an_expression_needs_is_told() {
    for (text, needed, is_whole) in [
        ("request.path == '/a'", "/a", true),
        ("'/a' == request.path", "/a", true),
        ("hidden == 'x'", "x", true),
        ("request.path.startsWith('/a')", "/a", false),
        ("request.path.matches('^/a/[0-9]')", "/a/", false),
        ("flag && request.path == '/a'", "/a", true),
    ] {
        assert_eq!(needs(text), [(needed.to_owned(), is_whole)], "{text}");
    }
    let both = needs("request.path.startsWith('/a') && request.method == 'PUT'");
    assert_eq!(both, [("/a".to_owned(), false), ("PUT".to_owned(), true)]);
}

#[test]
fn what_could_hold_without_is_no_need() {
    for text in [
        "request.path != '/a'",
        "!(request.path == '/a')",
        "request.path == '/a' || flag",
        "request.path.endsWith('/a')",
        "request.path.lowerAscii() == '/a'",
        "request.path.matches('/a')",
        "request.path.matches('(?i)^/a')",
        "request.path.matches('^/a\\\\s')",
        "flag ? request.path == '/a' : true",
        "request.path.startsWith(request.method)",
    ] {
        assert_eq!(needs(text), [], "{text}");
    }
}
