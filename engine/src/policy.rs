//! What the rules say: a call with its actions and its principal becomes a [`Decision`].
//!
//! Rules and deciding stand in `lictor-decide`; here is what is asked of them at load: names of
//! time zones, and what is hardly meant so.

mod cover;
mod suspicion;
mod zones;

pub use lictor_decide::policy::{
    Account, ActionTest, Borne, Call, CallTest, Clock, Condition, Content, DEFAULT_RULE, Data,
    Decision, Expression, Faulty, GlobSet, Index, LabelOf, LabelSet, Labels, Mode, Moment,
    NamePattern, NameSet, Now, Origin, Policy, ROOTS, Reads, Request, ResourcePattern, Rule,
    RuleEffect, Seen, Step, TextField, TextsField, Verdict, Zone,
};
pub use suspicion::{Surroundings, suspicions};
pub use zones::zone;

#[cfg(test)]
mod tests;
