//! The bounds of deciding: each with its default, its unit and the attack it stops.

/// Most labels of data. Stops sets of labels from growing beyond one machine word.
pub const LABELS: usize = 64;

/// How deep `exists` and its like may be nested. Stops polynomial work.
pub const EXPRESSION_LOOPS: usize = 2;

/// Most steps over lists and texts that evaluating one expression may take. Stops calls with
/// long lists from being slow.
pub const EXPRESSION_STEPS: u32 = 200_000;

/// Most such steps that all expressions of one rule may take over all actions of a call. Stops
/// calls of many statements beside a long list that is gone through for each of them.
pub const RULE_STEPS: u32 = 400_000;

/// Longest pattern of `matches`, in bytes.
pub const PATTERN_BYTES: usize = 512;

/// Largest compiled pattern, in bytes. Stops `(a{1000}){1000}`.
pub const PATTERN_PROGRAM_BYTES: usize = 64 * 1024;

/// Deepest nesting of groups in a pattern. Stops stack exhaustion.
pub const PATTERN_DEPTH: u32 = 16;
