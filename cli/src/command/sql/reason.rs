//! Why an action reaches so far, in a sentence.

use lictor_engine::action::Cause;

/// The sentence for a cause.
pub const fn of(cause: Cause) -> &'static str {
    match cause {
        Cause::KeyEquality => "equality with a key finds one row",
        Cause::RowBound => "the number of rows is bounded",
        Cause::AggregateOnly => "only numbers over all rows come out",
        Cause::Condition => "a condition restricts the rows",
        Cause::NoCondition => "there is no condition",
        Cause::AlwaysTrue => "the condition holds whatever the rows are",
        Cause::SelfComparison => "the condition asks what every row answers",
        Cause::UnrestrictedJoin => "no join and no condition restricts what is changed",
        Cause::SameTable => "the condition asks whether a row is in its own table",
        Cause::WholeObject => "the whole object is meant",
    }
}
