//! Named steps with their durations, and the summary at the end.
//!
//! A failed step does not hide what comes after it: steps that don't need its result still
//! run, and the summary names every failure.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// The steps of one command.
pub struct Steps {
    started: Instant,
    done: Vec<Step>,
}

struct Step {
    name: String,
    took: Duration,
    ending: Ending,
}

enum Ending {
    Passed,
    Failed,
    NotRun(String),
}

impl Steps {
    /// Starts the clock.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Runs one step; `None` if it failed.
    pub fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Option<T> {
        eprintln!("\n==> {name}");
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        let (ending, value) = match result {
            Ok(value) => (Ending::Passed, Some(value)),
            Err(failure) => {
                eprintln!("error: {failure}");
                (Ending::Failed, None)
            }
        };
        eprintln!(
            "    {name}: {} after {:.1} s",
            ending.word(),
            took.as_secs_f64()
        );
        self.done.push(Step {
            name: name.to_owned(),
            took,
            ending,
        });
        value
    }

    /// Records a step that can't run here, with the reason.
    pub fn not_run(&mut self, name: &str, reason: &str) {
        eprintln!("\n==> {name}\n    not run: {reason}");
        let ending = Ending::NotRun(reason.to_owned());
        self.done.push(Step {
            name: name.to_owned(),
            took: Duration::ZERO,
            ending,
        });
    }

    /// Prints the summary.
    ///
    /// # Errors
    ///
    /// The names of the steps that failed.
    pub fn finish(self) -> Result<(), Failure> {
        eprint!("\n{}", self.summary());
        let failed: Vec<_> = self
            .done
            .iter()
            .filter(|step| matches!(step.ending, Ending::Failed))
            .map(|step| step.name.as_str())
            .collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Failure::Refused(format!("failed: {}", failed.join(", "))))
        }
    }

    fn summary(&self) -> String {
        let mut text = String::from("summary\n");
        for step in &self.done {
            let _ = write!(
                text,
                "  {:<28} {:>8.1} s  {}",
                step.name,
                step.took.as_secs_f64(),
                step.ending.word()
            );
            if let Ending::NotRun(reason) = &step.ending {
                let _ = write!(text, ": {reason}");
            }
            text.push('\n');
        }
        let _ = writeln!(
            text,
            "  {:<28} {:>8.1} s",
            "all",
            self.started.elapsed().as_secs_f64()
        );
        text
    }
}

impl Ending {
    const fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotRun(_) => "not run",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_command_and_later_steps_still_run() {
        let mut steps = Steps::start();
        assert_eq!(
            steps.run("first", || Err::<(), _>(Failure::usage("broken"))),
            None
        );
        assert_eq!(steps.run("second", || Ok(2)), Some(2));
        let failure = steps.finish().expect_err("the first step failed");
        assert_eq!(failure.to_string(), "failed: first");
    }

    #[test]
    fn step_that_is_not_run_is_no_failure_but_is_told() {
        let mut steps = Steps::start();
        steps.not_run("advisories", "the database can't be reached");
        assert!(
            steps
                .summary()
                .contains("not run: the database can't be reached")
        );
        assert!(steps.finish().is_ok());
    }
}
