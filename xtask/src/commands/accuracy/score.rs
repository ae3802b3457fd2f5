//! What the scorer printed about one corpus, by measure.

/// The score of one corpus.
pub struct Score {
    /// Its name.
    pub corpus: String,
    /// Each line's name and the rest of it.
    lines: Vec<(String, String)>,
    /// The same of statements that ask for rows or change them.
    rows: Vec<(String, String)>,
    inputs: usize,
    predictions: usize,
    blocked: usize,
}

impl Score {
    /// Reads what was printed, and counts the lines that went in and came out.
    pub fn new(corpus: &str, printed: &str, inputs: &str, predictions: &str) -> Self {
        let blocks = |line: &&str| line.contains(r#""decision":"block""#);
        Self {
            corpus: corpus.to_owned(),
            lines: printed.lines().filter_map(split).collect(),
            rows: Vec::new(),
            inputs: inputs.lines().count(),
            predictions: predictions.lines().count(),
            blocked: predictions.lines().filter(blocks).count(),
        }
    }

    /// Adds what was printed of statements that ask for rows or change them.
    pub fn with_rows(mut self, printed: &str) -> Self {
        self.rows = printed.lines().filter_map(split).collect();
        self
    }

    /// `123/124 = 99.19%` as `99.19 % of 124`.
    pub fn share(&self, name: &str) -> Option<String> {
        share(&self.lines, name)
    }

    /// The same share of statements that ask for rows or change them.
    pub fn share_of_rows(&self, name: &str) -> Option<String> {
        share(&self.rows, name)
    }

    /// `P=0.9900 R=0.9800`.
    pub fn precision_and_recall(&self, name: &str) -> Option<String> {
        let value = value(&self.lines, name, |value| value.starts_with("P="))?;
        Some(value.replace('=', " ").replace(" R", ", R"))
    }

    /// Median, 99th percentile and the longest time, in microseconds.
    pub fn times(&self) -> Option<String> {
        let value = value(&self.lines, "time µs:", |_| true)?;
        let words: Vec<_> = value.split_whitespace().collect();
        match words.as_slice() {
            ["median", median, "p99", p99, "max", ..] => {
                Some(format!("median {median} µs, p99 {p99} µs"))
            }
            _ => None,
        }
    }

    /// How many texts came back blocked.
    pub fn blocked(&self) -> Option<String> {
        Some(format!("{} of {}", self.blocked, self.inputs))
    }

    /// How many texts came back at all.
    pub fn answered(&self) -> Option<String> {
        Some(format!("{} of {}", self.predictions, self.inputs))
    }
}

fn share(lines: &[(String, String)], name: &str) -> Option<String> {
    let value = value(lines, name, |value| value.contains('='))?;
    let (counts, share) = value.split_once(" = ")?;
    let (_, all) = counts.split_once('/')?;
    Some(format!("{} % of {all}", share.trim_end_matches('%')))
}

fn value<'l>(
    lines: &'l [(String, String)],
    name: &str,
    fits: impl Fn(&str) -> bool,
) -> Option<&'l str> {
    let mut lines = lines.iter();
    lines
        .find(|(known, value)| known == name && fits(value))
        .map(|(_, value)| value.as_str())
}

/// The scorer pads names; what follows starts with a number, `P=` or `median`.
fn split(line: &str) -> Option<(String, String)> {
    if let Some(rest) = line.strip_prefix("time µs:") {
        return Some(("time µs:".to_owned(), rest.trim().to_owned()));
    }
    let at = line.rfind("  ").or_else(|| line.find(" P="))?;
    let (name, value) = line.split_at(at);
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
bulk exact                                   123/124 = 99.19%
bulk                                         P=0.9900 R=0.9800
time µs: median 4.1 p99 30.0 max 812  n=124
";

    #[test]
    fn measures_are_found_by_name() {
        let score = Score::new("some", PRINTED, "a\nb\n", "{\"decision\":\"block\"}\n{}\n");
        assert_eq!(score.share("bulk exact").as_deref(), Some("99.19 % of 124"));
        let bulk = score.precision_and_recall("bulk");
        assert_eq!(bulk.as_deref(), Some("P 0.9900, R 0.9800"));
        let times = score.times();
        assert_eq!(times.as_deref(), Some("median 4.1 µs, p99 30.0 µs"));
        assert_eq!(score.blocked().as_deref(), Some("1 of 2"));
        assert_eq!(score.answered().as_deref(), Some("2 of 2"));
        assert_eq!(score.share("bulk"), None);
        assert_eq!(score.share_of_rows("bulk exact"), None);
        let score = score.with_rows("bulk exact        1/2 = 50.00%");
        let of_rows = score.share_of_rows("bulk exact");
        assert_eq!(of_rows.as_deref(), Some("50.00 % of 2"));
    }
}
