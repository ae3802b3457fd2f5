//! Actions to a decision: few rules and many, a hundred as people write them, ten thousand of
//! which ten can match, and a call that touches a thousand columns. And what loading them costs.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lictor_benches::{call, document, policy};
use lictor_engine::action::Action;
use lictor_engine::config::{self, Guard};
use lictor_engine::policy::{Call, Content, Moment, Request};

/// The same facts in every run: Wednesday, 4 November 2026, 12:00 UTC.
const MOMENT: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    let hundred = policy::hundred();
    for (name, text, columns) in [
        ("10 rules, none can match", document::text(10), 12),
        ("100 rules, none can match", document::text(100), 12),
        ("100 rules as people write them", hundred.clone(), 12),
        ("100 rules of which 10 can match", policy::sparse(100), 12),
        (
            "10,000 rules of which 10 can match",
            policy::sparse(10_000),
            12,
        ),
        (
            "100 rules as people write them, 1,000 columns",
            hundred.clone(),
            1000,
        ),
    ] {
        let guard = document::compiled(&text);
        let actions = policy::actions(columns);
        group.bench_function(name, |bencher| {
            with_call(&guard, &actions, |call| {
                bencher.iter(|| guard.policy.decide(black_box(call)));
            })
        });
    }
    group.finish();
    criterion.bench_function("load/100 rules as people write them", |bencher| {
        bencher.iter(|| config::compile(black_box(hundred.as_bytes())).is_ok())
    });
}

fn with_call(guard: &Guard, actions: &[Action], decide: impl FnOnce(&Call<'_>)) {
    let principal = guard
        .reading
        .principal(&call::metadata(), None)
        .expect("the bench's own claims");
    decide(&Call {
        api: "reports",
        environment: &guard.environment,
        request: Request {
            method: "POST",
            host: "reports.example.com",
            path: "/sql",
            query: None,
            body: Content::Empty,
        },
        now: Some(guard.policy.now(MOMENT)),
        principal: &principal,
        claims_are_known: true,
        actions,
    });
}

criterion_group!(benches, decide);
criterion_main!(benches);
