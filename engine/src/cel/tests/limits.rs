//! Hostile texts and long lists: refused or stopped, never slow and never too deep.

use super::{Call, ROOTS, compile, told};
use crate::cel::{Environment, Facts, Fault, Items, Type, Val, Vars};
use crate::limits;
use crate::value::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A text for every way of nesting, as deep as asked.
fn nested(depth: usize) -> Vec<String> {
    let around =
        |open: &str, close: &str| [&open.repeat(depth), "flag", &close.repeat(depth)].concat();
    let chain = |part: &str, end: &str| [&part.repeat(depth), end].concat();
    vec![
        around("(", ")"),
        around("[", "]"),
        around("!(", ")"),
        around("dyn(", ")"),
        around("{'a':", "}"),
        around("[1].exists(x, ", ")"),
        around("(flag && ", ")"),
        around("(flag ? flag : ", ")"),
        chain("1 + ", "1 == 1"),
        chain("1 - -", "1 == 1"),
        chain("-", "1 == 1"),
        chain("!-", "1 == 1"),
        chain("flag ? flag : ", "flag"),
        chain("flag ? ", "flag"),
        chain("claims.a.", "b == 1"),
        chain("claims[", "1"),
        chain("flag == ", "flag"),
        format!("claims{}", ".a".repeat(depth)),
        format!("claims{}", "[0]".repeat(depth)),
        format!("request.path{}", ".trim()".repeat(depth)),
        format!("request{}", ".f(".repeat(depth)),
        "(".repeat(depth),
        "[".repeat(depth),
        "((a?b:".repeat(depth),
        "a?(b?".repeat(depth),
        ")".repeat(depth),
    ]
}

#[test]
fn whatever_nests_is_refused_before_it_is_parsed() {
    for depth in [limits::EXPRESSION_DEPTH + 2, 1_000, 8_000] {
        for text in nested(depth) {
            let problems = compile(&text).err();
            let start: String = text.chars().take(20).collect();
            assert!(problems.is_some(), "{start}");
        }
    }
}

/// Runs in wasm too, where the stack is small.
#[test]
fn what_nests_as_deep_as_it_may_is_worked_through() {
    for depth in 1..limits::EXPRESSION_DEPTH {
        for text in nested(depth) {
            if let Ok(program) = compile(&text) {
                let _ = program.evaluate(&Call::full());
            }
        }
    }
    let deep = limits::EXPRESSION_DEPTH - 3;
    let text = [
        "(flag && ".repeat(deep / 2),
        "flag".to_owned(),
        ")".repeat(deep / 2),
    ]
    .concat();
    assert_eq!(told(&text), "true");
}

#[test]
fn long_chains_of_logic_are_flat() {
    let many = vec!["request.method == 'DELETE'"; 300].join(" && ");
    assert_eq!(told(&many), "true");
    let many = vec!["request.method == 'GET'"; 300].join(" || ");
    assert_eq!(told(&many), "false");
}

#[test]
fn size_cost_and_loops_are_bounded() {
    let long = format!("request.path == '{}'", "a".repeat(limits::EXPRESSION_BYTES));
    assert_eq!(told(&long), "too_large@0");
    let three = "actions.exists(a, actions.exists(b, actions.exists(c, flag)))";
    assert_eq!(told(three), "cost@44");
    let body = vec!["a.effect == b.effect"; 20].join(" && ");
    let costly = format!("actions.exists(a, actions.exists(b, {body}))");
    assert_eq!(told(&costly), "cost@8");
    assert!(
        compile("actions.exists(a, a.effect == 'read')")
            .unwrap()
            .cost()
            > 64
    );
}

#[test]
fn expressions_that_double_are_stopped() {
    let mut vars = Vars::new();
    let mut text = "flag".to_owned();
    let mut levels = 0;
    for level in 0..64 {
        let environment = Environment {
            roots: ROOTS,
            declared: &[],
            lists: &[],
            vars: &vars,
        };
        let Ok(program) = crate::cel::compile(&text, &environment, Type::Bool) else {
            break;
        };
        let name = format!("v{level}");
        vars.add(name.clone(), program);
        text = format!("(vars.{name} || flag) == (flag || vars.{name})");
        levels = level;
    }
    assert!(levels < 13, "{levels}");
}

struct Many;

impl Items for Many {
    fn len(&self) -> usize {
        10_000
    }

    fn item(&self, _: usize) -> Val<'_> {
        Val::Text("x")
    }
}

struct Long;

impl Facts for Long {
    fn root(&self, _: usize) -> Val<'_> {
        Val::List(&Many)
    }
}

#[test]
fn long_lists_in_loops_are_given_up() {
    let program = compile("half.exists(x, half.exists(y, x != y))").unwrap();
    assert_eq!(program.evaluate(&Long), Err(Fault::TooMuch));
    let program = compile("half.exists(x, x != 'x')").unwrap();
    assert_eq!(program.evaluate(&Long), Ok(false));
}

/// What is passed over at once costs what it would one by one.
#[test]
fn members_that_are_passed_over_are_steps_too() {
    for inner in [
        "half.exists(y, y != 'x')",
        "!half.all(y, y == 'x')",
        "half.exists(y, y == 'a' && flag)",
    ] {
        let program = compile(&format!("half.exists(x, x == 'b' || {inner})")).unwrap();
        assert_eq!(program.evaluate(&Long), Err(Fault::TooMuch), "{inner}");
    }
    let program = compile("half.exists(x, x == 'a' && half.exists(y, x != y))").unwrap();
    assert_eq!(program.evaluate(&Long), Ok(false));
}

struct Large(Value<'static>);

impl Facts for Large {
    fn root(&self, _: usize) -> Val<'_> {
        Val::Dyn(&self.0)
    }
}

#[test]
fn looking_up_in_a_large_object_costs_its_size() {
    let members = |many: usize| {
        let member = |number: usize| (format!("k{number}").into(), Value::Number(1.0));
        let object = Value::Object((0..many).map(member).collect());
        let twice = ["a", "b"].map(|name| (name.into(), object.clone()));
        Large(Value::Object(twice.into()))
    };
    let program = compile("has(claims.a) && has(claims.b) && claims.a == claims.b").unwrap();
    assert_eq!(program.evaluate(&members(500)), Ok(true));
    assert_eq!(program.evaluate(&members(5000)), Err(Fault::TooMuch));
}

#[test]
fn measuring_a_long_text_costs_its_length() {
    let text = Value::from("x".repeat(640_000));
    let list = Value::List(vec![Value::Null; 100]);
    let both = Value::Object(vec![("t".into(), text), ("l".into(), list)]);
    let program =
        compile("has(claims.t) && has(claims.l) && claims.l.all(x, size(claims.t) > 3)").unwrap();
    assert_eq!(program.evaluate(&Large(both)), Err(Fault::TooMuch));
}
