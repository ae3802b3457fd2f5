//! What an operator's dashboards see: counters with labels, histograms, whether headers are held.

use lictor_lab::call::Call;
use lictor_lab::deadline::wait_for;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY};

/// The value of the Prometheus sample with that name and exactly these labels.
fn sample(text: &str, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?.strip_prefix('{')?;
        let (found, value) = rest.split_once("} ")?;
        let mut found: Vec<&str> = found.split(',').filter(|label| !label.is_empty()).collect();
        let wanted = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{value}\""));
        let mut wanted: Vec<String> = wanted.collect();
        found.sort_unstable();
        wanted.sort_unstable();
        (found == wanted).then(|| value.parse().ok())?
    })
}

#[test]
fn decisions_and_refusals_are_counted_by_label() {
    let company = Company::start(POLICY);
    for _ in 0..3 {
        company
            .play(Caller::Ana, &Call::sql("SELECT 1 AS n"))
            .assert_passed();
        company
            .play(Caller::Ana, &Call::sql("DROP TABLE orders"))
            .assert_denied_by("no-schema-changes");
    }
    for statement in ["SELEC", "SELEKT 1"] {
        company
            .play(Caller::Ana, &Call::sql(statement))
            .assert_refused(400, "sql.syntax");
    }
    company
        .play(Caller::ReportBot, &Call::sql("SELECT * FROM customers"))
        .assert_passed();
    let text = company.envoy.admin().prometheus().expect("a page");
    let decisions = |rule, outcome| {
        let labels = [("lictor_rule", rule), ("lictor_outcome", outcome)];
        sample(&text, "lictor_decisions", &labels)
    };
    assert_eq!(decisions("default", "allow"), Some(4.0), "{text}");
    assert_eq!(decisions("no-schema-changes", "deny"), Some(3.0), "{text}");
    assert_eq!(
        decisions("agents-read-little", "shadow"),
        Some(1.0),
        "{text}"
    );
    let refusals = sample(&text, "lictor_refusals", &[("lictor_code", "sql_syntax")]);
    assert_eq!(refusals, Some(2.0), "{text}");
}

#[test]
fn times_are_measured_and_headers_are_known_to_be_held() {
    let company = Company::shared();
    company
        .play(Caller::Ana, &Call::sql("SELECT 1 AS n"))
        .assert_passed();
    for name in ["lictor_decode_us_count", "lictor_decide_us_count"] {
        // Histograms show after the next flush of statistics.
        wait_for(name, || {
            let text = company.envoy.admin().prometheus().ok()?;
            sample(&text, name, &[]).filter(|count| *count >= 1.0)
        })
        .expect("it is there");
    }
    company
        .envoy
        .admin()
        .wait_for_statistic("wasmcustom.lictor_headers_held", 1)
        .expect("the self-test has its answer");
    let held = company
        .envoy
        .admin()
        .statistic("wasmcustom.lictor_headers_held");
    assert_eq!(held.expect("a gauge"), 1);
}

/// Whatever clients send, the number of statistics stays the same. Own Envoy: no other test counts.
#[test]
fn clients_can_not_make_metrics() {
    let company = Company::start(POLICY);
    let count = || {
        let statistics = company.envoy.admin().statistics().expect("statistics");
        let own = statistics
            .keys()
            .filter(|name| name.starts_with("wasmcustom."));
        own.count()
    };
    let play = |number: u32| {
        let call = Call::read(&format!("/nowhere/{number}")).header("x-lictor-rule", "made-up");
        company
            .play(Caller::Ana, &call)
            .assert_refused(404, "api.unmatched");
    };
    play(0);
    let before = count();
    (1..20).for_each(play);
    assert_eq!(count(), before);
}
