//! What the rules say: a call with its actions and its principal becomes a [`Decision`].
//!
//! Deny beats ask beats allow, in whatever order the rules stand. With `default: deny` every
//! action needs a rule that allows it; an action that can't be told is allowed by none.

mod condition;
mod could;
mod data;
mod decide;
mod explain;
mod facts;
mod index;
mod name;
mod now;
mod rule;
mod seen;
mod set;
mod vocabulary;

pub use condition::{ActionTest, CallTest, Condition, LabelOf, TextField, TextsField};
pub use data::{Borne, Data, LabelSet, Labels};
pub use decide::{Decision, Faulty, Verdict};
pub use explain::{Account, Step};
pub use facts::{Content, Now, Request};
pub use index::Index;
pub use name::{NamePattern, ResourcePattern};
pub use now::{Clock, Moment, Zone};
pub use rule::{Expression, Mode, Origin, Rule, RuleEffect};
pub use seen::Seen;
pub use set::{GlobSet, NameSet};
pub use vocabulary::ROOTS;

use crate::action::Action;
use crate::principal::Principal;

/// Everything that rules can ask about.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// Name of the API.
    pub api: &'a str,
    /// The environment that the call is made in.
    pub environment: &'a str,
    /// The HTTP request.
    pub request: Request<'a>,
    /// When it comes; nothing where nobody knows.
    pub now: Option<Now>,
    /// Who asks.
    pub principal: &'a Principal,
    /// Whether the claims are all there. A record, for one, holds none.
    pub claims_are_known: bool,
    /// What the call would do.
    pub actions: &'a [Action],
}

/// The rules of a document.
#[derive(Debug)]
pub struct Policy {
    /// Every rule, in document order.
    pub rules: Vec<Rule>,
    /// Which of them can match a call.
    pub index: Index,
    /// What happens where no rule decides.
    pub default: Verdict,
    /// Whether any of it counts, or all is only recorded.
    pub mode: Mode,
    /// What is labelled.
    pub data: Data,
    /// The zone in which hours and weekdays are told.
    pub zone: Zone,
    /// Which costly facts its expressions name.
    pub reads: Reads,
}

/// The root under which the action that is judged stands.
const ACTION: &str = "action";

/// Facts that are only worked out where an expression names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reads {
    /// `request.query`.
    pub query: bool,
    /// `request.body`.
    pub body: bool,
    /// `action.arguments`.
    pub arguments: bool,
    /// `now`.
    pub now: bool,
}

impl Reads {
    /// What these rules name.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        let reads = |fact: &str| rules.iter().any(|rule| rule.reads(fact));
        Self {
            query: reads("request.query"),
            body: reads("request.body"),
            now: reads("now"),
            arguments: reads(&format!("{ACTION}.arguments")) || reads("actions"),
        }
    }
}

/// The name under which the default decides.
pub const DEFAULT_RULE: &str = "default";

impl Policy {
    /// When a call comes, as its rules see it.
    #[must_use]
    pub fn now(&self, moment: Moment) -> Now {
        Now {
            moment,
            clock: self.zone.clock(moment),
        }
    }
}
