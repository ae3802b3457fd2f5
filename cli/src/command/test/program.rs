//! A report to one JSON object, in the shape that `docs/cli.md` describes.

use serde_json::{Value, json};

use super::report::{CaseReport, Report};

/// The object.
pub(super) fn json(report: &Report) -> Value {
    let files = report.files.iter().map(|file| {
        json!({
            "file": file.path.display().to_string(),
            "cases": file.cases.iter().map(case).collect::<Value>(),
        })
    });
    let coverage = report.coverage.iter().map(|coverage| {
        json!({
            "policy": coverage.policy.display().to_string(),
            "rules": coverage.all(),
            "untested": coverage.untested(),
            "percent": coverage.percent(),
        })
    });
    json!({
        "cases": report.cases().count(),
        "failures": report.failures(),
        "files": files.collect::<Value>(),
        "coverage": coverage.collect::<Value>(),
    })
}

fn case(case: &CaseReport) -> Value {
    let differences = case.differences.iter().map(|difference| {
        json!({
            "what": difference.what,
            "expected": difference.expected,
            "found": difference.found,
            "line": difference.position.line,
        })
    });
    json!({
        "name": case.name,
        "line": case.line,
        "passed": case.is_good(),
        "differences": differences.collect::<Value>(),
    })
}
