//! What a text does in a real database, the analysis has said: over thousands of texts, seeded.

use lictor_engine::sql::{Dialect, analyse};
use lictor_tests::judge::postgres::Postgres;
use lictor_tests::judge::sqlite::Sqlite;
use lictor_tests::judge::text::{self, Speaker};
use lictor_tests::judge::verdict::{is_read, unsaid};
use lictor_tests::judge::{Judge, Tables};

/// What a run has shown besides its failures, to know that it could have shown some.
#[derive(Debug, Default)]
struct Counts {
    changed: u64,
    read: u64,
    refused: u64,
}

/// Judges the texts of `seeds`, by the analysis in each of the dialects.
fn judge(
    judge: &mut dyn Judge,
    fresh: &Tables,
    speaker: Speaker,
    dialects: &[Dialect],
    seeds: u64,
) -> Counts {
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    for seed in 0..seeds {
        let text = text::of(seed, speaker);
        let after = judge.run(&text);
        counts.changed += u64::from(after != *fresh);
        for dialect in dialects {
            let analysis = analyse(&text, *dialect);
            counts.read += u64::from(is_read(&analysis));
            counts.refused += u64::from(analysis.is_err());
            if let Some(unsaid) = unsaid(fresh, &after, &analysis) {
                let told = analysis.map(|analysis| analysis.actions);
                let told = told.into_iter().flatten().map(|action| {
                    let resources: Vec<_> =
                        action.resources.iter().map(ToString::to_string).collect();
                    format!(
                        "{} {} {}",
                        action.effect.name(),
                        action.reach.name(),
                        resources.join(",")
                    )
                });
                let told: Vec<_> = told.collect();
                failures.push(format!(
                    "{seed} {}: {unsaid}\n  {text:?}\n  {told:?}",
                    dialect.name()
                ));
            }
        }
    }
    let shown = failures.len().min(20);
    assert!(
        failures.is_empty(),
        "{}\n{}",
        failures.len(),
        failures[..shown].join("\n")
    );
    counts
}

#[test]
fn what_postgres_does_was_said() {
    const SEEDS: u64 = 6_000;
    let mut postgres = Postgres::start();
    let fresh = postgres.fresh().clone();
    let dialects = [Dialect::Postgres, Dialect::Generic];
    let counts = judge(&mut postgres, &fresh, Speaker::Postgres, &dialects, SEEDS);
    assert!(counts.changed > SEEDS / 5, "{counts:?}");
    assert!(counts.read > SEEDS / 10, "{counts:?}");
}

#[test]
fn what_sqlite_does_was_said() {
    const SEEDS: u64 = 10_000;
    let fresh = Sqlite::fresh();
    let dialects = [Dialect::Sqlite, Dialect::Generic];
    let counts = judge(&mut Sqlite, &fresh, Speaker::Sqlite, &dialects, SEEDS);
    assert!(counts.changed > SEEDS / 5, "{counts:?}");
    assert!(counts.read > SEEDS / 10, "{counts:?}");
}
