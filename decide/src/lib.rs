//! Deciding: what a call would do and who asks, held against the rules, becomes a decision.
//!
//! Here is what runs for every call and every rule, and the values that it reads: a crate of its
//! own, because a module compiles it for speed and all else for size. It reads no document and
//! no expression: `lictor-engine` makes of them what stands here, and gives all of this on.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        reason = "a test that overflows fails"
    )
)]

pub mod limits;

pub mod glob;
pub mod lookup;
pub mod value;

pub mod action;
pub mod position;
pub mod principal;

pub mod cel;

pub mod policy;
