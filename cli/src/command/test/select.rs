//! What the command line names to files of cases.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case::companion;
use crate::ending::Failure;

/// Deepest folder that is searched. Stops a link that leads back from going on for ever.
const DEPTH: usize = 16;

/// Every file of cases that is meant, in order, each once.
pub(super) fn case_files(given: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let here = [PathBuf::from(".")];
    let given = if given.is_empty() { &here } else { given };
    let mut found: Vec<PathBuf> = Vec::new();
    for path in given {
        let cases = if path.is_dir() {
            let mut inside = Vec::new();
            search(path, DEPTH, &mut inside)?;
            inside
        } else {
            of_file(path)
        };
        if cases.is_empty() {
            let message = format!(
                "expected cases in `{}`: files named `NAME.cases.yaml`, or a folder `cases`",
                path.display()
            );
            return Err(Failure::Usage(message));
        }
        for case in cases {
            if !found.contains(&case) {
                found.push(case);
            }
        }
    }
    Ok(found)
}

/// A file of cases stands for itself, a policy for its cases.
fn of_file(path: &Path) -> Vec<PathBuf> {
    let companions = companion(path);
    if companions.is_empty() {
        vec![path.to_owned()]
    } else {
        companions
    }
}

fn search(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(());
    };
    let failed = |source| Failure::File(folder.to_owned(), source);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_none_or(|name| name.starts_with('.') || name == "target") {
            continue;
        }
        if path.is_dir() {
            search(&path, depth, found)?;
        } else if is_cases(&path) {
            found.push(tidy(path));
        }
    }
    Ok(())
}

fn is_cases(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let folder = path.parent().and_then(Path::file_name);
    let is_named = name.is_some_and(|name| name.ends_with(".cases.yaml"));
    let is_yaml = path.extension().is_some_and(|end| end == "yaml");
    is_named || (is_yaml && folder.is_some_and(|folder| folder == "cases"))
}

fn tidy(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}
