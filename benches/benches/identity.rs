//! Who asks: a token that was seen before, a new one, and a large one.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use lictor_benches::call;
use lictor_engine::identity::{self, PeerFacts, Reading};
use lictor_engine::json;

fn who_asks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("identity");
    let groups: Vec<String> = (0..200).map(|one| format!("group-{one}")).collect();
    let large = serde_json::json!({"sub": "ana", "groups": groups}).to_string();
    let large = json::parse(&large).expect("the bench's own claims");
    let large = identity::metadata_of("jwt", &large);
    let peer = PeerFacts {
        uri_san: "spiffe://cluster.local/ns/shop/sa/cart".to_owned(),
    };
    let usual = call::metadata();
    for (name, metadata, peer) in [
        ("token", &usual, None),
        ("token and peer", &usual, Some(&peer)),
        ("token of 200 groups", &large, None),
    ] {
        let known = Reading::default();
        group.bench_function(format!("{name}, seen before"), |bencher| {
            bencher.iter(|| known.principal(black_box(metadata), peer));
        });
        group.bench_function(format!("{name}, new"), |bencher| {
            bencher.iter_batched_ref(
                Reading::default,
                |reading| reading.principal(black_box(metadata), peer),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, who_asks);
criterion_main!(benches);
