//! Numbers of a sample: its quantiles and its median.

use std::time::Duration;

/// The value below which that share of a sample lies, in microseconds.
pub fn microseconds(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = (times.len().saturating_sub(1) as f64 * share).round() as usize;
    times
        .get(place)
        .map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
}

/// The middle of a few numbers.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_the_sample() {
        let mut times: Vec<_> = (1..=101).rev().map(Duration::from_micros).collect();
        assert_eq!(microseconds(&mut times, 0.5).round(), 51.0);
        assert_eq!(microseconds(&mut times, 0.99).round(), 100.0);
        assert!(microseconds(&mut [], 0.5).is_nan());
    }

    #[test]
    fn one_odd_round_does_not_move_the_median() {
        assert_eq!(median([1.0, 900.0, 1.1]), 1.1);
    }
}
