//! What can't be told never becomes an answer that depends on it.

use super::{Fault, assert_told, fault_of, told};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_list_that_may_go_on_says_only_what_it_shows() {
    assert_told(
        r#"
        half.exists(x, x == 'a') => true
        half.exists(x, x == 'z') => unknown
        half.all(x, x == 'a') => false
        half.all(x, x != 'z') => unknown
        half.exists_one(x, x == 'a') => unknown
        'a' in half => true
        'z' in half => unknown
        size(half) == 2 => unknown
        size(half.filter(x, x == 'a')) == 1 => unknown
        half[0] == 'a' => true
        half[7] == 'a' => unknown
        half == ['a', 'b'] => unknown
        half == ['x', 'b'] => false
        half == principal.groups => false
        "#,
        told,
    );
}

#[test]
fn a_hidden_fact_makes_every_strict_operation_unknown() {
    for text in [
        "hidden == 'x'",
        "hidden != 'x'",
        "hidden < 'x'",
        "hidden in ['x']",
        "hidden in principal.groups",
        "hidden in lists.tables",
        "hidden.startsWith('x')",
        "hidden.matches('x')",
        "hidden.lowerAscii() == 'x'",
        "size(hidden) == 1",
        "!(hidden == 'x')",
        "request.path == '/' + hidden",
        "principal.groups.exists(g, g == hidden)",
        "[1, 2].exists(x, hidden == 'x')",
        "isIP(hidden)",
        "(hidden == 'x') == true",
    ] {
        assert_eq!(fault_of(text), Some(Fault::Unknown), "{text}");
    }
}
