//! `lictor sql`: a text of SQL to an account of what it would do.
//!
//! No literal of the text is printed, but for the line where it was refused, and that only to
//! the terminal of whoever gave the text.

mod dialect;
mod explain;
mod json;
mod lines;
mod prediction;
mod reason;
mod schema;

use std::io::{IsTerminal as _, Write, stdout};
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use lictor_engine::action::Effect;
use lictor_engine::sql::{Analysis, Database, Dialect, Kind, SqlError, analyse_in, kinds_by_words};

use crate::ending::{Ending, Failure};
use crate::paint::Paint;
use crate::plain;
use crate::source;
use explain::Manner;

/// A text and what came of it.
struct Report {
    dialect: Dialect,
    text: String,
    analysis: Result<Analysis, Refused>,
}

/// Why a text was refused, and what its statements seem to be all the same.
struct Refused {
    error: SqlError,
    kinds: Vec<Kind>,
}

impl Refused {
    fn new(error: SqlError, text: &str, dialect: Dialect) -> Self {
        let kinds = kinds_by_words(text, dialect);
        Self { error, kinds }
    }
}

impl Report {
    fn ending(&self) -> Ending {
        let is_told = self.analysis.as_ref().is_ok_and(|analysis| {
            let mut actions = analysis.actions.iter();
            actions.all(|action| action.effect != Effect::Unknown)
        });
        if is_told {
            Ending::Clear
        } else {
            Ending::Found
        }
    }
}

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    let path = || value_parser!(PathBuf);
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    command
        .arg(Arg::new("text").help("The text; standard input where there is neither text nor file"))
        .arg(
            Arg::new("file")
                .long("file")
                .value_name("PATH")
                .value_parser(path())
                .conflicts_with("text")
                .help("Read the text from a file"),
        )
        .arg(
            Arg::new("dialect")
                .long("dialect")
                .value_name("NAME")
                .default_value("generic")
                .value_parser(dialect::names())
                .help("The SQL that the database speaks"),
        )
        .arg(
            Arg::new("schema")
                .long("schema")
                .value_name("PATH")
                .value_parser(path())
                .conflicts_with("jsonl")
                .help("Tables with their columns and keys, as YAML"),
        )
        .arg(flag("json").help("Print one JSON object"))
        .arg(
            flag("jsonl")
                .conflicts_with_all(["json", "text"])
                .help("Read an object with `id` and `sql` a line, print one for each"),
        )
        .after_help("Exit codes: 0 all told, 1 refused or not all told, 2 nothing to work with")
}

/// Analyses and prints.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let named = matches.get_one::<String>("dialect");
    let dialect = named.and_then(|name| dialect::named(name));
    let dialect = dialect.unwrap_or(Dialect::Generic);
    let file = matches.get_one::<PathBuf>("file").map(PathBuf::as_path);
    if matches.get_flag("jsonl") {
        return lines::answer(source::open(file)?, dialect, out);
    }
    let database = match matches.get_one::<PathBuf>("schema") {
        Some(path) => schema::read(path, dialect)?,
        None => Database::new(dialect),
    };
    let given = matches.get_one::<String>("text");
    let text = given.map_or_else(|| source::read(file), |text| Ok(text.clone()))?;
    let report = Report {
        dialect,
        analysis: analyse_in(&text, &database).map_err(|error| Refused::new(error, &text, dialect)),
        text,
    };
    if matches.get_flag("json") {
        writeln!(out, "{}", plain::json(&json::of(&report)))?;
    } else {
        let manner = Manner {
            paint: Paint::for_standard_output(),
            shows_text: stdout().is_terminal(),
        };
        explain::write(&report, manner, out)?;
    }
    Ok(report.ending())
}
