//! A whole exchange: head, metadata and body to verdict and chained record.

use std::hint::black_box;
use std::rc::Rc;

use criterion::{Criterion, criterion_group, criterion_main};
use lictor_benches::{call, document, statement};
use lictor_engine::config::Guard;
use lictor_engine::message::Head;
use lictor_engine::record::{Chain, Ending};
use lictor_engine::session::{Outcome, Session, Step};

fn session(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("session");
    let (metadata, post, read) = (call::metadata(), call::post(), call::read());
    let body = call::body(statement::MEDIUM);
    let allows = Rc::new(document::compiled(&document::text(10)));
    let denies = Rc::new(document::compiled(&document::text_that_denies(10)));
    let cases = [
        (
            "sql allowed",
            &allows,
            &post,
            body.as_slice(),
            Outcome::Allowed,
        ),
        (
            "sql denied",
            &denies,
            &post,
            body.as_slice(),
            Outcome::Denied,
        ),
        ("http allowed", &allows, &read, &[], Outcome::Allowed),
    ];
    for (name, guard, head, body, expected) in cases {
        let mut chain = Chain::new([7; 8]);
        let (outcome, _) = exchange(guard, head, &metadata, body, &mut chain);
        assert_eq!(outcome, expected, "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                exchange(
                    guard,
                    black_box(head),
                    &metadata,
                    black_box(body),
                    &mut chain,
                )
            });
        });
    }
    group.finish();
}

fn exchange(
    guard: &Rc<Guard>,
    head: &Head,
    metadata: &[u8],
    body: &[u8],
    chain: &mut Chain,
) -> (Outcome, String) {
    let mut session = Session::new(
        Rc::clone(guard),
        head.clone(),
        "00000000-0000-4000".to_owned(),
    );
    let step = session.open(metadata, None, !body.is_empty());
    if matches!(step, Step::Hold | Step::Decide) && session.decode(body).is_none() {
        session.decide(
            body,
            lictor_engine::policy::Moment {
                seconds: 0,
                nanos: 0,
            },
        );
    }
    let status = if *session.outcome() == Outcome::Allowed {
        200
    } else {
        403
    };
    let ending = Ending {
        status,
        details: "via_upstream".to_owned(),
        decided_us: 12,
    };
    let record = chain.add(&session, &ending).json;
    (session.outcome().clone(), record)
}

criterion_group!(benches, session);
criterion_main!(benches);
