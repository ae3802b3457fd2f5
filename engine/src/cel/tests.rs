//! What expressions mean and what is refused, told in one line each.

mod guards;
mod limits;
mod needs;
mod operators;
mod problems;
mod unknowns;

use super::{
    Entries, Environment, Facts, Fault, Field, Fields, Items, NamedList, Program, Record, Type,
    Val, Vars,
};
use crate::value::Value;

const fn field(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        is_optional: false,
        words: &[],
        about: "",
    }
}

const fn optional(name: &'static str, kind: Type) -> Field {
    Field {
        is_optional: true,
        ..field(name, kind)
    }
}

const fn word(name: &'static str, kind: Type, words: &'static [&'static str]) -> Field {
    Field {
        words,
        ..field(name, kind)
    }
}

static REQUEST: Record = Record {
    name: "request",
    fields: &[
        field("method", Type::Text),
        field("path", Type::Text),
        field("headers", Type::Map(&Type::Text)),
        field("bytes", Type::Int),
        optional("address", Type::Text),
    ],
};

const KINDS: &[&str] = &["human", "agent", "service"];

static WHOM: Record = Record {
    name: "principal.for",
    fields: &[
        field("subject", Type::Text),
        word("kind", Type::Text, KINDS),
    ],
};

static PRINCIPAL: Record = Record {
    name: "principal",
    fields: &[
        field("subject", Type::Text),
        word("kind", Type::Text, KINDS),
        field("groups", Type::List(&Type::Text)),
        optional("for", Type::Record(&WHOM)),
    ],
};

static ACTION: Record = Record {
    name: "action",
    fields: &[
        word("effect", Type::Text, &["read", "delete", "drop"]),
        field("tables", Type::List(&Type::Text)),
        optional("limit", Type::Int),
    ],
};

static ROOTS: &[Field] = &[
    field("request", Type::Record(&REQUEST)),
    field("principal", Type::Record(&PRINCIPAL)),
    field("actions", Type::List(&Type::Record(&ACTION))),
    field("claims", Type::Dyn),
    field("now", Type::Timestamp),
    field("hidden", Type::Text),
    field("flag", Type::Bool),
    field("half", Type::List(&Type::Text)),
    optional("note", Type::Text),
];

struct Texts(&'static [&'static str], bool);

impl Items for Texts {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        self.0
            .get(index)
            .map_or(Val::Missing, |text| Val::Text(text))
    }

    fn is_complete(&self) -> bool {
        self.1
    }
}

struct Headers;

impl Entries for Headers {
    fn len(&self) -> usize {
        2
    }

    fn key(&self, index: usize) -> Option<&str> {
        ["accept", "x-tenant"].get(index).copied()
    }

    fn value(&self, key: &str) -> Val<'_> {
        match key {
            "accept" => Val::Text("*/*"),
            "x-tenant" => Val::Text("acme"),
            _ => Val::Missing,
        }
    }
}

struct Request;

impl Fields for Request {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text("DELETE"),
            1 => Val::Text("/v1/users/alice"),
            2 => Val::Map(&Headers),
            3 => Val::Int(1500),
            4 => Val::Text("10.1.2.3"),
            _ => Val::Missing,
        }
    }
}

struct Whom;

impl Fields for Whom {
    fn field(&self, index: usize) -> Val<'_> {
        Val::Text(["alice", "human"].get(index).copied().unwrap_or_default())
    }
}

struct Principal(bool);

impl Fields for Principal {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text("alice"),
            1 => Val::Text("agent"),
            2 => Val::List(&Texts(&["dev", "ops"], true)),
            3 if self.0 => Val::Record(&Whom),
            _ => Val::Missing,
        }
    }
}

struct Action(&'static str, &'static Texts, Option<i64>);

impl Fields for Action {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text(self.0),
            1 => Val::List(self.1),
            _ => self.2.map_or(Val::Missing, Val::Int),
        }
    }
}

static ACTIONS: [Action; 2] = [
    Action("read", &Texts(&["orders"], true), Some(100)),
    Action("delete", &Texts(&["users", "payments"], true), None),
];

struct Actions;

impl Items for Actions {
    fn len(&self) -> usize {
        ACTIONS.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        ACTIONS
            .get(index)
            .map_or(Val::Missing, |one| Val::Record(one))
    }
}

