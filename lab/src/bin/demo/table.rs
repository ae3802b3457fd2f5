//! Outcomes become a table, and the most telling one is shown in full.

use std::fmt::Write as _;

use serde_json::Value;

use crate::outcome::Outcome;
use crate::paint::Paint;

const HEADINGS: [&str; 7] = [
    "",
    "who",
    "what it would have done",
    "decision",
    "rule or code",
    "status",
    "in filter",
];

/// Every call: the call itself, then what became of it.
pub(crate) fn of(outcomes: &[Outcome], paint: Paint) -> String {
    let rows: Vec<[String; 7]> = outcomes.iter().enumerate().map(cells).collect();
    let widths = widths(&rows);
    let mut table = paint.heading(&line(&HEADINGS.map(str::to_owned), &widths));
    for (row, outcome) in rows.iter().zip(outcomes) {
        let call = call(outcome, widths[0] + 2);
        let row = line(row, &widths);
        let row = match outcome.decision() {
            "allow" => paint.good(&row),
            _ => paint.bad(&row),
        };
        let _ = write!(table, "\n{row}\n{}", paint.quiet(&call));
    }
    table.push('\n');
    table
}

/// The first denial: what the client was told, and what the auditor reads.
pub(crate) fn refusal_and_record(outcomes: &[Outcome], paint: Paint) -> String {
    let Some((place, outcome)) = outcomes
        .iter()
        .enumerate()
        .find(|(_, outcome)| outcome.decision() == "deny")
    else {
        return String::new();
    };
    let number = place + 1;
    format!(
        "{}\n{}\n\n{}\n{}\n",
        paint.heading(&format!("What the client of call {number} was told")),
        pretty(&outcome.answer.json()),
        paint.heading(&format!(
            "The audit record of call {number}, from Envoy's access log"
        )),
        pretty(outcome.record()),
    )
}

/// The call as sent, and what a rule on trial would have done about it.
fn call(outcome: &Outcome, indent: usize) -> String {
    let mut call = format!("{:indent$}{}", "", outcome.scene.line);
    for rule in outcome.shadow() {
        let _ = write!(call, "\n{:indent$}on trial: `{rule}` would refuse this", "");
    }
    call
}

fn cells((place, outcome): (usize, &Outcome)) -> [String; 7] {
    [
        (place + 1).to_string(),
        outcome.scene.caller.name().to_owned(),
        outcome.would_have().join(", "),
        outcome.decision().to_owned(),
        outcome.by(),
        outcome.answer.status.to_string(),
        outcome.time(),
    ]
}

fn widths(rows: &[[String; 7]]) -> [usize; 7] {
    let mut widths = HEADINGS.map(|heading| heading.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    widths
}

fn line(cells: &[String; 7], widths: &[usize; 7]) -> String {
    let cells = cells.iter().zip(widths);
    let cells: Vec<String> = cells
        .map(|(cell, width)| format!("{cell:<width$}", width = *width))
        .collect();
    cells.join("  ").trim_end().to_owned()
}

fn pretty(document: &Value) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}
