//! Points and spans of time: read from text, taken apart, added.
//!
//! Points reach from year 1 to 9999 (RFC 3339), spans as far as 10,000 years, as
//! `google.protobuf.Timestamp` and `Duration` do; what lies beyond is a fault.

use super::Fault;

/// First second of year 1.
const FIRST: i64 = -62_135_596_800;
/// Last second of year 9999.
const LAST: i64 = 253_402_300_799;
/// Longest span in seconds.
const LONGEST: i64 = 315_576_000_000;
const DAY: i64 = 86_400;
const NANOS: i64 = 1_000_000_000;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// Nanoseconds after that second.
    pub nanos: u32,
}

/// A span of time, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub i128);

impl Moment {
    /// The point that many nanoseconds after 1970.
    fn at(nanos: i128) -> Result<Self, Fault> {
        let seconds = i64::try_from(nanos.div_euclid(NANOS.into()));
        let nanos = u32::try_from(nanos.rem_euclid(NANOS.into()));
        match (seconds, nanos) {
            (Ok(seconds), Ok(nanos)) => Self::new(seconds, nanos),
            _ => Err(Fault::Overflow),
        }
    }

    /// The point that many seconds after 1970.
    pub fn new(seconds: i64, nanos: u32) -> Result<Self, Fault> {
        let is_within = (FIRST..=LAST).contains(&seconds) && i64::from(nanos) < NANOS;
        let moment = Self { seconds, nanos };
        is_within.then_some(moment).ok_or(Fault::Overflow)
    }

    fn nanos(self) -> i128 {
        let seconds = i128::from(self.seconds).saturating_mul(NANOS.into());
        seconds.saturating_add(self.nanos.into())
    }

    /// Reads RFC 3339: `2026-11-24T13:00:00.5+01:00`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        read_moment(text).ok_or(Fault::Invalid)?
    }

    /// The point that much later.
    pub fn plus(self, span: Span) -> Result<Self, Fault> {
        Self::at(self.nanos().saturating_add(span.0))
    }

    /// The point that much earlier.
    pub fn minus(self, span: Span) -> Result<Self, Fault> {
        Self::at(self.nanos().saturating_sub(span.0))
    }

    /// The span from another point to this one. Refused where CEL, whose spans are 64 bits
    /// of nanoseconds, can't hold it.
    pub fn since(self, other: Self) -> Result<Span, Fault> {
        let nanos = self.nanos().saturating_sub(other.nanos());
        match i64::try_from(nanos) {
            Ok(_) => Ok(Span(nanos)),
            Err(_) => Err(Fault::Overflow),
        }
    }

    /// The calendar and the clock as they stand in a zone that many seconds ahead of UTC.
    pub fn in_zone(self, ahead: i64) -> Local {
        let seconds = self.seconds.saturating_add(ahead);
        let days = seconds.div_euclid(DAY);
        let (year, month, day) = date(days);
        Local {
            year,
            month,
            day,
            day_of_week: days.saturating_add(4).rem_euclid(7),
            day_of_year: days.saturating_sub(days_until(year, 1, 1)),
            second_of_day: seconds.rem_euclid(DAY),
        }
    }
}

/// A point in time as calendars and clocks show it.
#[derive(Debug, Clone, Copy)]
pub struct Local {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The day of the week; Sunday is 0.
    pub day_of_week: i64,
    /// The day of the year, from 0.
    pub day_of_year: i64,
    /// Seconds since midnight.
    pub second_of_day: i64,
}

impl Span {
    /// A span of that many nanoseconds.
    pub fn new(nanos: i128) -> Result<Self, Fault> {
        let most = i128::from(LONGEST).saturating_mul(NANOS.into());
        let is_within = nanos.unsigned_abs() <= most.unsigned_abs();
        is_within.then_some(Self(nanos)).ok_or(Fault::Overflow)
    }

    /// A span of seconds and nanoseconds.
    pub fn of(seconds: i64, nanos: i32) -> Self {
        let whole = i128::from(seconds).saturating_mul(NANOS.into());
        Self(whole.saturating_add(nanos.into()))
    }

    /// Whole seconds and the nanoseconds beyond them, of the same sign.
    pub fn parts(self) -> (i64, i32) {
        let seconds = self.0.checked_div(NANOS.into());
        let nanos = self.0.checked_rem(NANOS.into());
        (
            seconds
                .and_then(|seconds| seconds.try_into().ok())
                .unwrap_or_default(),
            nanos
                .and_then(|nanos| nanos.try_into().ok())
                .unwrap_or_default(),
        )
    }

    /// How many whole units of so many nanoseconds it holds.
    pub fn whole(self, unit: i64) -> i64 {
        let units = self.0.checked_div(unit.into());
        units
            .and_then(|units| units.try_into().ok())
            .unwrap_or_default()
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        Self::new(self.0.saturating_add(other.0))
    }

