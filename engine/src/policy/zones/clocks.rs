//! Clocks against dates that the time zone database gives.

use super::zone;
use crate::policy::{Clock, Moment, Zone};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn shown(name: &str, seconds: i64) -> (i64, i64, i64, i64, i64, i64) {
    let clock = zone(name).unwrap().clock(Moment { seconds, nanos: 0 });
    let Clock {
        year,
        month,
        day,
        hour,
        minute,
        weekday,
    } = clock;
    (year, month, day, hour, minute, weekday)
}

#[test]
fn clocks_show_what_the_zone_has() {
    for (zone, seconds, expected) in [
        ("Europe/Berlin", 1_774_745_999, (2026, 3, 29, 1, 59, 0)),
        ("Europe/Berlin", 1_774_746_000, (2026, 3, 29, 3, 0, 0)),
        ("Europe/Berlin", 1_792_889_999, (2026, 10, 25, 2, 59, 0)),
        ("Europe/Berlin", 1_792_890_000, (2026, 10, 25, 2, 0, 0)),
        ("America/New_York", 1_793_512_799, (2026, 11, 1, 1, 59, 0)),
        ("America/New_York", 1_793_512_800, (2026, 11, 1, 1, 0, 0)),
        ("Australia/Sydney", 1_768_478_400, (2026, 1, 15, 23, 0, 4)),
        ("Australia/Sydney", 1_784_116_800, (2026, 7, 15, 22, 0, 3)),
        ("Asia/Kolkata", 1_709_236_800, (2024, 3, 1, 1, 30, 5)),
        ("Africa/Cairo", 1_785_623_400, (2026, 8, 2, 1, 30, 0)),
        (
            "America/Sao_Paulo",
            1_798_761_540,
            (2026, 12, 31, 20, 59, 4),
        ),
        ("Pacific/Chatham", 1_790_431_200, (2026, 9, 27, 3, 45, 0)),
        ("Europe/Dublin", 1_782_900_000, (2026, 7, 1, 11, 0, 3)),
        ("America/Nuuk", 1_774_745_999, (2026, 3, 28, 22, 59, 6)),
        ("America/Nuuk", 1_774_746_001, (2026, 3, 29, 0, 0, 0)),
        ("UTC", -1, (1969, 12, 31, 23, 59, 3)),
        ("+05:30", 0, (1970, 1, 1, 5, 30, 4)),
        ("-00:30", 0, (1969, 12, 31, 23, 30, 3)),
        ("EST5", 0, (1969, 12, 31, 19, 0, 3)),
    ] {
        assert_eq!(shown(zone, seconds), expected, "{zone} {seconds}");
    }
}

#[test]
fn what_is_no_zone_is_none() {
    for text in [
        "",
        "Europe",
        "Europe/Nowhere",
        "+",
        "+25x",
        "+02:60",
        "CET",
        "CET-1CEST",
        "A0",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,J0,J1",
        "CET-1CEST,M3.6.0,M1.1.1",
        "<+03-3",
        "CET-999",
        "UTC+2",
        "GMT-3",
        "+24:00",
        "-99",
    ] {
        assert_eq!(zone(text), None, "{text}");
    }
}

#[test]
fn no_moment_is_too_far() {
    for seconds in [i64::MIN, i64::MAX] {
        let clock = Zone::UTC.clock(Moment { seconds, nanos: 0 });
        assert!((1..=12).contains(&clock.month));
    }
}
