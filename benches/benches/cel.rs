//! A hundred expressions as people write them: compiled, and held against the facts of a call;
//! the `cel` interpreter beside it.

use std::collections::HashMap;
use std::hint::black_box;

use cel::objects::Value as Theirs;
use criterion::{Criterion, criterion_group, criterion_main};
use lictor_engine::cel::{
    Environment, Facts, Field, Fields, Items, Program, Record, Type, Val, Vars, compile,
};
use lictor_engine::value::Value;

const fn field(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        is_optional: false,
        words: &[],
        about: "",
    }
}

static REQUEST: Record = Record {
    name: "request",
    fields: &[
        field("method", Type::Text),
        field("path", Type::Text),
        field("host", Type::Text),
        field("bytes", Type::Int),
    ],
};

static PRINCIPAL: Record = Record {
    name: "principal",
    fields: &[
        field("subject", Type::Text),
        field("kind", Type::Text),
        field("groups", Type::List(&Type::Text)),
    ],
};

static ACTION: Record = Record {
    name: "action",
    fields: &[
        field("effect", Type::Text),
        field("reach", Type::Text),
        field("tables", Type::List(&Type::Text)),
        field("rows", Type::Int),
    ],
};

static NOW: Record = Record {
    name: "now",
    fields: &[field("hour", Type::Int), field("weekday", Type::Int)],
};

static ROOTS: &[Field] = &[
    field("request", Type::Record(&REQUEST)),
    field("principal", Type::Record(&PRINCIPAL)),
    field("action", Type::Record(&ACTION)),
    field("now", Type::Record(&NOW)),
    field("claims", Type::Dyn),
    field("environment", Type::Text),
];

/// Ten shapes, each with ten values.
fn expressions() -> Vec<String> {
    let shapes = [
        "action.effect == 'drop' && environment == 'production-N'",
        "principal.kind == 'agent' && action.effect in ['drop', 'delete', 'alter', 'eN']",
        "request.path.startsWith('/v1/reports/N/') && request.method != 'GET'",
        "now.hour < 8 || now.hour >= 18 || now.weekday in [0, 6, N]",
        "has(claims.department) && claims.department == 'deptN' && action.rows > 1000",
        "'groupN' in principal.groups && action.reach == 'all'",
        "action.tables.exists(t, t == 'tableN' || t.startsWith('secretN_'))",
        "principal.subject in ['uN', 'vN', 'wN', 'xN'] ? request.bytes > 100000 : false",
        "has(claims.act) && has(claims.act.sub) && claims.act.sub == 'botN'",
        "!(principal.kind == 'human') && request.host == 'hostN.example.com' && action.rows > N",
    ];
    let values = (0..10).flat_map(|value| {
        let filled = shapes.iter();
        filled.map(move |shape| shape.replace('N', &value.to_string()))
    });
    values.collect()
}

struct Texts(&'static [&'static str]);

impl Items for Texts {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        self.0
            .get(index)
            .map_or(Val::Missing, |text| Val::Text(text))
    }
}

static GROUPS: Texts = Texts(&["analysts", "developers", "on-call", "group3"]);
static TABLES: Texts = Texts(&["orders", "customers", "table7"]);

struct Request;
struct Principal;
struct Action;
struct Now;

impl Fields for Request {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text("POST"),
            1 => Val::Text("/v1/reports/3/run"),
            2 => Val::Text("host4.example.com"),
            _ => Val::Int(1_500),
        }
    }
}

impl Fields for Principal {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text("alice@example.com"),
            1 => Val::Text("agent"),
            _ => Val::List(&GROUPS),
        }
    }
}

impl Fields for Action {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text("delete"),
            1 => Val::Text("filtered"),
            2 => Val::List(&TABLES),
            _ => Val::Int(5_000),
        }
    }
}

impl Fields for Now {
    fn field(&self, index: usize) -> Val<'_> {
        Val::Int([12, 3].get(index).copied().unwrap_or_default())
    }
}

