//! A body of exactly the limit passes, one byte more does not, however it is sent.

use lictor_lab::call::Call;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY, module};
use lictor_tests::transport::Transport;

/// Small enough to be the body's own limit, below that for SQL text.
const LIMIT: usize = 20_000;

/// A statement in JSON of exactly this many bytes.
fn statement_of(bytes: usize) -> Call {
    let (start, end) = (r#"{"query": "SELECT 1 AS n"#, r#""}"#);
    let filler = " ".repeat(bytes - start.len() - end.len());
    Call::new("POST", "/sql").body("application/json", format!("{start}{filler}{end}"))
}

#[test]
fn exactly_the_limit_passes_and_one_byte_more_does_not() {
    let policy = format!("{POLICY}limits: {{body_bytes: {LIMIT}}}\n");
    let company = Company::start(&policy);
    for transport in Transport::ALL {
        for cut in [LIMIT * 2, 1024, LIMIT - 1] {
            let exact = statement_of(LIMIT).in_pieces_of(cut);
            let exact = company.play_over(transport, Caller::Ana, &exact);
            assert_eq!(
                exact.assert_passed().body.as_ref().map(Vec::len),
                Some(LIMIT)
            );
            let over = statement_of(LIMIT + 1).in_pieces_of(cut);
            company
                .play_over(transport, Caller::Ana, &over)
                .assert_refused(413, "body.too_large");
        }
    }
}

#[test]
fn the_guards_own_limit_comes_before_envoys() {
    let company = Company::shared();
    for transport in Transport::ALL {
        for bytes in [512 * 1024 + 1, 3 * 1024 * 1024] {
            let call = statement_of(bytes);
            company
                .play_over(transport, Caller::Ana, &call)
                .assert_refused(413, "body.too_large");
            company
                .play_over(transport, Caller::Ana, &call.in_pieces_of(64 * 1024))
                .assert_refused(413, "body.too_large");
        }
    }
}

/// What Envoy itself turns away still has its record.
#[test]
fn a_body_beyond_envoys_limit_leaves_a_record() {
    let policy = format!("{POLICY}limits: {{body_bytes: 16777216}}\n");
    let company = Company::start_with(&policy, &module(), |launch| {
        launch.change(
            "per_connection_buffer_limit_bytes: 4194304",
            "per_connection_buffer_limit_bytes: 65536",
        )
    });
    let call = statement_of(200_000).in_pieces_of(10_000);
    let exchange = company.play(Caller::Ana, &call);
    exchange.assert_not_seen();
    assert_eq!(exchange.answer.status, 413, "{exchange:#?}");
    assert_eq!(
        exchange.record()["response"]["status"],
        413,
        "{exchange:#?}"
    );
    assert_eq!(exchange.record()["decision"], "none", "{exchange:#?}");
}
