//! Measurements to a table for a person and a file for a program.

use std::fmt::Write as _;
use std::{fs, io};

use lictor_lab::workspace;
use serde_json::{Value, json};

use crate::client::{CONNECTIONS, Load};
use crate::decisions::{self, Decisions};
use crate::memory::{FIRST, LAST, Memory};
use crate::rounds::{CALLS, ROUNDS, Ratios, Series};
use crate::variant::Variant;

/// What lictor may cost, in times the empty filter's median latency.
const fn aim(load: Load) -> f64 {
    match load {
        Load::Same => 1.2,
        Load::NewLiterals | Load::New => 1.6,
    }
}

/// The table.
pub fn text(series: &[Series], memory: &Memory, decisions: Decisions) -> String {
    let mut text = format!(
        "\none worker, {CONNECTIONS} connections, bodies of 1 KiB, {ROUNDS} rounds of {CALLS} calls in turns\n"
    );
    for load in Load::ALL {
        let _ = writeln!(
            text,
            "\n{:<36} p50 µs   p99 µs  calls per   times the empty filter   times no filter\n{:<36}                  CPU second    p50    p99    CPU        p50    p99    CPU",
            load.name(),
            "",
        );
        for row in rows(series, load) {
            text.push_str(&line(&row));
        }
        text.push_str(&verdict(series, load));
    }
    let _ = writeln!(
        text,
        "\nmemory of Envoy with lictor: {} MiB at start, {} MiB after {FIRST} new statements, {} MiB after {LAST}",
        memory.at_start_kib / 1024,
        memory.first_kib / 1024,
        memory.last_kib / 1024,
    );
    let _ = writeln!(
        text,
        "deciding, mean of {} calls in whole µs: {:.2} with ten rules that can't match, {:.2} with a hundred as people write them",
        decisions::CALLS,
        decisions.few_us,
        decisions.hundred_us,
    );
    text
}

/// Writes `target/bench/load.json` and returns its path inside the workspace.
///
/// # Errors
///
/// When it can't be written.
pub fn keep(series: &[Series], memory: &Memory, decisions: Decisions) -> io::Result<&'static str> {
    let folder = workspace::target().join("bench");
    fs::create_dir_all(&folder)?;
    let loads: Vec<Value> = Load::ALL
        .iter()
        .map(|load| {
            json!({
                "load": load.name(),
                "variants": rows(series, *load).map(|row| row.to_json()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let report = json!({
        "workers": 1, "connections": CONNECTIONS, "rounds": ROUNDS, "calls_per_round": CALLS,
        "loads": loads,
        "deciding_us": {"ten_rules": decisions.few_us, "hundred_rules": decisions.hundred_us},
        "memory": [
            {"calls": 0, "kib": memory.at_start_kib},
            {"calls": FIRST, "kib": memory.first_kib},
            {"calls": LAST, "kib": memory.last_kib},
        ],
    });
    fs::write(folder.join("load.json"), format!("{report:#}\n"))?;
    Ok("target/bench/load.json")
}

struct Row<'a> {
    series: &'a Series,
    to_empty: Ratios,
    to_none: Ratios,
}

impl Row<'_> {
    fn to_json(&self) -> Value {
        let ratios = |ratios: Ratios| json!({"p50": ratios.median, "p99": ratios.slowest_percent, "cpu": ratios.processor});
        json!({
            "variant": self.series.variant.name(),
            "p50_us": self.series.median_us(),
            "p99_us": self.series.slowest_percent_us(),
            "calls_per_cpu_second": self.series.calls_per_processor_second(),
            "times_empty_filter": ratios(self.to_empty),
            "times_no_filter": ratios(self.to_none),
        })
    }
}

fn rows(series: &[Series], load: Load) -> impl Iterator<Item = Row<'_>> {
    let references = find(series, Variant::Empty, load).zip(find(series, Variant::None, load));
    references.into_iter().flat_map(move |(empty, none)| {
        series
            .iter()
            .filter(move |series| series.load == load)
            .map(move |series| Row {
                series,
                to_empty: series.ratios_to(empty),
                to_none: series.ratios_to(none),
            })
    })
}

fn find(series: &[Series], variant: Variant, load: Load) -> Option<&Series> {
    series
        .iter()
        .find(|series| series.variant == variant && series.load == load)
}

fn line(row: &Row<'_>) -> String {
    let ratios = |ratios: Ratios| {
        format!(
            "{:>6.2} {:>6.2} {:>6.2}",
            ratios.median, ratios.slowest_percent, ratios.processor
        )
    };
    format!(
        "  {:<32} {:>8.1} {:>8.1} {:>10.0}   {}     {}\n",
        row.series.variant.name(),
        row.series.median_us(),
        row.series.slowest_percent_us(),
        row.series.calls_per_processor_second(),
        ratios(row.to_empty),
        ratios(row.to_none),
    )
}

fn verdict(series: &[Series], load: Load) -> String {
    let allowing = rows(series, load).find(|row| row.series.variant == Variant::Allowing);
    let measured = allowing.map_or(f64::NAN, |row| row.to_empty.median);
    let aim = aim(load);
    let word = if measured <= aim { "met" } else { "missed" };
    format!("  aim of {aim} times the empty filter at p50: {word}\n")
}
