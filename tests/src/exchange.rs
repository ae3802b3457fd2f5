//! A call, its answer, its line in the access log, what the upstream saw of it: and what all of
//! them must say together.

use lictor_lab::call::Call;
use lictor_lab::client::Answer;
use lictor_lab::upstream::recorder::Seen;
use serde_json::Value;

/// One exchange from every side.
#[derive(Debug)]
pub struct Exchange {
    /// The call as sent.
    pub call: Call,
    /// What the client got.
    pub answer: Answer,
    /// The line of the access log.
    pub logged: Value,
    /// What reached the upstream, if anything did.
    pub seen: Option<Seen>,
}

impl Exchange {
    /// The audit record.
    #[must_use]
    pub fn record(&self) -> &Value {
        &self.logged["lictor"]
    }

    /// It went through: the client has the upstream's answer, the upstream has the whole body,
    /// the record says so.
    ///
    /// # Panics
    /// When it is otherwise.
    #[track_caller]
    pub fn assert_passed(&self) -> &Seen {
        assert_eq!(self.answer.status, 200, "{self:#?}");
        assert_eq!(self.record()["decision"], "allow", "{self:#?}");
        assert_eq!(self.logged["details"], "via_upstream", "{self:#?}");
        assert_eq!(self.record()["response"]["status"], 200, "{self:#?}");
        let seen = self.seen.as_ref();
        seen.unwrap_or_else(|| panic!("the upstream saw nothing of {self:#?}"))
    }

    /// A rule refused it: 403 in the client's words, nothing at the upstream, the rule in record
    /// and response code details.
    ///
    /// # Panics
    /// When it is otherwise.
    #[track_caller]
    pub fn assert_denied_by(&self, rule: &str) {
        self.assert_turned_away(403, "policy.denied");
        assert_eq!(self.answer.json()["rule"], rule, "{self:#?}");
        assert_eq!(self.record()["rules"][0], rule, "{self:#?}");
        assert_eq!(
            self.logged["details"],
            format!("lictor_denied{{{rule}}}"),
            "{self:#?}"
        );
    }

    /// It was refused for its form: this status and code for the client, nothing at the upstream,
    /// the code in record and response code details.
    ///
    /// # Panics
    /// When it is otherwise.
    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str) {
        self.assert_turned_away(status, code);
        assert_eq!(
            self.logged["details"],
            format!("lictor_refused{{{code}}}"),
            "{self:#?}"
        );
    }

    #[track_caller]
    fn assert_turned_away(&self, status: u16, code: &str) {
        self.assert_not_seen();
        assert_eq!(self.answer.status, status, "{self:#?}");
        assert_eq!(self.logged["code"], status, "{self:#?}");
        let content_type = self.answer.header("content-type");
        assert_eq!(content_type, Some("application/problem+json"), "{self:#?}");
        let (problem, record) = (self.answer.json(), self.record());
        assert_eq!(problem["status"], status, "{self:#?}");
        assert_eq!(problem["code"], code, "{self:#?}");
        assert_eq!(problem["record"], record["id"], "{self:#?}");
        assert_eq!(record["decision"], "deny", "{self:#?}");
        assert_eq!(record["code"], code, "{self:#?}");
        assert_eq!(record["response"]["status"], status, "{self:#?}");
    }

    /// Not a byte of it reached the upstream.
    ///
    /// # Panics
    /// When one did.
    #[track_caller]
    pub fn assert_not_seen(&self) {
        assert!(self.seen.is_none(), "the upstream saw {self:#?}");
    }
}
