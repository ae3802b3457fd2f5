//! Calculations: every one checked, none wraps.

use super::compare::{moment, span};
use crate::cel::Fault;
use crate::cel::moment::{Moment, Span};
use crate::cel::node::Calculation;
use crate::cel::value::Val;

/// What a calculation gives.
pub fn calculated<'a>(how: Calculation, left: Val<'a>, right: Val<'a>) -> Result<Val<'a>, Fault> {
    match (left, right) {
        (Val::Int(one), Val::Int(two)) => whole(how, one, two),
        (Val::Uint(one), Val::Uint(two)) => natural(how, one, two),
        (Val::Double(one), Val::Double(two)) => double(how, one, two),
        _ => time(how, left, right),
    }
}

/// The negative of a number.
pub fn negated(value: Val<'_>) -> Result<Val<'_>, Fault> {
    match value {
        Val::Int(value) => value.checked_neg().map(Val::Int).ok_or(Fault::Overflow),
        Val::Double(value) => Ok(Val::Double(-value)),
        _ => Err(Fault::NoSuchOverload),
    }
}

/// The place that a number names.
pub fn index(key: Val<'_>) -> Result<usize, Fault> {
    match key {
        Val::Int(index) => usize::try_from(index).map_err(|_| Fault::Index),
        Val::Uint(index) => usize::try_from(index).map_err(|_| Fault::Index),
        Val::Double(index) if index.fract() == 0.0 => {
            let index = to_int(index)?;
            usize::try_from(index).map_err(|_| Fault::Index)
        }
        Val::Double(_) => Err(Fault::Index),
        _ => Err(Fault::NoSuchOverload),
    }
}

/// The whole part of a number, if 64 bits hold it without doubt.
pub fn to_int(value: f64) -> Result<i64, Fault> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let is_within = -LIMIT < value && value < LIMIT;
    #[expect(clippy::cast_possible_truncation, reason = "within 64 bits")]
    is_within.then_some(value as i64).ok_or(Fault::Overflow)
}

/// The whole part of a number that is not negative, if 64 bits hold it.
pub fn to_uint(value: f64) -> Result<u64, Fault> {
    const LIMIT: f64 = 18_446_744_073_709_551_616.0;
    let is_within = (0.0..LIMIT).contains(&value);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 64 bits and not negative"
    )]
    is_within.then_some(value as u64).ok_or(Fault::Overflow)
}

fn whole<'a>(how: Calculation, one: i64, two: i64) -> Result<Val<'a>, Fault> {
    let result = match how {
        Calculation::Add => one.checked_add(two),
        Calculation::Subtract => one.checked_sub(two),
        Calculation::Multiply => one.checked_mul(two),
        _ if two == 0 => return Err(Fault::DivisionByZero),
        Calculation::Divide => one.checked_div(two),
        Calculation::Remainder => one.checked_rem(two),
    };
    result.map(Val::Int).ok_or(Fault::Overflow)
}

fn natural<'a>(how: Calculation, one: u64, two: u64) -> Result<Val<'a>, Fault> {
    let result = match how {
        Calculation::Add => one.checked_add(two),
        Calculation::Subtract => one.checked_sub(two),
        Calculation::Multiply => one.checked_mul(two),
        _ if two == 0 => return Err(Fault::DivisionByZero),
        Calculation::Divide => one.checked_div(two),
        Calculation::Remainder => one.checked_rem(two),
    };
    result.map(Val::Uint).ok_or(Fault::Overflow)
}

fn double<'a>(how: Calculation, one: f64, two: f64) -> Result<Val<'a>, Fault> {
    Ok(Val::Double(match how {
        Calculation::Add => one + two,
        Calculation::Subtract => one - two,
        Calculation::Multiply => one * two,
        Calculation::Divide => one / two,
        Calculation::Remainder => return Err(Fault::NoSuchOverload),
    }))
}

fn time<'a>(how: Calculation, left: Val<'a>, right: Val<'a>) -> Result<Val<'a>, Fault> {
    let is_sum = how == Calculation::Add;
    if !is_sum && how != Calculation::Subtract {
        return Err(Fault::NoSuchOverload);
    }
    match (moment(left), span(left), moment(right), span(right)) {
        (Some(one), _, _, Some(two)) if is_sum => one.plus(two).map(Val::from),
        (_, Some(one), Some(two), _) if is_sum => two.plus(one).map(Val::from),
        (_, Some(one), _, Some(two)) if is_sum => one.plus(two).map(Val::from),
        (Some(one), _, _, Some(two)) => one.minus(two).map(Val::from),
        (Some(one), _, Some(two), _) if !is_sum => one.since(two).map(Val::from),
        (_, Some(one), _, Some(two)) => one.minus(two).map(Val::from),
        _ => Err(Fault::NoSuchOverload),
    }
}

impl From<Moment> for Val<'_> {
    fn from(moment: Moment) -> Self {
        let Moment { seconds, nanos } = moment;
        Self::Timestamp { seconds, nanos }
    }
}

impl From<Span> for Val<'_> {
    fn from(span: Span) -> Self {
        let (seconds, nanos) = span.parts();
        Self::Duration { seconds, nanos }
    }
}
