//! `cargo xtask demo`: a dozen calls against a guarded service, and what became of each.
//!
//! Every outcome is compared with the expected one; a single other one makes the exit code 1.

use std::error::Error;
use std::process::ExitCode;

use lictor_lab::envoy::Envoy;

mod outcome;
mod paint;
mod proof;
mod serve;
mod stage;
mod story;
mod table;

use self::outcome::Outcome;
use self::paint::Paint;
use self::stage::Stage;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let stays = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--serve"] => true,
        _ => {
            eprintln!("usage: demo [--serve]");
            return ExitCode::from(2);
        }
    };
    match run(stays) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(cause) => {
            eprintln!("demo: {cause}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything went as expected.
fn run(stays: bool) -> Result<bool, Box<dyn Error>> {
    let paint = Paint::for_standard_output();
    println!(
        "Starting an identity provider, a service with a database, and Envoy with lictor in it …"
    );
    let stage = Stage::set()?;
    println!("{}\n", introduction(&stage.envoy));
    let before = stage.upstream.database().row_counts()?;
    let mut outcomes = Vec::new();
    for scene in story::scenes() {
        outcomes.push(Outcome::of(scene, &stage)?);
    }
    println!("{}", table::of(&outcomes, paint));
    println!("{}", table::refusal_and_record(&outcomes, paint));
    let after = stage.upstream.database().row_counts()?;
    println!("{}", proof::of(&before, &after, paint));
    let surprises = surprises(&outcomes);
    println!("{}", conclusion(outcomes.len(), &surprises, paint));
    if stays {
        serve::until_interrupted(&stage)?;
    }
    Ok(surprises.is_empty() && before == after)
}

fn introduction(envoy: &Envoy) -> String {
    format!(
        "Envoy is ready at http://{} after {:.1} s.",
        envoy.address(),
        envoy.ready_after().as_secs_f64()
    )
}

fn surprises(outcomes: &[Outcome]) -> Vec<String> {
    outcomes
        .iter()
        .enumerate()
        .filter_map(|(place, outcome)| {
            let surprise = outcome.surprise()?;
            Some(format!("call {}: {surprise}", place + 1))
        })
        .collect()
}

fn conclusion(calls: usize, surprises: &[String], paint: Paint) -> String {
    if surprises.is_empty() {
        return paint.good(&format!("All {calls} calls went as they should."));
    }
    let lines: Vec<String> = surprises.iter().map(|line| paint.bad(line)).collect();
    format!(
        "{} of {calls} calls went otherwise than they should:\n{}",
        lines.len(),
        lines.join("\n")
    )
}
