//! Runs cases again whenever a file that they depend on changes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use super::{Request, once, select};
use crate::case::CaseFile;
use crate::ending::{Ending, Failure};
use crate::paint::Paint;
use crate::plain::shown;

/// How often files are looked at.
const PERIOD: Duration = Duration::from_millis(250);

/// Times and sizes of files, by path.
type State = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Runs for as long as somebody reads. A mistake in a file is told and waited for, like any
/// other result.
pub(super) fn until_stopped(request: &Request, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut sources = Vec::new();
    loop {
        find_sources(request, &mut sources);
        // Before anything is read, so that a change in between is noticed.
        let before = state(request, &sources);
        match once(request, out) {
            Ok(_) => {}
            Err(Failure::Output(source)) => return Err(Failure::Output(source)),
            Err(failure) => told(&failure, out)?,
        }
        out.flush()?;
        while state(request, &sources) == before {
            sleep(PERIOD);
        }
        writeln!(out)?;
    }
}

/// Adds what the files of cases depend on. What is broken right now keeps what it had.
fn find_sources(request: &Request, sources: &mut Vec<PathBuf>) {
    for path in select::case_files(&request.files).unwrap_or_default() {
        let Ok(file) = CaseFile::read(&path, request.policy.as_deref()) else {
            continue;
        };
        for source in file.document.files {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
}

fn told(failure: &Failure, out: &mut dyn Write) -> Result<(), Failure> {
    let paint = Paint::for_standard_output();
    match failure {
        Failure::Findings(findings) => {
            for finding in findings {
                writeln!(out, "{}\n", finding.told(paint))?;
            }
        }
        other => writeln!(out, "{}", shown(&other.to_string()))?,
    }
    Ok(())
}

/// Files of cases are looked for anew, so that a new one is noticed as well.
fn state(request: &Request, sources: &[PathBuf]) -> State {
    let cases = select::case_files(&request.files).unwrap_or_default();
    let paths = cases.iter().chain(sources).chain(&request.policy);
    let paths = paths.chain(request.files.iter().filter(|path| path.is_file()));
    paths
        .map(|path| {
            let stamp = fs::metadata(path).ok().and_then(|file| {
                let changed = file.modified().ok()?;
                Some((changed, file.len()))
            });
            (path.clone(), stamp)
        })
        .collect()
}
