//! `fuzz [TARGET] [--seconds N] [--inputs N] [--seed N] [--input FILE]`: inputs to targets until
//! the time is up or there were so many, or one file to see it fail again.
//!
//! The same seed makes the same inputs everywhere, so that a bound in number judges a change
//! alike on a slow machine and on a fast one.
//! The input that is being tried lies in a file, so that not even an aborted process hides it.

use std::fs::{self, File};
use std::io::{Seek as _, Write as _};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use lictor_fuzz::mutate::Mutator;
use lictor_fuzz::{TARGETS, Target};

/// The stack of the wasm module.
const STACK_BYTES: usize = 8 * 1024 * 1024;

struct Options {
    targets: Vec<Target>,
    time: Duration,
    most: u64,
    seed: u64,
    input: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let options = match options(&arguments) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let run = thread::Builder::new().stack_size(STACK_BYTES);
    let run = run.spawn(move || {
        options
            .targets
            .iter()
            .all(|target| drive(*target, &options))
    });
    match run.map(thread::JoinHandle::join) {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        targets: TARGETS.to_vec(),
        time: Duration::from_secs(30),
        most: u64::MAX,
        seed: 1,
        input: None,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.ok_or_else(|| format!("expected a value after `{argument}`"))
        };
        let number = |text: &String| {
            text.parse()
                .map_err(|_| format!("expected a number, found `{text}`"))
        };
        match argument.as_str() {
            "--seconds" => options.time = Duration::from_secs(number(value()?)?),
            "--inputs" => options.most = number(value()?)?,
            "--seed" => options.seed = number(value()?)?,
            "--input" => options.input = Some(PathBuf::from(value()?)),
            name => {
                options.targets.retain(|target| target.name == name);
                if options.targets.is_empty() {
                    return Err(format!("there is no target `{name}`"));
                }
            }
        }
    }
    Ok(options)
}

/// Whether a target held until the time was up.
fn drive(target: Target, options: &Options) -> bool {
    if let Some(path) = &options.input {
        return match fs::read(path) {
            Ok(input) => holds(target, &input),
            Err(cause) => {
                eprintln!("{}: {cause}", path.display());
                false
            }
        };
    }
    let path = kept(target);
    let mut file = match File::create(&path) {
        Ok(file) => file,
        Err(cause) => {
            eprintln!("{}: {cause}", path.display());
            return false;
        }
    };
    let mut mutator = Mutator::new(target.seeds, options.seed);
    let start = Instant::now();
    let mut tried = 0_u64;
    while tried < options.most && start.elapsed() < options.time {
        let input = mutator.make();
        if keep(&mut file, &input).is_err() || !holds(target, &input) {
            eprintln!(
                "{}: failed after {tried} inputs, see {}",
                target.name,
                path.display()
            );
            return false;
        }
        tried += 1;
    }
    println!("{}: {tried} inputs, all claims held", target.name);
    true
}

fn holds(target: Target, input: &[u8]) -> bool {
    panic::catch_unwind(|| (target.run)(input)).is_ok()
}

fn keep(file: &mut File, input: &[u8]) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(input)
}

/// The file of the input that is being tried.
fn kept(target: Target) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz");
    // Where it can't be made, the file can't either, and that is told.
    fs::create_dir_all(&folder).ok();
    folder.join(target.name)
}
