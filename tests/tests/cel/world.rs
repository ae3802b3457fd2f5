//! Random facts, the same for our evaluator and for the interpreter that it is held against.

use std::collections::HashMap;

use cel::objects::Value as Theirs;
use lictor_engine::cel::{Entries, Facts, Field, Fields, Items, Record, Type, Val};
use lictor_engine::value::Value;

use super::random::Random;

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

static REQUEST: Record = Record {
    name: "request",
    fields: &[
        field("method", Type::Text),
        field("path", Type::Text),
        field("bytes", Type::Int),
        field("ratio", Type::Double),
        field("count", Type::Uint),
        field("secure", Type::Bool),
        field("headers", Type::Map(&Type::Text)),
        optional("tenant", Type::Text),
        field("raw", Type::Bytes),
    ],
};

static WHOM: Record = Record {
    name: "whom",
    fields: &[field("subject", Type::Text), optional("level", Type::Int)],
};

static PRINCIPAL: Record = Record {
    name: "principal",
    fields: &[
        field("subject", Type::Text),
        field("groups", Type::List(&Type::Text)),
        optional("for", Type::Record(&WHOM)),
    ],
};

static ACTION: Record = Record {
    name: "action",
    fields: &[
        field("effect", Type::Text),
        field("tables", Type::List(&Type::Text)),
        optional("limit", Type::Int),
    ],
};

/// What expressions may name.
pub static ROOTS: &[Field] = &[
    field("request", Type::Record(&REQUEST)),
    field("principal", Type::Record(&PRINCIPAL)),
    field("actions", Type::List(&Type::Record(&ACTION))),
    field("claims", Type::Dyn),
    field("now", Type::Timestamp),
    field("ttl", Type::Duration),
    field("numbers", Type::List(&Type::Int)),
];

/// A fact, in a form that both sides can be made of.
pub enum Fact {
    Absent,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(&'static str),
    Bytes(&'static [u8]),
    Timestamp(i64),
    Duration(i64),
    Open(Value<'static>),
    List(Vec<Fact>),
    Map(Vec<(&'static str, &'static str)>),
    Record(&'static Record, Vec<Fact>),
}

/// All facts of one call.
pub struct World(Vec<Fact>);

impl Fact {
    fn val(&self) -> Val<'_> {
        match self {
            Self::Absent => Val::Missing,
            Self::Bool(value) => Val::Bool(*value),
            Self::Int(value) => Val::Int(*value),
            Self::Uint(value) => Val::Uint(*value),
            Self::Double(value) => Val::Double(*value),
            Self::Text(text) => Val::Text(text),
            Self::Bytes(bytes) => Val::Bytes(bytes),
            Self::Timestamp(seconds) => Val::Timestamp {
                seconds: *seconds,
                nanos: 0,
            },
            Self::Duration(seconds) => Val::Duration {
                seconds: *seconds,
                nanos: 0,
            },
            Self::Open(value) => Val::Dyn(value),
            Self::List(_) => Val::List(self),
            Self::Map(_) => Val::Map(self),
            Self::Record(..) => Val::Record(self),
        }
    }

    fn theirs(&self) -> Theirs {
        match self {
            Self::Absent => Theirs::Null,
            Self::Bool(value) => Theirs::Bool(*value),
            Self::Int(value) => Theirs::Int(*value),
            Self::Uint(value) => Theirs::UInt(*value),
            Self::Double(value) => Theirs::Float(*value),
            Self::Text(text) => (*text).into(),
            Self::Bytes(bytes) => bytes.to_vec().into(),
            Self::Timestamp(seconds) => made(&format!("timestamp({seconds})")),
            Self::Duration(seconds) => made(&format!("duration('{seconds}s')")),
            Self::Open(value) => opened(value, "claims"),
            Self::List(facts) => facts.iter().map(Self::theirs).collect::<Vec<_>>().into(),
            Self::Map(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (*key, *value));
                pairs.collect::<HashMap<_, _>>().into()
            }
            Self::Record(record, facts) => {
                let fields = record.fields.iter().zip(facts);
                let there = fields.filter(|(_, fact)| !matches!(fact, Self::Absent));
                let pairs = there.map(|(field, fact)| (field.name, fact.theirs()));
                pairs.collect::<HashMap<_, _>>().into()
            }
        }
    }
}

/// A value that only an expression can make.
fn made(text: &str) -> Theirs {
    let program = cel::Program::compile(text).unwrap();
    program.execute(&cel::Context::default()).unwrap()
}

/// An open value; `claims.score` is declared to be whole.
fn opened(value: &Value<'_>, path: &str) -> Theirs {
    match value {
        Value::Null => Theirs::Null,
        Value::Bool(value) => Theirs::Bool(*value),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "made of a small whole number"
        )]
        Value::Number(value) if path == "claims.score" => Theirs::Int(*value as i64),
        Value::Number(value) => Theirs::Float(*value),
        Value::Text(text) => (&**text).into(),
        Value::List(values) => {
            let values = values.iter().map(|value| opened(value, ""));
            values.collect::<Vec<_>>().into()
        }
        Value::Object(members) => {
            let pairs = members.iter().map(|(key, value)| {
                let path = format!("{path}.{key}");
                (key.to_string(), opened(value, &path))
            });
            pairs.collect::<HashMap<_, _>>().into()
        }
    }
}