/// Everything is there; without, whatever can be absent is.
struct Call {
    principal: Principal,
    claims: Value<'static>,
}

impl Call {
    fn full() -> Self {
        let json = r#"{"department":"sales","level":3,"half":2.5,"admin":true,"none":null,
            "act":{"sub":"bot","chain":[{"sub":"a"},{"sub":"b"}]},"roles":["dev","ops"],
            "https://x/roles":["root"],"since":"2026-01-01T00:00:00Z","issued":1764000000,
            "version":"1.10.0","text":"10"}"#;
        let json = crate::json::parse(json).unwrap();
        Self {
            principal: Principal(true),
            claims: json.into_owned(),
        }
    }

    fn bare() -> Self {
        Self {
            principal: Principal(false),
            claims: Value::Object(Vec::new()),
        }
    }
}

impl Facts for Call {
    fn root(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Record(&Request),
            1 => Val::Record(&self.principal),
            2 => Val::List(&Actions),
            3 => Val::Dyn(&self.claims),
            4 => Val::Timestamp {
                seconds: 1_764_000_030,
                nanos: 0,
            },
            6 => Val::Bool(true),
            7 => Val::List(&Texts(&["a", "b"], false)),
            8 => Val::Missing,
            _ => Val::Unknown,
        }
    }
}

fn declared() -> Vec<(Vec<String>, Type)> {
    let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    vec![
        (path(&["claims", "department"]), Type::Text),
        (path(&["claims", "level"]), Type::Int),
        (path(&["claims", "roles"]), Type::List(&Type::Text)),
        (path(&["claims", "since"]), Type::Timestamp),
        (path(&["claims", "issued"]), Type::Timestamp),
    ]
}

fn with_environment<T>(run: impl FnOnce(&Environment<'_>) -> T) -> T {
    let lists = [
        (
            "admins".to_owned(),
            NamedList::from(vec!["root".to_owned(), "alice".to_owned()]),
        ),
        (
            "tables".to_owned(),
            NamedList::from((0..100).map(|one| format!("t{one:03}")).collect::<Vec<_>>()),
        ),
    ];
    let mut vars = Vars::new();
    let declared = declared();
    for (name, text) in [
        ("is_agent", "principal.kind == 'agent'"),
        ("has_whom", "has(principal.for)"),
        ("reads_users", "actions.exists(a, 'users' in a.tables)"),
        ("whom", "principal"),
        ("yes", "1 + 1 == 2"),
        ("small", "request.path.lowerAscii()"),
    ] {
        let environment = Environment {
            roots: ROOTS,
            declared: &declared,
            lists: &lists,
            vars: &vars,
        };
        let program = crate::cel::compile(text, &environment, Type::Dyn);
        let program = program.unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        vars.add(name, program);
    }
    run(&Environment {
        roots: ROOTS,
        declared: &declared,
        lists: &lists,
        vars: &vars,
    })
}

pub(super) fn compile(text: &str) -> Result<Program, Vec<super::Problem>> {
    with_environment(|environment| crate::cel::compile(text, environment, Type::Bool))
}

/// The answer with everything there, or the word of its fault, or the codes of its mistakes.
fn told(text: &str) -> String {
    told_of(text, &Call::full())
}

fn told_of(text: &str, call: &Call) -> String {
    match compile(text) {
        Ok(program) => match program.evaluate(call) {
            Ok(answer) => answer.to_string(),
            Err(fault) => fault.name().to_owned(),
        },
        Err(problems) => {
            let codes = problems.iter().map(|problem| {
                let code = problem.code.strip_prefix("expression.");
                format!("{}@{}", code.unwrap_or(problem.code), problem.offset)
            });
            codes.collect::<Vec<_>>().join(" ")
        }
    }
}

/// Holds every line `expression => answer` against what is told.
fn assert_told(lines: &str, tell: impl Fn(&str) -> String) {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut wrong = Vec::new();
    for line in lines {
        let (text, expected) = line.rsplit_once(" => ").unwrap();
        let found = tell(text);
        if found != expected {
            wrong.push(format!("{text}\n   expected {expected}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn fault_of(text: &str) -> Option<Fault> {
    compile(text).unwrap().evaluate(&Call::full()).err()
}
