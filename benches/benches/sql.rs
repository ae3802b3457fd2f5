//! A statement to its actions: three sizes.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lictor_benches::statement::{LARGE, MEDIUM, SMALL};
use lictor_engine::sql::{Dialect, analyse};

fn sql(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sql");
    for (name, statement) in [("small", SMALL), ("medium", MEDIUM), ("large", LARGE)] {
        group.throughput(Throughput::Bytes(statement.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| analyse(black_box(statement), Dialect::Postgres));
        });
    }
    group.finish();
}

criterion_group!(benches, sql);
criterion_main!(benches);
