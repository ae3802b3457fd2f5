//! A statement to its actions: by size, the worst, and what was seen before.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lictor_benches::statement::{LARGE, MEDIUM, SMALL, WAREHOUSE, new_literals_each_time, worst};
use lictor_engine::sql::{Cache, Database, Dialect, analyse};

fn sizes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sql");
    let sizes = [
        ("small", SMALL),
        ("medium", MEDIUM),
        ("large", LARGE),
        ("warehouse", WAREHOUSE),
    ];
    for (name, statement) in sizes {
        group.throughput(Throughput::Bytes(statement.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| analyse(black_box(statement), Dialect::Postgres));
        });
    }
    group.finish();
}

/// None of these may take more than 25 ms.
fn worst_cases(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sql worst");
    group.sample_size(20);
    for (name, statement) in worst() {
        group.bench_function(name, |bencher| {
            bencher.iter(|| analyse(black_box(&statement), Dialect::Postgres));
        });
    }
    group.finish();
}

/// What was analysed before, by the same text and by a text with other literals.
fn remembered(criterion: &mut Criterion) {
    let database = Database::new(Dialect::Postgres);
    let mut group = criterion.benchmark_group("sql remembered");
    for (name, statement) in [("small", SMALL), ("medium", MEDIUM), ("large", LARGE)] {
        let cache = Cache::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| cache.analyse(black_box(statement), &database));
        });
    }
    for (name, statement) in [("medium", MEDIUM), ("large", LARGE)] {
        let cache = Cache::default();
        for number in 0..400 {
            let name = format!("name AS n{number:03}");
            let _ = cache.analyse(&statement.replacen("name", &name, 1), &database);
        }
        let _ = cache.analyse(statement, &database);
        group.bench_function(format!("{name} among others"), |bencher| {
            bencher.iter(|| cache.analyse(black_box(statement), &database));
        });
    }
    let cache = Cache::default();
    let mut number = 0;
    group.bench_function("medium with new literals", |bencher| {
        bencher.iter_batched(
            || {
                number += 1;
                new_literals_each_time(number)
            },
            |statement| cache.analyse(&statement, &database),
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, sizes, worst_cases, remembered);
criterion_main!(benches);
