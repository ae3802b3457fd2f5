//! The simple tests of the CEL specification: whatever is accepted must give CEL's own answer.
//!
//! The cases are not part of this repository. Their folder is named by `LICTOR_CEL_SPEC`, and
//! holds `simple-tests.jsonl`: one case a line, in the JSON names of `cel.expr.conformance`.
//! An excerpt written anew always runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lictor_engine::cel::{
    Entries, Environment, Facts, Fault, Field, Items, Problem, Program, Type, Val, Vars, compile,
};
use serde_json::Value as Json;

#[test]
fn the_excerpt_gives_what_cel_says() {
    let excerpt = include_str!("cel/excerpt.txt");
    let lines = excerpt.lines().map(str::trim);
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let (text, expected) = line.rsplit_once(" => ").unwrap();
        let found = evaluated(text);
        let is_right = match (expected, &found) {
            ("error", Err(_)) => true,
            (expected, Ok(())) => is_equal(text, expected),
            _ => false,
        };
        count += 1;
        if !is_right {
            wrong.push(format!("{text} => {expected}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 150, "{count}");
}

/// Whether an expression has a value, or why it has none.
fn evaluated(text: &str) -> Result<(), String> {
    let program = compiled(text, &[]).map_err(|problems| format!("{problems:?}"))?;
    let facts = Bindings(Vec::new());
    let value = program.value(&facts);
    value.map(|_| ()).map_err(|fault| fault.name().to_owned())
}

fn is_equal(text: &str, expected: &str) -> bool {
    let facts = Bindings(Vec::new());
    let (Ok(one), Ok(two)) = (compiled(text, &[]), compiled(expected, &[])) else {
        return false;
    };
    match (one.value(&facts), two.value(&facts)) {
        (Ok(one), Ok(two)) => same(one, two),
        _ => false,
    }
}

fn compiled(text: &str, roots: &[Field]) -> Result<Program, Vec<Problem>> {
    let vars = Vars::new();
    let environment = Environment {
        roots: Box::leak(
            roots
                .iter()
                .map(copied)
                .collect::<Vec<_>>()
                .into_boxed_slice(),
        ),
        declared: &[],
        lists: &[],
        vars: &vars,
    };
    compile(text, &environment, Type::Dyn)
}

fn copied(field: &Field) -> Field {
    Field { ..*field }
}

/// Whether two values are the same, type and all.
fn same(one: Val<'_>, two: Val<'_>) -> bool {
    match (one, two) {
        (Val::Null, Val::Null) => true,
        (Val::Bool(one), Val::Bool(two)) => one == two,
        (Val::Int(one), Val::Int(two)) => one == two,
        (Val::Uint(one), Val::Uint(two)) => one == two,
        (Val::Double(one), Val::Double(two)) => {
            // The reader of the cases is not exact to the last bit.
            let is_near = (one - two).abs() <= two.abs() * f64::EPSILON;
            one == two || is_near || (one.is_nan() && two.is_nan())
        }
        (Val::Bytes(one), Val::Bytes(two)) => one == two,
        (Val::List(one), Val::List(two)) => {
            let mut pairs = (0..one.len()).map(|place| (one.item(place), two.item(place)));
            one.len() == two.len() && pairs.all(|(one, two)| same(one, two))
        }
        (Val::Map(one), Val::Map(two)) => {
            let keys: Vec<_> = (0..one.len()).filter_map(|place| one.key(place)).collect();
            let mut pairs = keys.iter().map(|key| (one.value(key), two.value(key)));
            one.len() == two.len() && pairs.all(|(one, two)| same(one, two))
        }
        (Val::Timestamp { seconds, nanos }, two) => {
            matches!(two, Val::Timestamp { seconds: s, nanos: n } if s == seconds && n == nanos)
        }
        (Val::Duration { seconds, nanos }, two) => {
            matches!(two, Val::Duration { seconds: s, nanos: n } if s == seconds && n == nanos)
        }
        _ => match (shown(one), shown(two)) {
            (Some(one), Some(two)) => one == two,
            _ => false,
        },
    }
}

fn shown(value: Val<'_>) -> Option<String> {
    Some(match value {
        Val::Text(text) => text.to_owned(),
        Val::Upper(text) => text.to_ascii_uppercase(),
        Val::Lower(text) => text.to_ascii_lowercase(),
        Val::Ip(address) => address.to_string(),
        Val::Cidr(address, bits) => format!("{address}/{bits}"),
        _ => return None,
    })
}

/// A value of a case.
enum Bound {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    Timestamp(i64, u32),
    Duration(i64, i32),
    List(Vec<Bound>),
    Map(Vec<(String, Bound)>),
}

struct Bindings(Vec<Bound>);

impl Facts for Bindings {
    fn root(&self, index: usize) -> Val<'_> {
        self.0.get(index).map_or(Val::Missing, Bound::val)
    }
}

impl Items for Bound {
    fn len(&self) -> usize {
        match self {
            Self::List(members) => members.len(),
            _ => 0,
        }
    }

    fn item(&self, index: usize) -> Val<'_> {
        match self {
            Self::List(members) => members.get(index).map_or(Val::Missing, Self::val),
            _ => Val::Missing,
        }
    }
}

impl Entries for Bound {
    fn len(&self) -> usize {
        match self {
            Self::Map(pairs) => pairs.len(),
            _ => 0,
        }
    }

    fn key(&self, index: usize) -> Option<&str> {
        match self {
            Self::Map(pairs) => pairs.get(index).map(|(key, _)| key.as_str()),
            _ => None,
        }
    }

    fn value(&self, key: &str) -> Val<'_> {
        match self {
            Self::Map(pairs) => {
                let found = pairs.iter().find(|(name, _)| name == key);
                found.map_or(Val::Missing, |(_, value)| value.val())
            }
            _ => Val::Missing,
        }
    }
}

