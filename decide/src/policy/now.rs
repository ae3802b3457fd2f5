//! When a call comes: seconds since 1970 become date, hour and weekday in the zone of the
//! document.
//!
//! A zone is an offset such as `+02:00`, or a rule as POSIX.1-2017 section 8.3 writes them
//! (`CET-1CEST,M3.5.0,M10.5.0/3`).

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// Nanoseconds after that second.
    pub nanos: u32,
}

/// Date and time of day as a clock on the wall shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The hour, from 0 to 23.
    pub hour: i64,
    /// The minute.
    pub minute: i64,
    /// The day of the week; Sunday is 0.
    pub weekday: i64,
}

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// Seconds to add to UTC.
    standard: i64,
    summer: Option<Summer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Summer {
    offset: i64,
    start: Change,
    end: Change,
}

/// When the clocks change: a day of each year and seconds after its midnight, local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    day: ChangeDay,
    time: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChangeDay {
    /// `Mm.w.d`: weekday `d` of week `w` of month `m`; week 5 is the last.
    Weekday { month: i64, week: i64, weekday: i64 },
    /// `Jn`: day 1 to 365; 29 February is never counted.
    Julian(i64),
    /// `n`: day 0 to 365, 29 February counted.
    Ordinal(i64),
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self {
        standard: 0,
        summer: None,
    };

    /// Reads an offset or a rule; nothing where it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "UTC" {
            return Some(Self::UTC);
        }
        if text.starts_with(['+', '-']) {
            let (offset, rest) = offset(text)?;
            let is_offset = rest.is_empty() && offset.abs() < DAY;
            return is_offset.then_some(Self {
                standard: offset,
                summer: None,
            });
        }
        // POSIX reads `UTC+2` as two hours behind, whoever writes it means ahead.
        let is_misleading = ["UTC", "GMT"].iter().any(|name| {
            let offset = text.strip_prefix(name);
            offset.is_some_and(|offset| offset.starts_with(['+', '-']))
        });
        if is_misleading { None } else { posix(text) }
    }

    /// What a clock in this zone shows.
    #[must_use]
    #[expect(clippy::arithmetic_side_effects, reason = "seconds are bounded first")]
    pub fn clock(&self, moment: Moment) -> Clock {
        // Some 30,000 years: far beyond any clock, far below overflow.
        let seconds = moment.seconds.clamp(-1_000_000_000_000, 1_000_000_000_000);
        let local = seconds + self.offset(seconds);
        let (days, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date(days);
        Clock {
            year,
            month,
            day,
            hour: time / HOUR,
            minute: time % HOUR / MINUTE,
            weekday: weekday(days),
        }
    }

    #[expect(
        clippy::arithmetic_side_effects,
        reason = "seconds are bounded by the caller"
    )]
    fn offset(&self, seconds: i64) -> i64 {
        let Some(summer) = self.summer else {
            return self.standard;
        };
        let (year, _, _) = date((seconds + self.standard).div_euclid(DAY));
        let start = summer.start.local(year) - self.standard;
        let end = summer.end.local(year) - summer.offset;
        let is_summer = if start < end {
            (start..end).contains(&seconds)
        } else {
            !(end..start).contains(&seconds)
        };
        if is_summer {
            summer.offset
        } else {
            self.standard
        }
    }
}

impl Change {
    /// Seconds since 1970 in local time.
    #[expect(clippy::arithmetic_side_effects, reason = "years and fields are small")]
    fn local(self, year: i64) -> i64 {
        let days = match self.day {
            ChangeDay::Julian(day) => {
                let is_past_february = day >= 60 && is_leap(year);
                days(year, 1, 1) + day - 1 + i64::from(is_past_february)
            }
            ChangeDay::Ordinal(day) => days(year, 1, 1) + day,
            ChangeDay::Weekday {
                month,
                week,
                weekday: wanted,
            } => {
                let first = days(year, month, 1);
                let ahead = (wanted - weekday(first)).rem_euclid(7);
                let day = first + ahead + (week - 1) * 7;
                let next_month = match month {
                    12 => days(year + 1, 1, 1),
                    month => days(year, month + 1, 1),
                };
                if day < next_month { day } else { day - 7 }
            }
        };
        days * DAY + self.time
    }
}

const fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// 1 January 1970 was a Thursday.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "days are bounded by the callers"
)]
const fn weekday(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

/// Days since 1970 of a date of the proleptic Gregorian calendar. Years are counted from
/// March, so that a leap day is the last of its year.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "dates are bounded by the callers"
)]
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day since 1970.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "days are bounded by the callers"
)]
const fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = years + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// `+02:00`, `-5`, `0530`: hours with optional minutes and seconds, up to a week.
fn offset(text: &str) -> Option<(i64, &str)> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1_i64, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut seconds = 0_i64;
    for (unit, most) in [(HOUR, 167), (MINUTE, 59), (1, 59)] {
        if unit != HOUR {
            let Some(after) = rest.strip_prefix(':') else {
                break;
            };
            rest = after;
        }
        let (number, after) = number(rest, most)?;
        seconds = seconds.saturating_add(number.saturating_mul(unit));
        rest = after;
    }
    Some((sign.saturating_mul(seconds), rest))
}

fn number(text: &str, most: i64) -> Option<(i64, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let number = digits.parse().ok()?;
    (0..=most).contains(&number).then_some((number, rest))
}

/// The name of a zone in a rule: letters, or anything in `<` and `>`.
fn name(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('<') {
        return rest.split_once('>').map(|(_, rest)| rest);
    }
    let end = text
        .find(|letter: char| !letter.is_ascii_alphabetic())
        .unwrap_or(text.len());
    (end >= 3).then(|| text.get(end..))?
}

fn posix(text: &str) -> Option<Zone> {
    let (behind, rest) = offset(name(text)?)?;
    // POSIX counts what is behind of UTC, everybody else what is ahead.
    let standard = behind.saturating_neg();
    if rest.is_empty() {
        return Some(Zone {
            standard,
            summer: None,
        });
    }
    let rest = name(rest)?;
    let (offset, rest) = if rest.starts_with(',') {
        (standard.saturating_add(HOUR), rest)
    } else {
        let (behind, rest) = offset(rest)?;
        (behind.saturating_neg(), rest)
    };
    let (start, end) = rest.strip_prefix(',')?.split_once(',')?;
    let summer = Some(Summer {
        offset,
        start: change(start)?,
        end: change(end)?,
    });
    Some(Zone { standard, summer })
}

fn change(text: &str) -> Option<Change> {
    let (day, time) = match text.split_once('/') {
        Some((day, time)) => {
            let (time, rest) = offset(time)?;
            (day, rest.is_empty().then_some(time)?)
        }
        None => (text, 2 * HOUR),
    };
    let day = if let Some(rest) = day.strip_prefix('M') {
        let mut fields = rest.split('.').map(str::parse::<i64>);
        let mut next = |least, most| {
            let field = fields.next()?.ok()?;
            (least..=most).contains(&field).then_some(field)
        };
        let (month, week, weekday) = (next(1, 12)?, next(1, 5)?, next(0, 6)?);
        fields.next().is_none().then_some(ChangeDay::Weekday {
            month,
            week,
            weekday,
        })?
    } else if let Some(rest) = day.strip_prefix('J') {
        let (day, rest) = number(rest, 365)?;
        (rest.is_empty() && day > 0).then_some(ChangeDay::Julian(day))?
    } else {
        let (day, rest) = number(day, 365)?;
        rest.is_empty().then_some(ChangeDay::Ordinal(day))?
    };
    Some(Change { day, time })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The hour that a clock shows at the start of March.
    fn hour(zone: &str, year: i64) -> i64 {
        let seconds = days(year, 3, 1) * DAY;
        let zone = Zone::parse(zone).unwrap();
        zone.clock(Moment { seconds, nanos: 0 }).hour
    }

    #[test]
    fn days_of_the_year_count_as_posix_counts_them() {
        // 1 March is J60 in every year, and day 60 of a leap year only.
        let julian = "AAA0BBB,J60/0,J61/0";
        assert_eq!(hour(julian, 2024), 1);
        assert_eq!(hour(julian, 2023), 1);
        let ordinal = "AAA0BBB,60/0,61/0";
        assert_eq!(hour(ordinal, 2024), 1);
        assert_eq!(hour(ordinal, 2023), 0);
    }

    #[test]
    fn dates_and_days_are_each_others_inverse() {
        for day in (-800_000..800_000).step_by(97) {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(date(i64::from(u32::MAX) / DAY), (2106, 2, 7));
    }
}
