//! Actions to a decision: few rules and many, none of which matches, and one that does.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lictor_benches::{call, document, statement};
use lictor_engine::config::Guard;
use lictor_engine::policy::{Call, Request};
use lictor_engine::sql::{Dialect, analyse};

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    let documents = [
        ("10 rules, none matches", document::text(10)),
        ("100 rules, none matches", document::text(100)),
        ("100 rules, one refuses", document::text_that_denies(99)),
    ];
    for (name, text) in documents {
        let guard = document::compiled(&text);
        group.bench_function(name, |bencher| {
            with_call(&guard, |call| {
                bencher.iter(|| guard.policy.decide(black_box(call)));
            })
        });
    }
    group.finish();
}

fn with_call(guard: &Guard, decide: impl FnOnce(&Call<'_>)) {
    let principal = guard
        .reading
        .principal(&call::metadata(), None)
        .expect("the bench's own claims");
    let analysis =
        analyse(statement::MEDIUM, Dialect::Postgres).expect("the bench's own statement");
    decide(&Call {
        api: "reports",
        environment: &guard.environment,
        request: Request {
            method: "POST",
            host: "reports.example.com",
            path: "/sql",
            ..Request::default()
        },
        now: None,
        principal: &principal,
        claims_are_known: true,
        actions: &analysis.actions,
    });
}

criterion_group!(benches, decide);
criterion_main!(benches);
