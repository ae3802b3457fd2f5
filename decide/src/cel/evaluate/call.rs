//! Functions, each as its documentation in CEL and its libraries has it.

use core::net::IpAddr;

use super::compare::{moment, span, versions};
use super::{Scope, Series, calculate};
use crate::cel::function::Function;
use crate::cel::moment::{Local, Moment, Span, zone};
use crate::cel::schema::Type;
use crate::cel::text::Text;
use crate::cel::value::Val;
use crate::cel::version::version;
use crate::cel::{Fault, network};

impl<'a> Scope<'a> {
    /// The value of a function.
    pub(super) fn call(&self, function: Function, start: u16, count: u8) -> Result<Val<'a>, Fault> {
        let mut arguments = [Val::Missing; 3];
        let ids = self.program.children(start, count.into())?;
        for (argument, id) in arguments.iter_mut().zip(ids) {
            *argument = self.value(*id)?;
        }
        let [first, second, third] = arguments;
        match function {
            Function::Dyn => Ok(first),
            Function::Size => {
                if let Some(text) = Text::of(first) {
                    self.charge_bytes(text.text.len())?;
                }
                size(first)
            }
            Function::ToBool
            | Function::ToInt
            | Function::ToUint
            | Function::ToDouble
            | Function::ToText
            | Function::ToBytes
            | Function::ToTimestamp
            | Function::ToDuration => convert(function, first),
            Function::StartsWith
            | Function::EndsWith
            | Function::Contains
            | Function::LowerAscii
            | Function::UpperAscii
            | Function::Trim
            | Function::Substring
            | Function::CharAt
            | Function::IndexOf
            | Function::LastIndexOf => self.of_text(function, first, second, third),
            Function::FullYear
            | Function::Month
            | Function::DayOfMonth
            | Function::Date
            | Function::DayOfWeek
            | Function::DayOfYear
            | Function::Hours
            | Function::Minutes
            | Function::Seconds
            | Function::Milliseconds => of_time(function, first, second),
            Function::ToVersion
            | Function::IsVersion
            | Function::IsGreaterThan
            | Function::IsLessThan
            | Function::CompareTo
            | Function::Major
            | Function::Minor
            | Function::Patch => of_version(function, first, second),
            _ => of_network(function, first, second),
        }
    }

    fn of_text(
        &self,
        function: Function,
        first: Val<'a>,
        second: Val<'a>,
        third: Val<'a>,
    ) -> Result<Val<'a>, Fault> {
        let text = Text::of(first).ok_or(Fault::NoSuchOverload)?;
        match (function, first) {
            (Function::LowerAscii, Val::Text(text)) => return Ok(Val::Lower(text)),
            (Function::UpperAscii, Val::Text(text)) => return Ok(Val::Upper(text)),
            _ => {}
        }
        match function {
            Function::LowerAscii | Function::UpperAscii => return Err(Fault::NoSuchOverload),
            _ => self.charge_bytes(text.text.len())?,
        }
        match function {
            Function::Trim => return Ok(text.with(text.text.trim_matches(is_space)).val()),
            Function::Substring => return substring(text, second, third),
            Function::CharAt => return char_at(text, second),
            _ => {}
        }
        let other = Text::of(second).ok_or(Fault::NoSuchOverload)?;
        Ok(Val::Bool(match function {
            Function::StartsWith => text.starts_with(other),
            Function::EndsWith => text.ends_with(other),
            Function::Contains => self.find(text, other)?.is_some(),
            _ => return self.index_of(function, text, other, third),
        }))
    }

    /// Searching a folded text compares at every place.
    fn find(&self, text: Text<'a>, other: Text<'a>) -> Result<Option<usize>, Fault> {
        let work = text.text.len().saturating_mul(other.text.len());
        self.charge_bytes(work / 8)?;
        Ok(text.find(other))
    }

    /// `indexOf` and `lastIndexOf`, in characters; -1 if the other is not there.
    fn index_of(
        &self,
        function: Function,
        text: Text<'a>,
        other: Text<'a>,
        from: Val<'a>,
    ) -> Result<Val<'a>, Fault> {
        let is_last = function == Function::LastIndexOf;
        let from = match from {
            Val::Missing => None,
            // The empty text stands everywhere, even beyond the end.
            from if other.text.is_empty() => return Ok(from),
            from => Some(byte_at(text.text, from)?),
        };
        if from.is_some_and(|from| from == text.text.len()) {
            return Err(Fault::Index);
        }
        let place = match (is_last, from) {
            (false, None) => self.find(text, other)?,
            (false, Some(from)) => {
                let tail = text.with(text.text.get(from..).unwrap_or_default());
                let place = self.find(tail, other)?;
                place.map(|place| place.saturating_add(from))
            }
            (true, from) => {
                self.find(text, other)?;
                let end = from.map(|from| from.saturating_add(other.text.len()));
                let end = text.text.floor_char_boundary(end.unwrap_or(usize::MAX));
                let head = text.text.get(..end).unwrap_or_default();
                text.with(head).find_last(other)
            }
        };
        let before = place.and_then(|place| text.text.get(..place));
        let index = before.map(|before| before.chars().count());
        Ok(Val::Int(index.map_or(-1, |index| {
            i64::try_from(index).unwrap_or(i64::MAX)
        })))
    }
}

