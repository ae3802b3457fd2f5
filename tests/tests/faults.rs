//! A fault inside the guard costs the call that met it, and nobody gets past it meanwhile.

use lictor_lab::call::Call;
use lictor_lab::deadline::wait_for;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY, faulty_module};
use lictor_tests::exchange::Exchange;
use lictor_tests::transport::Transport;

fn company() -> Company {
    Company::start_with(POLICY, &faulty_module(), Ok)
}

fn call() -> Call {
    Call::sql("SELECT 1 AS n")
}

fn faulty(company: &Company, transport: Transport, fault: &str) -> Exchange {
    company.play_over(
        transport,
        Caller::Ana,
        &call().header("x-lictor-fault", fault),
    )
}

fn assert_serves(company: &Company) {
    company.play(Caller::Ana, &call()).assert_passed();
    company
        .play(Caller::Ana, &Call::sql("DROP TABLE orders"))
        .assert_denied_by("no-schema-changes");
}

#[test]
fn a_panic_costs_one_call() {
    let company = company();
    for phase in ["panic-request-headers", "panic-request-body"] {
        for transport in Transport::ALL {
            let exchange = faulty(&company, transport, phase);
            exchange.assert_not_seen();
            assert_eq!(exchange.answer.status, 500, "{exchange:#?}");
            assert_eq!(exchange.logged["details"], "lictor_refused{host.panic}");
            assert_eq!(exchange.record()["decision"], "deny", "{exchange:#?}");
            assert_eq!(exchange.record()["code"], "host.panic", "{exchange:#?}");
            assert_eq!(
                exchange.record()["response"]["status"],
                500,
                "{exchange:#?}"
            );
            assert_serves(&company);
        }
    }
    assert_eq!(
        reloads(&company),
        0,
        "a panic must not take the virtual machine down"
    );
}

/// The answer is out by then; only the record suffers, and says so.
#[test]
fn a_panic_while_the_record_is_written_leaves_a_record() {
    let company = company();
    let exchange = faulty(&company, Transport::Http1, "panic-log");
    assert_eq!(exchange.answer.status, 200, "{exchange:#?}");
    let record = exchange.record();
    assert_eq!(record["decision"], "allow", "{exchange:#?}");
    assert_eq!(record["code"], "host.interrupted", "{exchange:#?}");
    assert_eq!(
        record["id"].as_str().map(str::len),
        Some(36),
        "{exchange:#?}"
    );
    assert_serves(&company);
    assert_eq!(reloads(&company), 0);
}

#[test]
fn a_trap_costs_one_call_and_a_new_virtual_machine() {
    let company = company();
    assert_serves(&company);
    for (number, phase) in ["trap-request-headers", "trap-request-body"]
        .into_iter()
        .enumerate()
    {
        let exchange = faulty(&company, Transport::Http1, phase);
        exchange.assert_not_seen();
        assert_eq!(exchange.answer.status, 503, "{exchange:#?}");
        assert_eq!(
            exchange.logged["details"], "wasm_fail_stream",
            "{exchange:#?}"
        );
        // Set before anything could go wrong.
        assert_eq!(exchange.record()["decision"], "deny", "{exchange:#?}");
        wait_for("a guard that serves again", || {
            // Until the new machine is there every call fails closed.
            let drop = company.play(Caller::Ana, &Call::sql("DROP TABLE orders"));
            drop.assert_not_seen();
            assert!([403, 503].contains(&drop.answer.status), "{drop:#?}");
            (drop.answer.status == 403).then_some(())
        })
        .expect("the virtual machine is reloaded");
        assert_serves(&company);
        assert_eq!(reloads(&company), number as u64 + 1);
    }
}

fn reloads(company: &Company) -> u64 {
    let reloads = company
        .envoy
        .admin()
        .statistic("wasm.lictor.vm_reload_success");
    reloads.expect("a statistic")
}