impl Items for Fact {
    fn len(&self) -> usize {
        match self {
            Self::List(facts) => facts.len(),
            _ => 0,
        }
    }

    fn item(&self, index: usize) -> Val<'_> {
        match self {
            Self::List(facts) => facts.get(index).map_or(Val::Missing, Self::val),
            _ => Val::Missing,
        }
    }
}

impl Entries for Fact {
    fn len(&self) -> usize {
        match self {
            Self::Map(pairs) => pairs.len(),
            _ => 0,
        }
    }

    fn key(&self, index: usize) -> Option<&str> {
        match self {
            Self::Map(pairs) => pairs.get(index).map(|(key, _)| *key),
            _ => None,
        }
    }

    fn value(&self, key: &str) -> Val<'_> {
        match self {
            Self::Map(pairs) => {
                let found = pairs.iter().find(|(name, _)| *name == key);
                found.map_or(Val::Missing, |(_, value)| Val::Text(value))
            }
            _ => Val::Missing,
        }
    }
}

impl Fields for Fact {
    fn field(&self, index: usize) -> Val<'_> {
        match self {
            Self::Record(_, facts) => facts.get(index).map_or(Val::Missing, Self::val),
            _ => Val::Missing,
        }
    }
}

impl Facts for World {
    fn root(&self, index: usize) -> Val<'_> {
        self.0.get(index).map_or(Val::Missing, Fact::val)
    }
}

/// Texts that meet often.
pub const TEXTS: [&str; 12] = [
    "",
    "a",
    "b",
    "GET",
    "get",
    "/v1/users/a",
    "/v1/",
    "users",
    "é",
    "Größe",
    "10",
    "true",
];

const KEYS: [&str; 7] = ["dept", "level", "admin", "roles", "act", "none", "mixed"];