/// White space as `trim` takes it: Unicode's.
fn is_space(letter: char) -> bool {
    letter.is_whitespace()
}

/// The byte at which a character stands; its end counts as a place.
fn byte_at(text: &str, index: Val<'_>) -> Result<usize, Fault> {
    let index = calculate::index(index)?;
    let places = text.char_indices().map(|(place, _)| place);
    let mut places = places.chain(std::iter::once(text.len()));
    places.nth(index).ok_or(Fault::Index)
}

fn substring<'a>(text: Text<'a>, from: Val<'a>, to: Val<'a>) -> Result<Val<'a>, Fault> {
    let from = byte_at(text.text, from)?;
    let to = match to {
        Val::Missing => text.text.len(),
        to => byte_at(text.text, to)?,
    };
    let part = text.text.get(from..to).ok_or(Fault::Index)?;
    Ok(text.with(part).val())
}

fn char_at<'a>(text: Text<'a>, index: Val<'a>) -> Result<Val<'a>, Fault> {
    let from = byte_at(text.text, index)?;
    let tail = text.text.get(from..).ok_or(Fault::Index)?;
    let length = tail.chars().next().map_or(0, char::len_utf8);
    Ok(text.with(tail.get(..length).unwrap_or_default()).val())
}

fn size(of: Val<'_>) -> Result<Val<'_>, Fault> {
    if let Some(text) = Text::of(of) {
        return Ok(int(text.text.chars().count()));
    }
    if let Val::Bytes(bytes) = of {
        return Ok(int(bytes.len()));
    }
    let series = Series::list(of).or_else(|| Series::keys(of));
    let series = series.ok_or(Fault::NoSuchOverload)?;
    if series.is_complete() {
        Ok(int(series.len()))
    } else {
        Err(Fault::Unknown)
    }
}

fn int<'a>(size: usize) -> Val<'a> {
    Val::Int(i64::try_from(size).unwrap_or(i64::MAX))
}

fn convert(function: Function, value: Val<'_>) -> Result<Val<'_>, Fault> {
    match function {
        Function::ToInt => to_int(value).map(Val::Int),
        Function::ToUint => to_uint(value).map(Val::Uint),
        Function::ToDouble => to_double(value).map(Val::Double),
        Function::ToTimestamp => to_moment(value).map(Val::from),
        Function::ToDuration => match (span(value), as_it_is(value)) {
            (Some(span), _) => Ok(span.into()),
            (None, text) => Span::parse(text?).map(Val::from),
        },
        Function::ToBool => match value {
            Val::Bool(_) => Ok(value),
            _ => match as_it_is(value)? {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Val::Bool(true)),
                "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Val::Bool(false)),
                _ => Err(Fault::Invalid),
            },
        },
        Function::ToBytes => match value {
            Val::Bytes(_) => Ok(value),
            _ => as_it_is(value).map(|text| Val::Bytes(text.as_bytes())),
        },
        _ => match value {
            Val::Text(_) | Val::Lower(_) | Val::Upper(_) => Ok(value),
            Val::Bool(truth) => Ok(Val::Text(if truth { "true" } else { "false" })),
            Val::Bytes(bytes) => {
                let text = std::str::from_utf8(bytes);
                text.map(Val::Text).map_err(|_| Fault::Invalid)
            }
            _ => Err(Fault::NoSuchOverload),
        },
    }
}

/// A text that is seen as it is: the other way would have to be written down somewhere.
fn as_it_is(value: Val<'_>) -> Result<&str, Fault> {
    let text = Text::of(value).filter(|text| text.is_as_it_is());
    text.map(|text| text.text).ok_or(Fault::NoSuchOverload)
}

fn to_int(value: Val<'_>) -> Result<i64, Fault> {
    match value {
        Val::Int(value) => Ok(value),
        Val::Uint(value) => i64::try_from(value).map_err(|_| Fault::Overflow),
        Val::Double(value) => calculate::to_int(value),
        Val::Timestamp { seconds, .. } => Ok(seconds),
        _ => as_it_is(value)?.parse().map_err(|_| Fault::Invalid),
    }
}

fn to_uint(value: Val<'_>) -> Result<u64, Fault> {
    match value {
        Val::Uint(value) => Ok(value),
        Val::Int(value) => u64::try_from(value).map_err(|_| Fault::Overflow),
        Val::Double(value) => calculate::to_uint(value),
        _ => as_it_is(value)?.parse().map_err(|_| Fault::Invalid),
    }
}

fn to_double(value: Val<'_>) -> Result<f64, Fault> {
    match value {
        Val::Double(value) => Ok(value),
        #[expect(clippy::cast_precision_loss, reason = "CEL rounds to the nearest")]
        Val::Int(value) => Ok(value as f64),
        #[expect(clippy::cast_precision_loss, reason = "CEL rounds to the nearest")]
        Val::Uint(value) => Ok(value as f64),
        _ => as_it_is(value)?.parse().map_err(|_| Fault::Invalid),
    }
}

fn to_moment(value: Val<'_>) -> Result<Moment, Fault> {
    match value {
        Val::Int(seconds) => Moment::new(seconds, 0),
        Val::Timestamp { seconds, nanos } => Ok(Moment { seconds, nanos }),
        _ => Moment::parse(as_it_is(value)?),
    }
}

fn of_time<'a>(function: Function, of: Val<'a>, ahead: Val<'a>) -> Result<Val<'a>, Fault> {
    if let (Some(span), Val::Missing) = (span(of), ahead) {
        let unit: i64 = match function {
            Function::Hours => 3_600_000_000_000,
            Function::Minutes => 60_000_000_000,
            Function::Seconds => 1_000_000_000,
            _ => return Ok(Val::Int(i64::from(span.parts().1 / 1_000_000))),
        };
        return Ok(Val::Int(span.whole(unit)));
    }
    let ahead = match ahead {
        Val::Missing => 0,
        ahead => zone(as_it_is(ahead)?).ok_or(Fault::Invalid)?,
    };
    let moment = moment(of).ok_or(Fault::NoSuchOverload)?;
    Ok(Val::Int(shown(function, moment.in_zone(ahead), moment)))
}

fn shown(function: Function, local: Local, moment: Moment) -> i64 {
    let second = local.second_of_day;
    match function {
        Function::FullYear => local.year,
        Function::Month => local.month.saturating_sub(1),
        Function::DayOfMonth => local.day.saturating_sub(1),
        Function::Date => local.day,
        Function::DayOfWeek => local.day_of_week,
        Function::DayOfYear => local.day_of_year,
        Function::Hours => second / 3600,
        Function::Minutes => second / 60 % 60,
        Function::Seconds => second % 60,
        _ => i64::from(moment.nanos / 1_000_000),
    }
}

fn of_version<'a>(function: Function, first: Val<'a>, second: Val<'a>) -> Result<Val<'a>, Fault> {
    let one = match (function, first) {
        (Function::ToVersion, _) => {
            let text = as_it_is(first)?;
            let version = version(text).map(|_| Val::Version(text));
            return version.ok_or(Fault::Invalid);
        }
        (Function::IsVersion, _) => return Ok(Val::Bool(version(as_it_is(first)?).is_some())),
        (_, Val::Version(one)) => one,
        _ => return Err(Fault::NoSuchOverload),
    };
    if let Val::Version(two) = second {
        let order = versions(one, two)?;
        return Ok(match function {
            Function::IsGreaterThan => Val::Bool(order.is_gt()),
            Function::IsLessThan => Val::Bool(order.is_lt()),
            _ => Val::Int(order as i64),
        });
    }
    let [major, minor, patch] = version(one).ok_or(Fault::Invalid)?.numbers;
    let number = match function {
        Function::Major => major,
        Function::Minor => minor,
        Function::Patch => patch,
        _ => return Err(Fault::NoSuchOverload),
    };
    i64::try_from(number)
        .map(Val::Int)
        .map_err(|_| Fault::Overflow)
}

fn of_network<'a>(function: Function, first: Val<'a>, second: Val<'a>) -> Result<Val<'a>, Fault> {
    match function {
        Function::ToIp => return address(as_it_is(first)?).map(Val::Ip),
        Function::IsIp => return Ok(Val::Bool(address(as_it_is(first)?).is_ok())),
        Function::IsCanonical => {
            let text = as_it_is(first)?;
            let address = address(text)?;
            return Ok(Val::Bool(network::is_canonical(text, address)));
        }
        Function::ToCidr => {
            let (address, bits) = network::range(as_it_is(first)?).ok_or(Fault::Invalid)?;
            return Ok(Val::Cidr(address, bits));
        }
        Function::IsCidr => return Ok(Val::Bool(network::range(as_it_is(first)?).is_some())),
        _ => {}
    }
    match first {
        Val::Ip(address) => of_address(function, address),
        Val::Cidr(address, bits) => of_range(function, (address, bits), second),
        _ => Err(Fault::NoSuchOverload),
    }
}

fn address(text: &str) -> Result<IpAddr, Fault> {
    network::address(text).ok_or(Fault::Invalid)
}

fn of_address<'a>(function: Function, address: IpAddr) -> Result<Val<'a>, Fault> {
    Ok(Val::Bool(match function {
        Function::Family => return Ok(Val::Int(if address.is_ipv4() { 4 } else { 6 })),
        Function::IsUnspecified => address.is_unspecified(),
        Function::IsLoopback => address.is_loopback(),
        Function::IsGlobalUnicast => network::is_global_unicast(address),
        Function::IsLinkLocalMulticast => network::is_link_local_multicast(address),
        Function::IsLinkLocalUnicast => network::is_link_local(address),
        _ => return Err(Fault::NoSuchOverload),
    }))
}

fn of_range<'a>(
    function: Function,
    range: (IpAddr, u8),
    second: Val<'a>,
) -> Result<Val<'a>, Fault> {
    Ok(match function {
        Function::AddressOf => Val::Ip(range.0),
        Function::Masked => Val::Cidr(network::masked(range.0, range.1), range.1),
        Function::PrefixLength => Val::Int(range.1.into()),
        Function::ContainsIp => Val::Bool(match second {
            Val::Ip(address) => network::holds(range, address),
            text => network::holds(range, address(as_it_is(text)?)?),
        }),
        Function::ContainsCidr => Val::Bool(match second {
            Val::Cidr(address, bits) => network::holds_range(range, (address, bits)),
            text => {
                let other = network::range(as_it_is(text)?).ok_or(Fault::Invalid)?;
                network::holds_range(range, other)
            }
        }),
        _ => return Err(Fault::NoSuchOverload),
    })
}