    /// This without the other.
    pub fn minus(self, other: Self) -> Result<Self, Fault> {
        Self::new(self.0.saturating_sub(other.0))
    }

    /// Reads numbers with units: `1h30m`, `-1.5s`, `250ms`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        let nanos = read_span(rest).ok_or(Fault::Invalid)?;
        Self::new(if is_negative {
            nanos.saturating_neg()
        } else {
            nanos
        })
    }
}

/// The seconds that a zone is ahead of UTC: `UTC`, `+02:00`, `-09:30`. Names of places need
/// tables that change with laws, so they are not read.
pub fn zone(text: &str) -> Option<i64> {
    if text.is_empty() || text == "UTC" || text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut reader = Reader(rest);
    let ahead = reader.clock_offset()?;
    reader.0.is_empty().then(|| ahead.saturating_mul(sign))
}

/// What is left of a text that is read from its start.
struct Reader<'t>(&'t str);

impl Reader<'_> {
    /// So many digits as a number.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        self.0 = rest;
        are_digits.then(|| digits.parse().ok())?
    }

    /// That character.
    fn skip(&mut self, mark: char) -> Option<()> {
        self.0 = self.0.strip_prefix(mark)?;
        Some(())
    }

    /// Digits behind a point, as so many digits of a fraction; what lies beyond is dropped.
    fn fraction(&mut self) -> Option<u32> {
        if self.skip('.').is_none() {
            return Some(0);
        }
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit());
        let (digits, rest) = self.0.split_at_checked(end.unwrap_or(self.0.len()))?;
        self.0 = rest;
        if digits.is_empty() {
            return None;
        }
        let padded = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
        let add = |sum: u32, digit: u8| {
            let digit = u32::from(digit.saturating_sub(b'0'));
            sum.saturating_mul(10).saturating_add(digit)
        };
        Some(padded.fold(0, add))
    }

    /// `02:00` as seconds.
    fn clock_offset(&mut self) -> Option<i64> {
        let hours = self.digits(2).filter(|hours| *hours < 24)?;
        self.skip(':')?;
        let minutes = self.digits(2).filter(|minutes| *minutes < 60)?;
        Some(
            hours
                .saturating_mul(60)
                .saturating_add(minutes)
                .saturating_mul(60),
        )
    }
}

fn read_moment(text: &str) -> Option<Result<Moment, Fault>> {
    let mut reader = Reader(text);
    let year = reader.digits(4)?;
    reader.skip('-')?;
    let month = reader.digits(2).filter(|month| (1..=12).contains(month))?;
    reader.skip('-')?;
    let day = reader.digits(2)?;
    if !(1..=days_of_month(year, month)).contains(&day) {
        return None;
    }
    reader.skip('T')?;
    let clock = reader.clock_offset()?;
    reader.skip(':')?;
    let seconds = reader.digits(2).filter(|seconds| *seconds < 60)?;
    let nanos = reader.fraction()?;
    let sign = match reader.0.chars().next()? {
        'Z' => 0,
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    reader.0 = reader.0.get(1..)?;
    let ahead = if sign == 0 { 0 } else { reader.clock_offset()? };
    let days = days_until(year, month, day).saturating_mul(DAY);
    let local = days.saturating_add(clock).saturating_add(seconds);
    let utc = local.saturating_sub(ahead.saturating_mul(sign));
    reader.0.is_empty().then(|| Moment::new(utc, nanos))
}

fn read_span(text: &str) -> Option<i128> {
    const UNITS: [(&str, i128); 7] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    let (mut rest, mut sum) = (text, 0_i128);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (whole, behind) = rest.split_at_checked(end)?;
        let mut reader = Reader(behind);
        let fraction = reader.fraction()?;
        if whole.is_empty() && reader.0.len() == behind.len() {
            return None;
        }
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        let unit = UNITS.iter().find(|(name, _)| names_unit(reader.0, name));
        let (name, nanos) = unit?;
        let part = i128::from(fraction)
            .checked_mul(*nanos)?
            .checked_div(NANOS.into())?;
        sum = sum
            .checked_add(whole.checked_mul(*nanos)?)?
            .checked_add(part)?;
        rest = reader.0.get(name.len()..)?;
    }
    Some(sum)
}

