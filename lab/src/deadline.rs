//! Asking again until an answer comes, never longer than a limit. The only place that waits.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for anything on loopback, also on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(5);

/// What was awaited did not come in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedOut {
    /// What was awaited.
    pub what: String,
    /// How long.
    pub after: Duration,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} did not come within {:?}", self.what, self.after)
    }
}

impl std::error::Error for TimedOut {}

/// Asks until the answer is `Some`, for at most [`PATIENCE`].
///
/// # Errors
/// [`TimedOut`], naming `what`.
pub fn wait_for<T>(what: &str, ask: impl FnMut() -> Option<T>) -> Result<T, TimedOut> {
    wait_at_most(PATIENCE, what, ask)
}

/// Asks until the answer is `Some`, at least once and for at most `limit`.
///
/// # Errors
/// [`TimedOut`], naming `what`.
pub fn wait_at_most<T>(
    limit: Duration,
    what: &str,
    mut ask: impl FnMut() -> Option<T>,
) -> Result<T, TimedOut> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        if start.elapsed() >= limit {
            return Err(TimedOut {
                what: what.to_owned(),
                after: limit,
            });
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_until_there_is_an_answer() {
        let mut asked = 0;
        let answer = wait_for("the third question", || {
            asked += 1;
            (asked == 3).then_some(asked)
        });
        assert_eq!(answer, Ok(3));
    }

    #[test]
    fn names_what_did_not_come() {
        let outcome = wait_at_most(Duration::ZERO, "the ferry", || None::<()>);
        let message = outcome.expect_err("nothing came").to_string();
        assert!(message.starts_with("the ferry did not come"), "{message}");
    }
}
