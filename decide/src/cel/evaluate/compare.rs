//! Equality and order, as CEL has them: numbers by what they are worth, whatever their type.

use std::cmp::Ordering;

use super::{Scope, Series, present};
use crate::cel::Fault;
use crate::cel::moment::{Moment, Span};
use crate::cel::node::Comparison;
use crate::cel::text::Text;
use crate::cel::value::Val;
use crate::cel::version::version;

impl<'a> Scope<'a> {
    /// Whether a comparison holds.
    pub(super) fn compare(
        &self,
        how: Comparison,
        left: Val<'a>,
        right: Val<'a>,
    ) -> Result<bool, Fault> {
        if how.is_equality() {
            let is_equal = self.equal(left, right)?;
            return Ok(is_equal == (how == Comparison::Equal));
        }
        if let (Some(one), Some(_)) = (Text::of(left), Text::of(right)) {
            self.charge_bytes(one.text.len())?;
        }
        // Not a number: it equals nothing and has no order.
        let order = order(left, right)?.ok_or(Fault::NoSuchOverload)?;
        Ok(how.holds(order))
    }

    /// Whether two values are equal. Values of different types are not; nothing of that
    /// fails but what can't be told.
    pub(super) fn equal(&self, left: Val<'a>, right: Val<'a>) -> Result<bool, Fault> {
        let (left, right) = (present(left)?, present(right)?);
        if let (Some(one), Some(two)) = (Text::of(left), Text::of(right)) {
            self.charge_bytes(one.text.len())?;
            return Ok(one.equals(two));
        }
        Ok(match (left, right) {
            (Val::Null, Val::Null) => true,
            (Val::Bool(one), Val::Bool(two)) => one == two,
            (Val::Bytes(one), Val::Bytes(two)) => one == two,
            (Val::Ip(one), Val::Ip(two)) => one == two,
            (Val::Cidr(one, bits), Val::Cidr(two, other)) => one == two && bits == other,
            (
                Val::List(_) | Val::Map(_) | Val::Dyn(_),
                Val::List(_) | Val::Map(_) | Val::Dyn(_),
            ) => {
                return self.equal_series(left, right);
            }
            (Val::Record(_), _) | (_, Val::Record(_)) => return Err(Fault::NoSuchOverload),
            _ => matches!(order(left, right), Ok(Some(Ordering::Equal))),
        })
    }

    fn equal_series(&self, left: Val<'a>, right: Val<'a>) -> Result<bool, Fault> {
        let (one, two, are_lists) = match (Series::list(left), Series::list(right)) {
            (Some(one), Some(two)) => (one, two, true),
            (None, None) => match (Series::keys(left), Series::keys(right)) {
                (Some(one), Some(two)) => (one, two, false),
                _ => return Ok(false),
            },
            _ => return Ok(false),
        };
        let is_complete = one.is_complete() && two.is_complete();
        if is_complete && one.len() != two.len() {
            return Ok(false);
        }
        let mut fault = (!is_complete).then_some(Fault::Unknown);
        for index in 0..one.len().min(two.len()) {
            self.charge(1)?;
            let pair = if are_lists {
                (one.item(index), two.item(index))
            } else {
                let Val::Text(key) = one.item(index) else {
                    return Err(Fault::Unknown);
                };
                match (self.member(left, key)?, self.member(right, key)?) {
                    (_, Val::Missing) => return Ok(false),
                    pair => pair,
                }
            };
            match self.equal(pair.0, pair.1) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(other) => fault = Some(fault.map_or(other, |one: Fault| one.or(other))),
            }
        }
        fault.map_or(Ok(true), Err)
    }
}

impl Comparison {
    /// Whether it is about equality alone.
    const fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::Unequal)
    }

    /// Whether it holds for values that stand in that order.
    pub(super) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Which of two values comes first; `None` with what is not a number.
fn order(left: Val<'_>, right: Val<'_>) -> Result<Option<Ordering>, Fault> {
    if let (Some(one), Some(two)) = (Text::of(left), Text::of(right)) {
        return Ok(Some(one.order(two)));
    }
    Ok(Some(match (left, right) {
        (Val::Int(one), Val::Int(two)) => one.cmp(&two),
        (Val::Uint(one), Val::Uint(two)) => one.cmp(&two),
        (Val::Double(one), Val::Double(two)) => return Ok(one.partial_cmp(&two)),
        (Val::Int(one), Val::Uint(two)) => i128::from(one).cmp(&i128::from(two)),
        (Val::Uint(one), Val::Int(two)) => i128::from(one).cmp(&i128::from(two)),
        (Val::Int(one), Val::Double(two)) => return Ok(whole_with_double(one.into(), two)),
        (Val::Uint(one), Val::Double(two)) => return Ok(whole_with_double(one.into(), two)),
        (Val::Double(one), Val::Int(two)) => {
            return Ok(whole_with_double(two.into(), one).map(Ordering::reverse));
        }
        (Val::Double(one), Val::Uint(two)) => {
            return Ok(whole_with_double(two.into(), one).map(Ordering::reverse));
        }
        (Val::Bool(one), Val::Bool(two)) => one.cmp(&two),
        (Val::Bytes(one), Val::Bytes(two)) => one.cmp(two),
        _ => return order_of_rarer(left, right).map(Some),
    }))
}

fn order_of_rarer(left: Val<'_>, right: Val<'_>) -> Result<Ordering, Fault> {
    if let (Some(one), Some(two)) = (moment(left), moment(right)) {
        return Ok(one.cmp(&two));
    }
    if let (Some(one), Some(two)) = (span(left), span(right)) {
        return Ok(one.cmp(&two));
    }
    if let (Val::Version(one), Val::Version(two)) = (left, right) {
        return versions(one, two);
    }
    Err(Fault::NoSuchOverload)
}

/// Which of two versions comes first.
pub fn versions(one: &str, two: &str) -> Result<Ordering, Fault> {
    match (version(one), version(two)) {
        (Some(one), Some(two)) => Ok(one.order(two)),
        _ => Err(Fault::Invalid),
    }
}

/// The point in time that a value is.
pub fn moment(value: Val<'_>) -> Option<Moment> {
    match value {
        Val::Timestamp { seconds, nanos } => Some(Moment { seconds, nanos }),
        _ => None,
    }
}

/// The span of time that a value is.
pub fn span(value: Val<'_>) -> Option<Span> {
    match value {
        Val::Duration { seconds, nanos } => Some(Span::of(seconds, nanos)),
        _ => None,
    }
}

/// A whole number of 64 bits with any other: as CEL has it, rounded to the nearest double.
fn whole_with_double(whole: i128, double: f64) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "CEL rounds to the nearest")]
    let rounded = whole as f64;
    rounded.partial_cmp(&double)
}
