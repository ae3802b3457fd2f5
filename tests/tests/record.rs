//! One exchange, one record: complete, free of literals, and chained.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lictor_lab::call::Call;
use lictor_lab::client::http1::Connection;
use lictor_lab::deadline::wait_for;
use lictor_lab::identity_provider::cast::Caller;
use lictor_lab::workspace::configuration;
use lictor_tests::company::{Company, POLICY, module};
use lictor_tests::transport::Transport;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Where the recommended configuration logs the record.
const RECORD: &str = r#"lictor: '%TYPED_CEL(filter_state["wasm.lictor"])%'"#;
const SECRET: &str = "4111-1111-1111-1111";

#[test]
fn the_record_tells_what_was_done_to_what_and_why() {
    let company = Company::shared();
    let statement = format!("DELETE FROM orders WHERE item = '{SECRET}' OR 1 = 1");
    let exchange = company.play(Caller::ReportBotForAlice, &Call::sql(&statement));
    exchange.assert_denied_by("no-bulk-changes");
    let record = exchange.record();
    assert_eq!(record["v"], 1);
    assert_eq!(record["api"], "reports");
    assert_eq!(record["protocol"], "sql");
    assert_eq!(record["environment"], "test");
    assert_eq!(record["reason"], "This would change every row at once.");
    assert_eq!(
        record["request"],
        json!({"method": "POST", "host": "lab.internal", "path": "/sql"})
    );
    assert_eq!(
        record["response"],
        json!({"status": 403, "details": "lictor_denied{no-bulk-changes}"})
    );
    let action = &record["actions"][0];
    assert_eq!(action["effect"], "delete");
    assert_eq!(action["operation"], "DELETE");
    assert_eq!(action["reach"], "all");
    assert_eq!(action["cause"], "always_true");
    assert_eq!(action["columns"], json!({"predicate": ["orders.item"]}));
    assert_eq!(action["resources"], json!(["table:orders"]));
    assert_eq!(
        action["statement"],
        "DELETE FROM orders WHERE item = ? OR ? = ?"
    );
    assert_eq!(action["fingerprint"].as_str().map(str::len), Some(16));
    assert_eq!(record["lineage"]["writes"], json!(["table:orders"]));
    assert!(
        record["policy"]
            .as_str()
            .is_some_and(|hash| hash.starts_with("sha256:"))
    );
    assert!(record["decided_us"].is_u64(), "{record:#}");
}

#[test]
fn lineage_tells_reads_from_writes() {
    let company = Company::shared();
    let statement = "INSERT INTO orders (customer_id, item, status) \
                     SELECT id, 'desk', 'draft' FROM customers WHERE country = 'AT' AND id < 0";
    let exchange = company.play(Caller::Ana, &Call::sql(statement));
    exchange.assert_passed();
    let lineage = json!({
        "columns": [{"from": "customers.id", "to": "orders.customer_id"}],
        "reads": ["table:customers"],
        "writes": ["table:orders"],
    });
    assert_eq!(exchange.record()["lineage"], lineage);
}

#[test]
fn statements_that_differ_in_literals_have_one_fingerprint() {
    let company = Company::shared();
    let fingerprint = |statement: &str| {
        let exchange = company.play(Caller::Ana, &Call::sql(statement));
        exchange.assert_passed();
        exchange.record()["actions"][0]["fingerprint"].clone()
    };
    let first = fingerprint("SELECT * FROM orders WHERE id = 1");
    assert_eq!(
        first,
        fingerprint("select *  FROM orders\nWHERE id = 22 -- again")
    );
    assert_ne!(first, fingerprint("SELECT * FROM orders WHERE id > 1"));
}

#[test]
fn a_shadow_rule_is_recorded_and_does_nothing() {
    let company = Company::shared();
    let exchange = company.play(Caller::ReportBot, &Call::sql("SELECT * FROM customers"));
    exchange.assert_passed();
    assert_eq!(exchange.record()["shadow"], json!(["agents-read-little"]));
    let exchange = company.play(Caller::Ana, &Call::sql("SELECT * FROM customers"));
    assert_eq!(exchange.record()["shadow"], Value::Null);
}

/// Own Envoy: the whole of its access log and output is searched.
#[test]
fn no_literal_reaches_a_log() {
    let company = Company::start(POLICY);
    let quoted = format!("'{SECRET}'");
    for (statement, status) in [
        (format!("SELECT {quoted} AS card"), 200),
        (format!("SELECT 1 AS n /* {SECRET} */ -- {SECRET}"), 200),
        (
            format!("DELETE FROM payments WHERE card = {quoted} OR {quoted} = {quoted}"),
            403,
        ),
        (format!("SELEKT {quoted} FROM orders WHERE"), 400),
        (format!("SELECT '{SECRET}"), 400),
        (format!("DROP TABLE orders; SELECT {quoted}"), 403),
    ] {
        for transport in Transport::ALL {
            let json = Call::sql(&statement);
            let query = Call::read(&format!("/sql?query={}", escaped(&statement)));
            for call in [json, query] {
                let exchange = company.play_over(transport, Caller::Ana, &call);
                assert_eq!(exchange.answer.status, status, "{exchange:#?}");
                if status != 200 {
                    assert!(!exchange.answer.text().contains(SECRET), "{exchange:#?}");
                }
            }
        }
    }
    let records = company.envoy.access_log().records().expect("readable");
    assert!(records.len() >= 24);
    for record in &records {
        assert!(!record.to_string().contains(SECRET), "{record:#}");
    }
    let output = company.envoy.process().output().expect("readable");
    assert!(!output.contains(SECRET), "{output}");
}