impl Bound {
    /// Reads a value as cases write it; `None` where it is of no type that we have.
    fn read(json: &Json) -> Option<Self> {
        let (kind, value) = json.as_object()?.iter().next()?;
        Some(match kind.as_str() {
            "null_value" => Self::Null,
            "bool_value" => Self::Bool(value.as_bool()?),
            "int64_value" => Self::Int(value.as_str()?.parse().ok()?),
            "uint64_value" => Self::Uint(value.as_str()?.parse().ok()?),
            "double_value" => match value.as_str() {
                Some(text) => Self::Double(text.parse().ok()?),
                None => Self::Double(value.as_f64()?),
            },
            "string_value" => Self::Text(value.as_str()?.to_owned()),
            "bytes_value" => Self::Bytes(base64(value.as_str()?)),
            "list_value" => {
                let members = value.get("values").and_then(Json::as_array);
                let members = members.map_or(&[][..], Vec::as_slice).iter();
                Self::List(members.map(Self::read).collect::<Option<_>>()?)
            }
            "map_value" => Self::Map(entries(value)?),
            "object_value" => Self::object(value)?,
            _ => return None,
        })
    }

    fn object(value: &Json) -> Option<Self> {
        let kind = value.get("@type")?.as_str()?.rsplit('.').next()?;
        let text = value.get("value")?.as_str()?;
        let call = match kind {
            "Timestamp" => format!("timestamp('{text}')"),
            "Duration" => format!("duration('{text}')"),
            _ => return None,
        };
        let program = compiled(&call, &[]).ok()?;
        match program.value(&Bindings(Vec::new())).ok()? {
            Val::Timestamp { seconds, nanos } => Some(Self::Timestamp(seconds, nanos)),
            Val::Duration { seconds, nanos } => Some(Self::Duration(seconds, nanos)),
            _ => None,
        }
    }

    fn val(&self) -> Val<'_> {
        match self {
            Self::Null => Val::Null,
            Self::Bool(value) => Val::Bool(*value),
            Self::Int(value) => Val::Int(*value),
            Self::Uint(value) => Val::Uint(*value),
            Self::Double(value) => Val::Double(*value),
            Self::Text(text) => Val::Text(text),
            Self::Bytes(bytes) => Val::Bytes(bytes),
            Self::Timestamp(seconds, nanos) => Val::Timestamp {
                seconds: *seconds,
                nanos: *nanos,
            },
            Self::Duration(seconds, nanos) => Val::Duration {
                seconds: *seconds,
                nanos: *nanos,
            },
            Self::List(_) => Val::List(self),
            Self::Map(_) => Val::Map(self),
        }
    }

    fn kind(&self) -> Type {
        match self {
            Self::Null => Type::Dyn,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Uint(_) => Type::Uint,
            Self::Double(_) => Type::Double,
            Self::Text(_) => Type::Text,
            Self::Bytes(_) => Type::Bytes,
            Self::Timestamp(..) => Type::Timestamp,
            Self::Duration(..) => Type::Duration,
            Self::List(_) => Type::List(&Type::Dyn),
            Self::Map(_) => Type::Map(&Type::Dyn),
        }
    }
}

fn entries(value: &Json) -> Option<Vec<(String, Bound)>> {
    let entries = value.get("entries").and_then(Json::as_array);
    let entries = entries.map_or(&[][..], Vec::as_slice).iter();
    let pairs = entries.map(|entry| match Bound::read(entry.get("key")?)? {
        Bound::Text(key) => Some((key, Bound::read(entry.get("value")?)?)),
        _ => None,
    });
    pairs.collect()
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let place = LETTERS.iter().position(|other| *other == letter).unwrap();
        bits = (bits << 6) | u32::try_from(place).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    bytes
}

/// What became of a case.
enum Outcome {
    Right,
    RightlyFails,
    /// Refused at load where CEL fails too.
    RefusedAsCel,
    Refused(String),
    Wrong(String),
}

/// Cases whose bytes hold a backslash that their expression does not; the same cases for
/// strings do not.
const MISTAKEN: [&str; 2] = [
    "triple_single_quoted_unescaped_punctuation",
    "triple_double_quoted_unescaped_punctuation",
];

