//! What lictor costs in a real Envoy: no filter, an empty one, lictor allowing and lictor
//! denying, in turns through the same version with the same body.
//!
//! Prints ratios and keeps everything in `target/bench/load.json`. Bounded in count and time.

mod client;
mod decisions;
mod framing;
mod memory;
mod quantile;
mod report;
mod rounds;
mod setting;
mod upstream;
mod variant;

use std::error::Error;
use std::process::ExitCode;

use setting::Setting;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let setting = Setting::new()?;
    let series = rounds::measure(&setting)?;
    let memory = memory::measure(&setting)?;
    let decisions = decisions::measure(&setting)?;
    print!("{}", report::text(&series, &memory, decisions));
    let path = report::keep(&series, &memory, decisions)?;
    println!("\nkept in {path}");
    Ok(())
}