struct Call {
    claims: Value<'static>,
}

impl Facts for Call {
    fn root(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Record(&Request),
            1 => Val::Record(&Principal),
            2 => Val::Record(&Action),
            3 => Val::Record(&Now),
            4 => Val::Dyn(&self.claims),
            _ => Val::Text("production-2"),
        }
    }
}

fn claims() -> Value<'static> {
    let member = |name: &'static str, value| (name.into(), value);
    Value::Object(vec![
        member("iss", Value::from("https://idp.example.com")),
        member("sub", Value::from("alice@example.com")),
        member("department", Value::from("dept5")),
        member(
            "act",
            Value::Object(vec![member("sub", Value::from("bot6"))]),
        ),
    ])
}

/// The same facts as the interpreter takes them.
fn context() -> cel::Context<'static, 'static> {
    let mut context = cel::Context::default();
    let claims = HashMap::from([
        ("iss", Theirs::from("https://idp.example.com")),
        ("sub", Theirs::from("alice@example.com")),
        ("department", Theirs::from("dept5")),
        ("act", HashMap::from([("sub", Theirs::from("bot6"))]).into()),
    ]);
    for (root, record) in ROOTS.iter().zip([&REQUEST, &PRINCIPAL, &ACTION, &NOW]) {
        let fields: &dyn Fields = match root.name {
            "request" => &Request,
            "principal" => &Principal,
            "action" => &Action,
            _ => &Now,
        };
        let named = record.fields.iter().enumerate();
        let pairs = named.map(|(place, field)| (field.name, theirs(fields.field(place))));
        context.add_variable_from_value(root.name, pairs.collect::<HashMap<_, _>>());
    }
    context.add_variable_from_value("claims", claims);
    context.add_variable_from_value("environment", "production-2");
    context
}

fn theirs(value: Val<'_>) -> Theirs {
    match value {
        Val::Int(number) => Theirs::Int(number),
        Val::Text(text) => text.into(),
        Val::List(items) => {
            let items = (0..items.len()).map(|place| theirs(items.item(place)));
            items.collect::<Vec<_>>().into()
        }
        _ => Theirs::Null,
    }
}

fn evaluate(criterion: &mut Criterion) {
    let texts = expressions();
    let vars = Vars::new();
    let environment = Environment {
        roots: ROOTS,
        declared: &[],
        lists: &[],
        vars: &vars,
    };
    let compiled = |text: &String| compile(text, &environment, Type::Bool);
    let programs: Vec<Program> = texts
        .iter()
        .filter_map(|text| compiled(text).ok())
        .collect();
    let call = Call { claims: claims() };
    let interpreted: Vec<cel::Program> = texts
        .iter()
        .filter_map(|text| cel::Program::compile(text).ok())
        .collect();
    let context = context();
    let answers = |(ours, theirs): (&Program, &cel::Program)| {
        let theirs = theirs.execute(&context).ok();
        (ours.evaluate(&call).ok().map(Theirs::Bool), theirs)
    };
    let mut answers = programs.iter().zip(&interpreted).map(answers);
    assert!(programs.len() == 100 && answers.all(|(ours, theirs)| ours == theirs));
    let mut group = criterion.benchmark_group("100 expressions");
    group.bench_function("evaluate", |bencher| {
        bencher.iter(|| {
            programs
                .iter()
                .filter(|one| one.evaluate(black_box(&call)) == Ok(true))
                .count()
        });
    });
    group.bench_function("evaluate, cel interpreter", |bencher| {
        bencher.iter(|| {
            let answers = interpreted
                .iter()
                .map(|one| one.execute(black_box(&context)));
            answers
                .filter(|answer| *answer == Ok(Theirs::Bool(true)))
                .count()
        });
    });
    group.bench_function("compile", |bencher| {
        bencher.iter(|| {
            texts
                .iter()
                .filter(|text| compiled(black_box(text)).is_ok())
                .count()
        });
    });
    group.finish();
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
