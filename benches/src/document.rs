//! Lictor documents with any number of rules.

use std::fmt::Write as _;

use lictor_engine::config;
use lictor_engine::config::Guard;

const HEAD: &str = "\
lictor: v1
environment: bench
identity:
  metadata: jwt
  subject: sub
  groups: groups
  agent_when: {claims.client_type: agent}
apis:
- name: reports
  match: {path: /sql}
  sql: {dialect: postgres, at: $.query}
- name: orders
  match: {path: /v1/orders/**}
  http: {paths: [/v1/orders, '/v1/orders/{id}'], filters: [status], limit: limit}
unmatched: deny
default: allow
rules:
";

/// A document with that many rules, none of which refuses the calls of [`crate::call`].
#[must_use]
pub fn text(rules: usize) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..rules {
        let condition = match number % 5 {
            0 => format!("{{action.tables: archive_{number}, action.effect: [delete, update]}}"),
            1 => format!("{{request.path: /internal/{number}/**, request.method: [PUT, DELETE]}}"),
            2 => {
                format!("{{principal.groups: team-{number}, action.effect: [create, alter, drop]}}")
            }
            3 => format!("{{claims.department: department-{number}}}"),
            _ => format!(
                "{{principal.kind: agent, action.tables: [ledger_{number}, '*.ledger_{number}']}}"
            ),
        };
        let _ = writeln!(
            text,
            "- {{id: rule-{number}, effect: deny, match: {condition}, except: {{principal.groups: dba}}}}"
        );
    }
    text
}

/// A document that uses one built-in API.
#[must_use]
pub fn of_api(name: &str) -> String {
    format!(
        "lictor: v1\napis: [{{name: it, match: {{path: /**}}, use: {name}}}]\nrules: []\ndefault: allow\n"
    )
}

/// The same with one more rule that refuses reads of `customers`.
#[must_use]
pub fn text_that_denies(rules: usize) -> String {
    format!(
        "{}- {{id: no-customers, effect: deny, match: {{action.tables: customers}}, \
         reason: Customers are read through the directory.}}\n",
        text(rules)
    )
}

/// Compiles a document.
///
/// # Panics
///
/// When it has a mistake.
#[must_use]
pub fn compiled(text: &str) -> Guard {
    match config::compile(text.as_bytes()) {
        Ok(guard) => guard,
        Err(mistakes) => panic!("the bench's own document has mistakes: {mistakes:?}"),
    }
}
