//! An explained call to one JSON object, in the shape that `docs/cli.md` describes.

use serde_json::{Value, json};

use super::Told;
use crate::account::{Account, Test, word};

/// The object.
pub(super) fn json(told: &Told) -> Value {
    json!({
        "record": told.record,
        "reply": told.reply,
        "rules": told.accounts.iter().map(rule).collect::<Value>(),
        "lacks": told.lacks,
    })
}

fn rule(account: &Account) -> Value {
    json!({
        "rule": account.rule,
        "effect": account.effect,
        "shadow": account.is_shadow,
        "source": account.origin.0,
        "line": account.origin.1,
        "nearness": account.nearness.name(),
        "truth": word(account.truth),
        "applies_to": account.applies_to,
        "action": account.action,
        "tests": account.tests.iter().map(test).collect::<Value>(),
    })
}

fn test(test: &Test) -> Value {
    json!({
        "key": test.key,
        "what": test.what,
        "truth": word(test.truth),
        "error": test.fault,
        "part": test.is_part,
    })
}
