//! Expressions of a policy, compiled and held against facts of every kind.
//!
//! Claims: no input panics, recurses too deep or takes long; mistakes lie within the text; what
//! is always the same is the same; what is answered without a fact is answered alike whatever
//! the facts; nothing that is absent is read.

use std::time::{Duration, Instant};

use lictor_engine::cel::{
    Environment, Facts, Fault, Field, Fields, Items, NamedList, Program, Record, Type, Val, Vars,
    compile,
};
use lictor_engine::value::Value;

/// What an optimised build on an idle machine must keep, and how much more is allowed here.
const LIMIT: Duration = Duration::from_millis(10);
const PATIENCE: u32 = if cfg!(debug_assertions) { 80 } else { 10 };

const fn field(name: &'static str, kind: Type, is_optional: bool) -> Field {
    Field {
        name,
        kind,
        is_optional,
        words: &[],
        about: "",
    }
}

static WHOM: Record = Record {
    name: "whom",
    fields: &[
        field("subject", Type::Text, true),
        field("level", Type::Int, false),
    ],
};

static ROOTS: &[Field] = &[
    field("claims", Type::Dyn, false),
    field("principal", Type::Record(&PRINCIPAL), false),
    field("path", Type::Text, false),
    field("bytes", Type::Int, false),
    field("groups", Type::List(&Type::Text), false),
    field("now", Type::Timestamp, false),
    field("secure", Type::Bool, false),
];

static PRINCIPAL: Record = Record {
    name: "principal",
    fields: &[
        field("subject", Type::Text, false),
        field("for", Type::Record(&WHOM), true),
    ],
};

/// Facts of a call.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    /// Everything is there.
    Full,
    /// What can be absent is.
    Bare,
    /// Nothing can be told.
    Hidden,
}

struct Call {
    case: Case,
    claims: Value<'static>,
}

impl Call {
    fn new(case: Case) -> Self {
        let member = |name: &'static str, value| (name.into(), value);
        let claims = match case {
            Case::Full => vec![
                member("a", Value::from("b")),
                member("n", Value::Number(3.0)),
                member("roles", Value::texts(["dev", "ops"])),
                member(
                    "act",
                    Value::Object(vec![member("sub", Value::from("bot"))]),
                ),
                member("none", Value::Null),
            ],
            _ => Vec::new(),
        };
        let claims = Value::Object(claims);
        Self { case, claims }
    }
}

impl Facts for Call {
    fn root(&self, index: usize) -> Val<'_> {
        if self.case == Case::Hidden {
            return Val::Unknown;
        }
        match index {
            0 => Val::Dyn(&self.claims),
            1 => Val::Record(self),
            2 => Val::Text("/v1/users/alice"),
            3 => Val::Int(1500),
            4 => Val::List(self),
            5 => Val::Timestamp {
                seconds: 1_764_000_030,
                nanos: 5,
            },
            _ => Val::Bool(self.case == Case::Full),
        }
    }
}

impl Fields for Call {
    fn field(&self, index: usize) -> Val<'_> {
        match (index, self.case) {
            (0, _) => Val::Text("alice"),
            (_, Case::Full) => Val::Record(&Whom),
            _ => Val::Missing,
        }
    }
}

impl Items for Call {
    fn len(&self) -> usize {
        if self.case == Case::Full { 3 } else { 0 }
    }

    fn item(&self, index: usize) -> Val<'_> {
        Val::Text(["dev", "ops", ""].get(index).copied().unwrap_or_default())
    }
}

struct Whom;

impl Fields for Whom {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Missing,
            _ => Val::Int(7),
        }
    }
}

/// The first byte chooses the type that is asked for; `;;` splits into a `vars.x` and what
/// may name it.
///
/// # Panics
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let (before, text) = text.split_once(";;").unwrap_or(("true", &text));
    let kinds = [Type::Bool, Type::Dyn, Type::Text, Type::List(&Type::Text)];
    let kind = kinds[usize::from(*first) % kinds.len()];
    let declared = [(vec!["claims".to_owned(), "n".to_owned()], Type::Int)];
    let lists = [(
        "admins".to_owned(),
        NamedList::from(vec!["alice".to_owned()]),
    )];
    let around = |vars: &Vars, text: &str, kind: Type| {
        let environment = Environment {
            roots: ROOTS,
            declared: &declared,
            lists: &lists,
            vars,
        };
        compiled(text, &environment, kind)
    };
    let mut vars = Vars::new();
    if let Some(program) = around(&vars, before, Type::Dyn) {
        vars.add("x", program);
    }
    if let Some(program) = around(&vars, text, kind) {
        answered(text, &program);
    }
}

fn compiled(text: &str, environment: &Environment<'_>, kind: Type) -> Option<Program> {
    let start = Instant::now();
    let result = compile(text, environment, kind);
    in_time(text, start);
    match result {
        Ok(program) => Some(program),
        Err(problems) => {
            let length = text.chars().count();
            for problem in problems {
                assert!(problem.offset <= length, "{}", problem.message);
                assert!(problem.code.starts_with("expression."));
            }
            None
        }
    }
}

fn answered(text: &str, program: &Program) {
    let cases = [Case::Full, Case::Bare, Case::Hidden];
    let answers = cases.map(|case| {
        let start = Instant::now();
        let answer = program.evaluate(&Call::new(case));
        in_time(text, start);
        program.trace(&Call::new(case), &mut Vec::new());
        assert_eq!(answer, program.evaluate(&Call::new(case)));
        // Places and keys that have to be worked out can be beyond the end.
        let is_plain = !text.contains('[') && !text.contains('{');
        assert!(
            !(is_plain && answer == Err(Fault::NoSuchKey)),
            "reads what is absent"
        );
        answer
    });
    let [full, bare, hidden] = answers;
    if let Some(answer) = program.constant() {
        assert_eq!([full, bare, hidden], [Ok(answer); 3]);
    }
    if let Ok(answer) = hidden {
        assert!([full, bare].iter().all(|other| *other == Ok(answer)));
    }
}

fn in_time(text: &str, start: Instant) {
    let taken = start.elapsed();
    assert!(
        taken < LIMIT * PATIENCE,
        "{taken:?} for {} bytes",
        text.len()
    );
}