/// Whether a text starts with that unit and not with a longer one.
fn names_unit(text: &str, unit: &str) -> bool {
    let behind = text.strip_prefix(unit);
    behind.is_some_and(|rest| {
        let next = rest.bytes().next();
        next.is_none_or(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/// Days from 1970 to a date. Counts years from March, so that the odd day comes last.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let is_early = month <= 2;
    let year = year.saturating_sub(i64::from(is_early));
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = month.saturating_add(if is_early { 9 } else { -3 });
    let before_month = month.saturating_mul(153).saturating_add(2) / 5;
    let day_of_year = before_month.saturating_add(day).saturating_sub(1);
    let leap_days = (year_of_era / 4).saturating_sub(year_of_era / 100);
    let day_of_era = year_of_era.saturating_mul(365).saturating_add(leap_days);
    let days = era.saturating_mul(146_097).saturating_add(day_of_era);
    days.saturating_add(day_of_year).saturating_sub(719_468)
}

/// The date that many days after 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let leap_days = (day_of_era / 1_460)
        .saturating_sub(day_of_era / 36_524)
        .saturating_add(day_of_era / 146_096);
    let year_of_era = day_of_era.saturating_sub(leap_days) / 365;
    let before_year = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(before_year);
    let month = day_of_year.saturating_mul(5).saturating_add(2) / 153;
    let before_month = month.saturating_mul(153).saturating_add(2) / 5;
    let day = day_of_year.saturating_sub(before_month).saturating_add(1);
    let month = month.saturating_add(if month < 10 { 3 } else { -9 });
    let year = era.saturating_mul(400).saturating_add(year_of_era);
    (year.saturating_add(i64::from(month <= 2)), month, day)
}

#[cfg(test)]
mod tests {
    use super::{Moment, Span, zone};
    use crate::cel::Fault;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn seconds(text: &str) -> Result<i64, Fault> {
        Moment::parse(text).map(|moment| moment.seconds)
    }

    #[test]
    fn dates_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Ok(0));
        assert_eq!(seconds("2009-02-13T23:31:30Z"), Ok(1_234_567_890));
        assert_eq!(seconds("2009-02-14T01:31:30+02:00"), Ok(1_234_567_890));
        assert_eq!(seconds("2000-02-29T12:00:00Z"), Ok(951_825_600));
        assert_eq!(
            Moment::parse("1970-01-01T00:00:00.25Z").unwrap().nanos,
            250_000_000
        );
        for wrong in [
            "",
            "2009",
            "2009-02-30T00:00:00Z",
            "2009-13-01T00:00:00Z",
            "2009-02-13T24:00:00Z",
            "2009-02-13T23:31:60Z",
            "2009-02-13t23:31:30Z",
            "2009-02-13T23:31:30",
            "1900-02-29T00:00:00Z",
            "2009-02-13T23:31:30Z ",
            "2009-02-13T23:31:30.Z",
            "+009-02-13T23:31:30Z",
        ] {
            assert_eq!(seconds(wrong), Err(Fault::Invalid), "{wrong}");
        }
        assert_eq!(seconds("0000-01-01T00:00:00Z"), Err(Fault::Overflow));
    }

    #[test]
    fn every_day_of_four_centuries_has_its_date() {
        let mut days = super::days_until(1800, 1, 1);
        for year in 1800..2200 {
            for month in 1..=12 {
                for day in 1..=super::days_of_month(year, month) {
                    assert_eq!(super::days_until(year, month, day), days);
                    assert_eq!(super::date(days), (year, month, day));
                    days += 1;
                }
            }
        }
    }

    #[test]
    fn spans_are_read() {
        let nanos = |text| Span::parse(text).map(|span| span.0);
        assert_eq!(nanos("1h30m"), Ok(5_400_000_000_000));
        assert_eq!(nanos("-1.5s"), Ok(-1_500_000_000));
        assert_eq!(nanos("250ms"), Ok(250_000_000));
        assert_eq!(nanos("1us2ns"), Ok(1_002));
        assert_eq!(nanos(".5s"), Ok(500_000_000));
        assert_eq!(nanos("0"), Ok(0));
        for wrong in ["", "1", "s", "1d", "1h30", "--1s", "1 s", ".s", "1.s"] {
            assert_eq!(nanos(wrong), Err(Fault::Invalid), "{wrong}");
        }
        assert_eq!(nanos("320000000000s"), Err(Fault::Overflow));
    }

    #[test]
    fn zones_are_read() {
        assert_eq!(zone("UTC"), Some(0));
        assert_eq!(zone("+02:00"), Some(7_200));
        assert_eq!(zone("02:00"), Some(7_200));
        assert_eq!(zone("-09:30"), Some(-34_200));
        assert_eq!(zone("Europe/Berlin"), None);
        assert_eq!(zone("+2"), None);
    }

    #[test]
    fn calendars_and_clocks_are_shown() {
        let local = Moment::parse("2009-02-13T23:31:30Z")
            .unwrap()
            .in_zone(7_200);
        assert_eq!((local.year, local.month, local.day), (2009, 2, 14));
        assert_eq!((local.day_of_week, local.day_of_year), (6, 44));
        assert_eq!(local.second_of_day, 5_490);
    }
}
