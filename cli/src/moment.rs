//! A time as people and logs write it to a [`Moment`].
//!
//! Source: RFC 3339.

use lictor_engine::policy::Moment;

/// Reads `2026-11-04T12:00:00Z`, also with a fraction or an offset; nothing where it is no time.
pub fn parse(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let zone = rest.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = rest.split_at_checked(zone)?;
    let (time, nanos) = match time.split_once('.') {
        Some((time, fraction)) => (time, nanos(fraction)?),
        None => (time, 0),
    };
    let day = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days(day)?
        .checked_mul(86_400)?
        .checked_add(hour.checked_mul(3600)?)?
        .checked_add(minute.checked_mul(60)?)?
        .checked_add(second)?
        .checked_sub(offset(zone)?)?;
    Some(Moment { seconds, nanos })
}

fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next()?;
        let is_plain = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_plain)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn nanos(fraction: &str) -> Option<u32> {
    let is_plain =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| format!("{fraction:0<9}").parse().ok())?
}

/// Seconds to take away for UTC.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let [hours, minutes] = numbers(zone.get(1..)?, ':', [2, 2])?;
    let seconds = hours
        .checked_mul(3600)?
        .checked_add(minutes.checked_mul(60)?)?;
    let is_possible = hours < 24 && minutes < 60;
    let seconds = if zone.starts_with('-') {
        seconds.checked_neg()?
    } else {
        seconds
    };
    is_possible.then_some(seconds)
}

/// Days since 1970 of a date that exists.
fn days([year, month, day]: [i64; 3]) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [
        31,
        if is_leap { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = *lengths.get(before)?;
    if !(1..=length).contains(&day) {
        return None;
    }
    let last = year.checked_sub(1)?;
    let leaps = last.div_euclid(4).checked_sub(last.div_euclid(100))?;
    let leaps = leaps.checked_add(last.div_euclid(400))?;
    // 719,162 days from 1 January of the year 1 to 1970.
    let years = last
        .checked_mul(365)?
        .checked_add(leaps)?
        .checked_sub(719_162)?;
    let months: i64 = lengths.iter().take(before).sum();
    years.checked_add(months)?.checked_add(day)?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::{Moment, parse};

    #[test]
    fn times_are_read_in_every_zone() {
        let noon = Some(Moment {
            seconds: 1_793_793_600,
            nanos: 0,
        });
        assert_eq!(parse("2026-11-04T12:00:00Z"), noon);
        assert_eq!(parse("2026-11-04T13:30:00+01:30"), noon);
        assert_eq!(parse("2026-11-03 23:00:00-13:00"), noon);
        let fraction = parse("1970-01-01T00:00:00.25Z");
        assert_eq!(
            fraction,
            Some(Moment {
                seconds: 0,
                nanos: 250_000_000
            })
        );
        let leap = parse("2024-02-29T00:00:00Z").map(|moment| moment.seconds);
        assert_eq!(leap, Some(1_709_164_800));
        assert_eq!(
            parse("1969-12-31T23:59:59Z").map(|moment| moment.seconds),
            Some(-1)
        );
    }

    #[test]
    fn what_is_no_time_is_not_guessed() {
        for text in [
            "",
            "2026-11-04",
            "2026-11-04T12:00:00",
            "2026-02-30T12:00:00Z",
            "2023-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-11-04T24:00:00Z",
            "2026-11-04T12:60:00Z",
            "26-11-04T12:00:00Z",
            "2026-11-04T12:00:00.Z",
            "2026-11-04T12:00:00+1:00",
            "2026-11-04T12:00:00Zx",
            "2026-11-04T12:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