fn outcome(case: &Json) -> Outcome {
    let text = case["expr"].as_str().unwrap();
    if MISTAKEN.contains(&case["name"].as_str().unwrap()) && case["section"] == "bytes_literals" {
        return Outcome::Refused("cases that contradict themselves".to_owned());
    }
    let mut roots = Vec::new();
    let mut facts = Vec::new();
    for (name, binding) in case["bindings"].as_object().into_iter().flatten() {
        if name.contains('.') {
            return Outcome::Refused("types as values, containers".to_owned());
        }
        let Some(bound) = Bound::read(&binding["value"]) else {
            return Outcome::Refused("messages and enums of protobuf".to_owned());
        };
        roots.push(Field {
            name: Box::leak(name.clone().into_boxed_str()),
            kind: bound.kind(),
            is_optional: false,
            words: &[],
            about: "",
        });
        facts.push(bound);
    }
    let fails = case.get("eval_error").is_some();
    let program = match compiled(text, &roots) {
        Ok(program) => program,
        Err(_) if fails => return Outcome::RefusedAsCel,
        Err(problems) => return Outcome::Refused(reason(case, &problems)),
    };
    let facts = Bindings(facts);
    let found = program.value(&facts);
    if fails {
        return match found {
            Err(Fault::Unknown | Fault::TooMuch) | Ok(_) => {
                Outcome::Wrong("does not fail".to_owned())
            }
            Err(_) => Outcome::RightlyFails,
        };
    }
    if case.get("check_only").is_some() {
        return Outcome::Right;
    }
    let expected = case
        .get("value")
        .or_else(|| case["typed_result"].get("result"));
    let expected = expected.map_or(Some(Bound::Bool(true)), Bound::read);
    match (found, expected) {
        (Ok(found), Some(expected)) if same(found, expected.val()) => Outcome::Right,
        (Ok(_), _) => Outcome::Wrong("another value".to_owned()),
        (Err(fault), _) => Outcome::Wrong(fault.name().to_owned()),
    }
}

/// Why a case is not part of the subset, in words that the manual uses.
fn reason(case: &Json, problems: &[Problem]) -> String {
    let file = case["file"].as_str().unwrap();
    let text = case["expr"].as_str().unwrap();
    let has = |part: &str| text.contains(part);
    let said = |part: &str| {
        problems
            .iter()
            .any(|problem| problem.message.contains(part))
    };
    let is = |code: &str| problems.iter().any(|problem| problem.code == code);
    let is_of = |files: &[&str]| files.contains(&file);
    let reason = if is_of(&["proto2", "proto3", "proto2_ext", "enums", "wrappers"])
        || said("messages can't be made")
        || has("google.protobuf")
        || has("TestAllTypes")
    {
        "messages and enums of protobuf"
    } else if is_of(&["optionals"]) || is("expression.syntax") && has("?") {
        "optional values (`a.?b`)"
    } else if is_of(&[
        "math_ext",
        "encoders_ext",
        "block_ext",
        "bindings_ext",
        "macros2",
    ]) {
        "extensions for mathematics, encodings, blocks, bindings and loops over two variables"
    } else if has("type(")
        || case["section"] == "type"
        || is_of(&["namespace"])
        || case.get("container").is_some()
    {
        "types as values, containers"
    } else if said("can't be made")
        || said("make lists")
        || has(".format(")
        || is_of(&["string_ext"])
    {
        "functions that make texts or lists"
    } else if said("as keys of a map") {
        "maps whose keys are not texts"
    } else if said("what needs no facts") {
        "lists and maps that are not constant"
    } else if is("expression.unguarded") {
        "reading what can be absent without a guard"
    } else if said("open values") || said("written down") || has("string(") {
        "`string()` of numbers and open values"
    } else if said("fixed zone") {
        "time zones by name"
    } else if is("expression.type") {
        "what a type checker refuses"
    } else if is("expression.fails") || is("expression.invalid") {
        "what fails beside something that absorbs it"
    } else {
        "names and functions that only the case declares"
    };
    reason.to_owned()
}

#[test]
fn what_is_accepted_of_the_simple_tests_gives_what_cel_says() {
    let Some(folder) = std::env::var_os("LICTOR_CEL_SPEC") else {
        println!("skipped: LICTOR_CEL_SPEC names no folder with simple-tests.jsonl");
        return;
    };
    let cases = fs::read_to_string(Path::new(&folder).join("simple-tests.jsonl")).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let what = match outcome(&case) {
            Outcome::Right => "accepted: CEL's value".to_owned(),
            Outcome::RightlyFails => "accepted: fails as in CEL".to_owned(),
            Outcome::RefusedAsCel => "refused at load, fails in CEL".to_owned(),
            Outcome::Refused(reason) => {
                if reason == std::env::var("LICTOR_CEL_SHOW").unwrap_or_default() {
                    println!("{}", case["expr"]);
                }
                format!("refused: {reason}")
            }
            Outcome::Wrong(why) => {
                wrong.push(format!("{} ({why})", case["expr"]));
                "wrong".to_owned()
            }
        };
        *counts.entry(what).or_default() += 1;
    }
    for (what, count) in &counts {
        println!("{count:5} {what}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
