//! The story: who calls, with what, and what must become of it.

use lictor_lab::call::Call;
use lictor_lab::identity_provider::cast::Caller;
use serde_json::json;

/// One call.
pub(crate) struct Scene {
    pub(crate) caller: Caller,
    /// The call as a person would say it.
    pub(crate) line: String,
    pub(crate) call: Call,
    /// A token other than the caller's own.
    pub(crate) token: Option<&'static str>,
    pub(crate) expected: Expected,
}

/// What must become of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) status: u16,
    pub(crate) decision: &'static str,
    /// The rule or code that decided.
    pub(crate) by: &'static str,
}

const ALLOWED: Expected = Expected {
    status: 200,
    decision: "allow",
    by: "default",
};

const fn denied(by: &'static str) -> Expected {
    Expected {
        status: 403,
        decision: "deny",
        by,
    }
}

const fn refused(status: u16, by: &'static str) -> Expected {
    Expected {
        status,
        decision: "deny",
        by,
    }
}

/// The scenes, in the order in which they are told.
pub(crate) fn scenes() -> Vec<Scene> {
    let mut scenes = permitted();
    scenes.extend(destructive());
    scenes.extend(rest());
    scenes.extend(unreadable());
    scenes
}

fn permitted() -> Vec<Scene> {
    vec![
        sql(
            Caller::Ana,
            "SELECT item, count(*) FROM orders WHERE status = 'open' GROUP BY item",
            ALLOWED,
        ),
        sql(
            Caller::ReportBot,
            "SELECT name, country FROM customers ORDER BY name",
            ALLOWED,
        ),
        sql(
            Caller::Dana,
            "CREATE INDEX orders_by_customer ON orders (customer_id)",
            ALLOWED,
        ),
    ]
}

fn destructive() -> Vec<Scene> {
    let bulk = denied("no-bulk-changes");
    vec![
        sql(
            Caller::ReportBot,
            "DROP TABLE customers",
            denied("no-schema-changes"),
        ),
        sql(Caller::Ana, "DELETE FROM orders", bulk),
        sql(
            Caller::ReportBotForAlice,
            "WITH old AS (SELECT id FROM customers) DELETE FROM orders",
            bulk,
        ),
        sql(
            Caller::ReportBot,
            "UPDATE customers SET email = 'a@b.example' WHERE 1 = 1",
            bulk,
        ),
        sql(
            Caller::Ana,
            "SELECT 1; DROP TABLE orders",
            denied("no-schema-changes"),
        ),
        sql(
            Caller::ReportBotForAlice,
            "SELECT o.item, p.card FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.id = 7",
            denied("payments-are-for-humans"),
        ),
    ]
}

fn rest() -> Vec<Scene> {
    vec![
        scene(
            Caller::Ana,
            "GET /v1/orders/17",
            Call::read("/v1/orders/17"),
            ALLOWED,
        ),
        scene(
            Caller::ReportBot,
            "DELETE /v1/orders",
            Call::new("DELETE", "/v1/orders"),
            denied("no-bulk-changes"),
        ),
    ]
}

fn unreadable() -> Vec<Scene> {
    let query = r#"{"query": "SELECT 1", "query": "DROP TABLE orders"}"#;
    let forged = Scene {
        token: Some("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJkYW5hIn0.c2lnbmVkIGJ5IG5vYm9keQ"),
        ..sql(
            Caller::Nobody,
            "SELECT 1 -- with a forged token",
            Expected {
                status: 401,
                decision: "none",
                by: "jwt_authn_access_denied",
            },
        )
    };
    vec![
        sql(
            Caller::Ana,
            "SELEC item FRM orders",
            refused(400, "sql.syntax"),
        ),
        scene(
            Caller::Ana,
            query,
            Call::new("POST", "/sql").body("application/json", query),
            refused(400, "json.duplicate_key"),
        ),
        sql(
            Caller::Nobody,
            "SELECT name FROM customers",
            refused(401, "identity.anonymous"),
        ),
        forged,
    ]
}

fn sql(caller: Caller, statement: &str, expected: Expected) -> Scene {
    let call = Call::new("POST", "/sql").json(&json!({"query": statement}));
    scene(caller, statement, call, expected)
}

fn scene(caller: Caller, line: &str, call: Call, expected: Expected) -> Scene {
    Scene {
        caller,
        line: line.to_owned(),
        call,
        token: None,
        expected,
    }
}
