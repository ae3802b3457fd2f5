//! A message to its actions: a REST call from its head alone, a statement in a JSON body.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lictor_benches::{call, document, statement};
use lictor_engine::message::{Request, Wanted};
use lictor_engine::sql::Cache;

fn decode(criterion: &mut Criterion) {
    let guard = document::compiled(&document::text(10));
    let [reports, orders] = guard.apis.as_slice() else {
        panic!("the bench's document has two APIs");
    };
    let (read, post) = (call::read(), call::post());
    let body = call::body(statement::MEDIUM);
    let known = Cache::default();
    let rest = Request {
        head: &read,
        path: "/v1/orders/4711",
        query: "status=open&limit=20",
        body: b"",
        analyses: &known,
        wanted: Wanted::default(),
    };
    let report = Request {
        head: &post,
        path: "/sql",
        query: "",
        body: &body,
        analyses: &known,
        wanted: Wanted::default(),
    };

    let mut group = criterion.benchmark_group("decode");
    group.bench_function("http", |bencher| {
        bencher.iter(|| orders.protocol.read(black_box(&rest)));
    });
    group.bench_function("sql in json, seen before", |bencher| {
        bencher.iter(|| reports.protocol.read(black_box(&report)));
    });
    group.bench_function("sql in json, new", |bencher| {
        bencher.iter(|| {
            let analyses = &Cache::default();
            reports
                .protocol
                .read(black_box(&Request { analyses, ..report }))
        });
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