impl World {
    /// Facts of a call.
    pub fn random(random: &mut Random) -> Self {
        let request = vec![
            Fact::Text(random.one(&["GET", "get", "DELETE"])),
            Fact::Text(random.one(&TEXTS)),
            Fact::Int(random.number()),
            Fact::Double(random.one(&[
                0.0,
                -0.0,
                1.0,
                1.5,
                -2.5,
                9_007_199_254_740_992.0,
                9_223_372_036_854_775_808.0,
                1e300,
                f64::NAN,
                f64::INFINITY,
            ])),
            Fact::Uint(random.number().unsigned_abs()),
            Fact::Bool(random.chance(2)),
            headers(random),
            maybe(random, |random| Fact::Text(random.one(&TEXTS))),
            Fact::Bytes(random.one(&[b"".as_slice(), b"a", b"ab", b"\xff"])),
        ];
        let whom = |random: &mut Random| {
            let level = maybe(random, |random| Fact::Int(random.number()));
            Fact::Record(&WHOM, vec![Fact::Text(random.one(&TEXTS)), level])
        };
        let principal = vec![
            Fact::Text(random.one(&TEXTS)),
            texts(random),
            maybe(random, whom),
        ];
        Self(vec![
            Fact::Record(&REQUEST, request),
            Fact::Record(&PRINCIPAL, principal),
            list(random, action),
            Fact::Open(claims(random)),
            Fact::Timestamp(random.one(&[0, 1_234_567_890, 1_764_000_030, -1])),
            Fact::Duration(random.one(&[0, 60, 3_600, -60, 90_061])),
            list(random, |random| Fact::Int(random.number())),
        ])
    }

    /// The same for the interpreter.
    pub fn context(&self) -> cel::Context<'static, 'static> {
        let mut environment = cel::Env::stdlib();
        environment.add_extension(cel::extensions::strings).unwrap();
        let mut context = cel::Context::with_env(environment.into());
        for (root, fact) in ROOTS.iter().zip(&self.0) {
            context.add_variable_from_value(root.name, fact.theirs());
        }
        context
    }
}

fn maybe(random: &mut Random, make: impl FnOnce(&mut Random) -> Fact) -> Fact {
    if random.chance(2) {
        make(random)
    } else {
        Fact::Absent
    }
}

fn list(random: &mut Random, make: impl Fn(&mut Random) -> Fact) -> Fact {
    Fact::List((0..random.below(4)).map(|_| make(random)).collect())
}

fn texts(random: &mut Random) -> Fact {
    list(random, |random| Fact::Text(random.one(&TEXTS)))
}

fn headers(random: &mut Random) -> Fact {
    let keys = ["a", "x-tenant", "users"].into_iter();
    let there = keys.filter(|_| random.chance(2)).collect::<Vec<_>>();
    Fact::Map(
        there
            .into_iter()
            .map(|key| (key, random.one(&TEXTS)))
            .collect(),
    )
}

fn action(random: &mut Random) -> Fact {
    let limit = maybe(random, |random| Fact::Int(random.number()));
    Fact::Record(
        &ACTION,
        vec![
            Fact::Text(random.one(&["read", "drop"])),
            texts(random),
            limit,
        ],
    )
}

fn claims(random: &mut Random) -> Value<'static> {
    let there = KEYS
        .into_iter()
        .filter(|_| random.chance(2))
        .collect::<Vec<_>>();
    let members = there.into_iter().map(|key| (key.into(), open(random, 2)));
    let mut members: Vec<_> = members.collect();
    if random.chance(2) {
        let score = f64::from(i32::try_from(random.below(5)).unwrap());
        members.push(("score".into(), Value::Number(score)));
    }
    Value::Object(members)
}

fn open(random: &mut Random, depth: usize) -> Value<'static> {
    match random.below(if depth == 0 { 5 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(random.chance(2)),
        2 => Value::Number(random.one(&[0.0, 1.0, 2.5, -1.0, 1e19])),
        3 | 4 => Value::from(random.one(&TEXTS)),
        5 => Value::List(
            (0..random.below(3))
                .map(|_| open(random, depth - 1))
                .collect(),
        ),
        6 => Value::texts((0..random.below(3)).map(|_| random.one(&TEXTS))),
        _ => {
            let keys = ["sub", "k", "a"].into_iter().filter(|_| random.chance(2));
            let keys: Vec<_> = keys.collect();
            Value::Object(
                keys.into_iter()
                    .map(|key| (key.into(), open(random, depth - 1)))
                    .collect(),
            )
        }
    }
}
