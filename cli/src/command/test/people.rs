//! A report to lines for people: what came out otherwise, and which rules nothing tests.

use std::io::{self, Write};

use serde_json::Value;

use super::report::{CaseReport, FileReport, Report};
use crate::case::Difference;
use crate::paint::Paint;
use crate::plain::{counted, shown};

/// Most of a value that is shown on one line.
const WIDTH: usize = 96;

/// Writes a report.
pub(super) fn write(report: &Report, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for file in &report.files {
        for case in file.cases.iter().filter(|case| !case.is_good()) {
            failed(file, case, paint, out)?;
        }
    }
    coverage(report, paint, out)?;
    let (cases, failures) = (report.cases().count(), report.failures());
    let files = report.files.len();
    let told = format!(
        "{} in {}, {failures} otherwise than expected",
        counted(cases, "case"),
        counted(files, "file")
    );
    let told = if failures == 0 {
        paint.good(&told)
    } else {
        paint.bad(&told)
    };
    writeln!(out, "{told}")
}

fn failed(
    file: &FileReport,
    case: &CaseReport,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = file.path.display().to_string();
    let place = format!("{}:{}: {}", shown(&path), case.line, shown(&case.name));
    writeln!(out, "{}", paint.heading(&place))?;
    for difference in &case.differences {
        differs(difference, paint, out)?;
    }
    writeln!(out)
}

fn differs(difference: &Difference, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let what = difference.what;
    let pair = (&difference.expected, &difference.found);
    if let (Value::Array(expected), Value::Array(found)) = pair {
        writeln!(out, "  {what}")?;
        return lists(expected, found, paint, out);
    }
    let (expected, found) = (line(pair.0), line(pair.1));
    writeln!(out, "  {what}")?;
    writeln!(out, "    {} {}", paint.good("expected"), expected)?;
    writeln!(out, "    {} {}", paint.bad("found   "), found)
}

/// The items of both lists: those of one only with a mark.
fn lists(expected: &[Value], found: &[Value], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for item in expected {
        let sign = if found.contains(item) { " " } else { "-" };
        let text = format!("{sign} {}", line(item));
        let text = if sign == "-" { paint.good(&text) } else { text };
        writeln!(out, "    {text}")?;
    }
    for item in found.iter().filter(|item| !expected.contains(item)) {
        let text = format!("+ {}", line(item));
        writeln!(out, "    {}", paint.bad(&text))?;
    }
    let is_moved = expected.len() == found.len() && expected.iter().all(|one| found.contains(one));
    if is_moved {
        let order: Vec<String> = found.iter().map(line).collect();
        writeln!(out, "    in another order: {}", order.join(", "))?;
    }
    Ok(())
}

fn line(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut letters = text.chars();
    let start: String = letters.by_ref().take(WIDTH).collect();
    let more = if letters.next().is_some() { "…" } else { "" };
    format!("{}{more}", shown(&start))
}

fn coverage(report: &Report, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for coverage in &report.coverage {
        let untested = coverage.untested();
        if untested.is_empty() {
            continue;
        }
        let policy = coverage.policy.display().to_string();
        let told = format!(
            "{}: {} of {} rules took part in no case",
            shown(&policy),
            untested.len(),
            coverage.all()
        );
        let is_bad = coverage.percent() < usize::from(report.least_coverage);
        let told = if is_bad { paint.bad(&told) } else { told };
        writeln!(out, "{told}")?;
        writeln!(out, "  {}\n", paint.quiet(&shown(&untested.join(", "))))?;
    }
    Ok(())
}
