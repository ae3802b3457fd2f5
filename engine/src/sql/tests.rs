//! What texts would do, told in one line each.

mod bounds;
mod bypasses;
mod causes;
mod conditions;
mod dialects;
mod effects;
mod functions;
mod keys;
mod properties;
mod reaches;
mod redaction;
mod tables;

use super::{Dialect, analyse};
use crate::action::Reach;

/// The actions of a text as `delete all table:a; read filtered table:b`, or the code of the
/// refusal.
fn told(text: &str, dialect: Dialect) -> String {
    let analysis = match analyse(text, dialect) {
        Ok(analysis) => analysis,
        Err(error) => return error.code().to_owned(),
    };
    let actions = analysis.actions.iter().map(|action| {
        let mut words = vec![action.effect.name().to_owned()];
        words.push(match action.reach {
            Reach::Limited(rows) => format!("limited({rows})"),
            reach => reach.name().to_owned(),
        });
        words.extend(action.resources.iter().map(ToString::to_string));
        words.join(" ")
    });
    actions.collect::<Vec<_>>().join("; ")
}

fn postgres(text: &str) -> String {
    told(text, Dialect::Postgres)
}

/// Checks texts and what they would do in PostgreSQL.
fn expect(cases: &[(&str, &str)]) {
    expect_in(Dialect::Postgres, cases);
}

fn expect_in(dialect: Dialect, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(told(text, dialect), *expected, "{} {text}", dialect.name());
    }
}