/// An open value read as the type that it was declared to be.
pub fn declared<'a>(value: Val<'a>, kind: Type) -> Result<Val<'a>, Fault> {
    let is_as_declared = match kind {
        Type::Int if matches!(value, Val::Int(_)) => true,
        Type::Uint if matches!(value, Val::Uint(_)) => true,
        Type::Ip if matches!(value, Val::Ip(_)) => true,
        Type::Cidr if matches!(value, Val::Cidr(..)) => true,
        Type::Version if matches!(value, Val::Version(_)) => true,
        Type::Dyn => true,
        Type::Bool => matches!(value, Val::Bool(_)),
        Type::Double => matches!(value, Val::Double(_)),
        Type::Text => matches!(value, Val::Text(_)),
        Type::Null => matches!(value, Val::Null),
        Type::Int => return whole(value).and_then(calculate::to_int).map(Val::Int),
        Type::Uint => return whole(value).and_then(calculate::to_uint).map(Val::Uint),
        Type::Timestamp => {
            let value = whole(value)
                .and_then(calculate::to_int)
                .map_or(value, Val::Int);
            return to_moment(value).map(Val::from);
        }
        Type::Duration => return convert(Function::ToDuration, value),
        Type::Ip => return of_network(Function::ToIp, value, Val::Missing),
        Type::Cidr => return of_network(Function::ToCidr, value, Val::Missing),
        Type::Version => return of_version(Function::ToVersion, value, Val::Missing),
        Type::List(kind) => Series::list(value).is_some_and(|list| are_all(list, *kind)),
        Type::Map(kind) => is_map_of(value, *kind),
        Type::Bytes | Type::Record(_) => false,
    };
    is_as_declared.then_some(value).ok_or(Fault::NoSuchOverload)
}

/// JSON has one kind of number; one that is declared whole has no fraction.
fn whole(value: Val<'_>) -> Result<f64, Fault> {
    match value {
        Val::Double(value) if value.fract() == 0.0 => Ok(value),
        _ => Err(Fault::NoSuchOverload),
    }
}

fn are_all(list: Series<'_>, kind: Type) -> bool {
    let mut items = (0..list.len()).map(|index| super::present(list.item(index)));
    items.all(|item| item.and_then(|item| declared(item, kind)).is_ok())
}

fn is_map_of(value: Val<'_>, kind: Type) -> bool {
    let Val::Dyn(crate::value::Value::Object(members)) = value else {
        return false;
    };
    let mut values = members
        .iter()
        .map(|(_, value)| super::present(Val::Dyn(value)));
    values.all(|item| item.and_then(|item| declared(item, kind)).is_ok())
}