/// Own Envoy: every record of one worker hangs on the one before.
#[test]
fn every_exchange_has_one_record_and_records_are_chained() {
    let company = Company::start_with(POLICY, &module(), |launch| {
        launch.change(
            RECORD,
            &format!("{RECORD}\n                  text: '%FILTER_STATE(wasm.lictor_json:PLAIN)%'"),
        )
    });
    let calls = [
        (Caller::Ana, Call::sql("SELECT 1 AS n")),
        (Caller::Ana, Call::sql("DROP TABLE orders")),
        (Caller::Ana, Call::sql("SELEC")),
        (Caller::Nobody, Call::sql("SELECT 1 AS n")),
        (Caller::Ana, Call::read("/v1/orders/1")),
        (Caller::Ana, Call::read("/nowhere")),
    ];
    let mut agents = Vec::new();
    for _ in 0..5 {
        for (caller, call) in &calls {
            agents.push(company.play(*caller, call).call.agent().to_owned());
        }
        let forged = Call::sql("SELECT 1 AS n").token(Some("e30.e30.e30"));
        let forged = company.play_raw(Transport::Http1, forged);
        assert_eq!(forged.answer.status, 401);
        agents.push(forged.call.agent().to_owned());
    }
    let records = company.envoy.access_log().records().expect("readable");
    for agent in &agents {
        let count = records
            .iter()
            .filter(|record| record["agent"] == **agent)
            .count();
        assert_eq!(count, 1, "records of {agent}");
    }
    assert_chained(&records);
    records.iter().for_each(assert_text_says_the_same);
}

/// Own Envoy: its access log is the text line, in which nothing is escaped.
#[test]
fn every_line_put_together_as_text_is_json() {
    let company = Company::start_with(
        &format!("record: {{as: member}}\n{POLICY}"),
        &module(),
        |launch| launch.change(&object_line(), &text_line()),
    );
    let calls = [
        Call::sql("SELECT 1 AS n"),
        Call::sql("DROP TABLE orders").header("user-agent", r#"","code":200,"x":""#),
        Call::read("/v1/orders/%22%7B%7D"),
        Call::read("/a/../b//c%2fd"),
    ];
    for transport in Transport::ALL {
        for call in &calls {
            let token = Caller::Ana.token(&company.provider);
            let call = call.clone().token(token.as_deref());
            transport
                .send(company.envoy.address(), &call)
                .expect("an answer");
        }
    }
    // Envoy refuses this one itself: there is no filter that could tell of it.
    let no_host = "GET / HTTP/1.1\r\nconnection: close\r\n\r\n";
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    connection.write(no_host.as_bytes()).expect("written");
    assert_eq!(connection.read("GET").expect("an answer").status, 400);
    let expected = Transport::ALL.len() * calls.len() + 1;
    let log = company.envoy.access_log();
    let records = wait_for("every line", || {
        log.records().ok().filter(|lines| lines.len() == expected)
    });
    let records = records.expect("every line");
    assert!(records.iter().all(Value::is_object), "{records:#?}");
    let (told, untold): (Vec<Value>, Vec<Value>) = records
        .into_iter()
        .partition(|line| line["lictor"].is_object());
    assert!(untold.iter().all(|line| line["code"] == 400), "{untold:#?}");
    assert!(told.len() >= 6, "{told:#?}");
    assert_chained(&told);
}

/// The format of the recommended configuration.
fn object_line() -> String {
    let text = read(&configuration("envoy.yaml"));
    let (_, from) = text
        .split_once("              log_format:\n")
        .expect("a format");
    let (format, _) = from.split_once("          route_config:").expect("an end");
    format!("              log_format:\n{format}")
}

/// The format of `envoy/text_line.yaml`, where the other stood.
fn text_line() -> String {
    let text = read(&configuration("text_line.yaml"));
    text.lines()
        .map(|line| format!("              {line}\n"))
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("readable")
}

/// Loggers that take no objects get the record as text.
fn assert_text_says_the_same(record: &Value) {
    let text = record["text"].as_str().unwrap_or_default();
    let text: Value = serde_json::from_str(text).unwrap_or_default();
    assert_eq!(text, record["lictor"], "{record:#}");
}

fn assert_chained(records: &[Value]) {
    let mut heads: BTreeMap<String, (u64, Value)> = BTreeMap::new();
    for record in records {
        let chain = &record["lictor"]["chain"];
        let id = chain["id"].as_str().unwrap_or_default().to_owned();
        let sequence = chain["seq"].as_u64();
        let sequence = sequence.unwrap_or_else(|| panic!("no place in a chain: {record:#}"));
        assert_eq!(chain["hash"], hash_of(&record["lictor"]), "{record:#}");
        if let Some((before, hash)) = heads.get(&id) {
            assert_eq!(sequence, before + 1, "{record:#}");
            assert_eq!(&chain["prev"], hash, "{record:#}");
        }
        heads.insert(id, (sequence, chain["hash"].clone()));
    }
    assert_eq!(heads.len(), 1, "one worker, one chain: {heads:?}");
}

/// The hash as an auditor computes it from the access log alone, as docs/record.md says.
fn hash_of(record: &Value) -> String {
    let mut record = record.clone();
    let chain = record["chain"].as_object_mut();
    chain.and_then(|chain| chain.remove("hash"));
    // serde_json's own maps are sorted, and `to_string` leaves out white space.
    let digest = Sha256::digest(record.to_string());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
