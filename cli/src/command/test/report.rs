//! Files of cases to what came of each case, and which rules took part.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Request;
use super::coverage::Coverage;
use crate::case::{self, Case, CaseFile, Difference};
use crate::ending::Failure;

/// What came of everything.
pub(super) struct Report {
    pub(super) files: Vec<FileReport>,
    pub(super) coverage: Vec<Coverage>,
    pub(super) least_coverage: u8,
}

/// What came of one file.
pub(super) struct FileReport {
    pub(super) path: PathBuf,
    pub(super) cases: Vec<CaseReport>,
}

/// What came of one case.
pub(super) struct CaseReport {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) differences: Vec<Difference>,
    pub(super) took: Duration,
}

impl Report {
    pub(super) fn of(files: &[PathBuf], request: &Request) -> Result<Self, Failure> {
        let mut report = Self {
            files: Vec::new(),
            coverage: Vec::new(),
            least_coverage: request.least_coverage,
        };
        let mut findings = Vec::new();
        for path in files {
            match CaseFile::read(path, request.policy.as_deref()) {
                Ok(file) => report.add(&file, &request.filter),
                Err(Failure::Findings(more)) => findings.extend(more),
                Err(other) => return Err(other),
            }
        }
        if !findings.is_empty() {
            findings.dedup();
            return Err(Failure::Findings(findings));
        }
        if report.cases().next().is_none() {
            let message = format!("expected cases with `{}` in their name", request.filter);
            return Err(Failure::Usage(message));
        }
        Ok(report)
    }

    fn add(&mut self, file: &CaseFile, filter: &str) {
        let coverage = Coverage::at(&mut self.coverage, file);
        let chosen = file.cases.iter().filter(|case| case.name.contains(filter));
        let cases = chosen.map(|case| one(file, case, coverage)).collect();
        self.files.push(FileReport {
            path: file.path.clone(),
            cases,
        });
    }

    pub(super) fn cases(&self) -> impl Iterator<Item = &CaseReport> {
        self.files.iter().flat_map(|file| &file.cases)
    }

    pub(super) fn failures(&self) -> usize {
        self.cases().filter(|case| !case.is_good()).count()
    }

    pub(super) fn is_good(&self) -> bool {
        self.failures() == 0 && self.is_covered()
    }

    pub(super) fn is_covered(&self) -> bool {
        let mut covered = self.coverage.iter();
        covered.all(|coverage| coverage.percent() >= usize::from(self.least_coverage))
    }
}

impl CaseReport {
    pub(super) fn is_good(&self) -> bool {
        self.differences.is_empty()
    }
}

fn one(file: &CaseFile, case: &Case, coverage: &mut Coverage) -> CaseReport {
    let start = Instant::now();
    let outcome = case::run(&file.guard, &case.call);
    let took = start.elapsed();
    coverage.note(&outcome.record);
    CaseReport {
        name: case.name.clone(),
        line: case.position.line,
        differences: case::differences(case, &outcome),
        took,
    }
}
