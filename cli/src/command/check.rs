//! `lictor check`: policy files to everything that is wrong with them, all at once.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use lictor_engine::config;
use serde_json::{Value, json};

use crate::document::Document;
use crate::ending::{Ending, Failure};
use crate::finding::{Finding, Weight};
use crate::guarded;
use crate::paint::Paint;
use crate::plain::{self, counted, shown};

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    command
        .arg(
            Arg::new("files")
                .value_name("FILE")
                .required(true)
                .num_args(1..)
                .value_parser(value_parser!(PathBuf))
                .help("Policy files"),
        )
        .arg(flag("mistakes-only").help("Tell no suspicions"))
        .arg(flag("json").help("Print one JSON object"))
        .after_help("Exit codes: 0 nothing found, 1 something found, 2 nothing to work with")
}

/// What was found in one file.
struct Checked {
    path: PathBuf,
    findings: Vec<Finding>,
    /// The hash that records will name, and the number of rules; nothing for a document that
    /// the filter refuses.
    good: Option<(String, usize)>,
}

/// Checks and prints.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let with_suspicions = !matches.get_flag("mistakes-only");
    let files = matches.get_many::<PathBuf>("files");
    let files: BTreeSet<&PathBuf> = files.into_iter().flatten().collect();
    let mut checked = Vec::new();
    for path in files {
        checked.push(one(path, with_suspicions)?);
    }
    if matches.get_flag("json") {
        let files: Value = checked.iter().map(program).collect();
        writeln!(out, "{}", plain::json(&json!({ "files": files })))?;
    } else {
        let paint = Paint::for_standard_output();
        for one in &checked {
            people(one, paint, out)?;
        }
    }
    let is_clear = checked.iter().all(|one| one.findings.is_empty());
    Ok(if is_clear {
        Ending::Clear
    } else {
        Ending::Found
    })
}

fn one(path: &Path, with_suspicions: bool) -> Result<Checked, Failure> {
    let document = match Document::read(path) {
        Ok(document) => document,
        Err(Failure::Findings(findings)) => {
            return Ok(Checked {
                path: path.to_owned(),
                findings,
                good: None,
            });
        }
        Err(other) => return Err(other),
    };
    let (findings, good) = match document.compile() {
        Ok(guard) => {
            let mut suspicions = Vec::new();
            if with_suspicions {
                suspicions = guard.suspicions();
                suspicions.extend(config::unused_lists(&document.tree));
            }
            let found = suspicions.into_iter();
            let found = found.map(|one| document.finding(one).weighing(Weight::Suspicion));
            let rules = guarded::rule_ids(&guard).len();
            (found.collect(), Some((guard.hash, rules)))
        }
        Err(findings) => (findings, None),
    };
    Ok(Checked {
        path: path.to_owned(),
        findings,
        good,
    })
}

fn people(checked: &Checked, paint: Paint, out: &mut dyn Write) -> Result<(), Failure> {
    for finding in &checked.findings {
        writeln!(out, "{}\n", finding.told(paint))?;
    }
    let path = checked.path.display().to_string();
    let path = shown(&path);
    let count = checked.findings.len();
    let told = match (&checked.good, count) {
        (Some((hash, rules)), 0) => {
            let told = paint.good(&format!("{path}: good, {}", counted(*rules, "rule")));
            format!("{told}\n{}", paint.quiet(hash))
        }
        (Some((hash, _)), _) => {
            let told = format!(
                "{path}: the filter takes it; {}",
                counted(count, "suspicion")
            );
            format!("{told}\n{}", paint.quiet(hash))
        }
        (None, _) => paint.bad(&format!("{path}: {}", counted(count, "mistake"))),
    };
    writeln!(out, "{told}")?;
    Ok(())
}

fn program(checked: &Checked) -> Value {
    json!({
        "file": checked.path.display().to_string(),
        "accepted": checked.good.is_some(),
        "policy": checked.good.as_ref().map(|(hash, _)| hash),
        "rules": checked.good.as_ref().map(|(_, rules)| rules),
        "findings": checked.findings.iter().map(Finding::json).collect::<Value>(),
    })
}
