//! A report to JUnit XML, as build servers read it: a suite for each file, a case for each case.

use std::fmt::Write as _;
use std::time::Duration;

use super::report::{CaseReport, FileReport, Report};

/// The whole file.
pub(super) fn of(report: &Report) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(
        xml,
        "<testsuites name=\"lictor\" tests=\"{}\" failures=\"{}\">",
        report.cases().count(),
        report.failures()
    );
    for file in &report.files {
        suite(&mut xml, file);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(xml: &mut String, file: &FileReport) {
    let name = escaped(&file.path.display().to_string());
    let failures = file.cases.iter().filter(|case| !case.is_good()).count();
    let took: Duration = file.cases.iter().map(|case| case.took).sum();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" time=\"{:.6}\">",
        file.cases.len(),
        took.as_secs_f64()
    );
    for case in &file.cases {
        one(xml, &name, case);
    }
    xml.push_str("  </testsuite>\n");
}

fn one(xml: &mut String, suite: &str, case: &CaseReport) {
    let _ = write!(
        xml,
        "    <testcase classname=\"{suite}\" name=\"{}\" file=\"{suite}\" line=\"{}\" time=\"{:.6}\"",
        escaped(&case.name),
        case.line,
        case.took.as_secs_f64()
    );
    if case.is_good() {
        xml.push_str("/>\n");
        return;
    }
    let what: Vec<_> = case.differences.iter().map(|one| one.what).collect();
    let _ = write!(
        xml,
        ">\n      <failure message=\"{} otherwise than expected\">",
        escaped(&what.join(", "))
    );
    for difference in &case.differences {
        let line = format!(
            "{}: expected {}, found {}",
            difference.what, difference.expected, difference.found
        );
        let _ = writeln!(xml, "{}", escaped(&line));
    }
    xml.push_str("</failure>\n    </testcase>\n");
}

/// Text for an attribute or an element; letters that XML can't hold become a mark.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\r' | '\t' => safe.push(' '),
            _ if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                safe.push('\u{fffd}');
            }
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_breaks_out_of_an_attribute() {
        assert_eq!(
            super::escaped("a\"><x>&'\u{1b}[0m\n"),
            "a&quot;&gt;&lt;x&gt;&amp;'\u{fffd}[0m "
        );
    }
}
