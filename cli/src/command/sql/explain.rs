//! A report to lines for people.

use std::collections::BTreeSet;
use std::io::{self, Write};

use lictor_engine::action::{Action, ColumnUse, Effect, Reach};
use lictor_engine::document::Position;
use lictor_engine::refusal::Refusal;
use lictor_engine::sql::{Analysis, Kind, SqlError};

use super::{Refused, Report, reason};
use crate::caret;
use crate::paint::Paint;
use crate::plain::shown;

/// How lines are written.
#[derive(Clone, Copy)]
pub struct Manner {
    /// With which colours.
    pub paint: Paint,
    /// Whether who reads is who gave the text, so that a line of it may be shown.
    pub shows_text: bool,
}

/// Writes a report.
pub fn write(report: &Report, manner: Manner, out: &mut dyn Write) -> io::Result<()> {
    match &report.analysis {
        Ok(analysis) => {
            let name = report.dialect.name();
            told(analysis, name, manner.paint, out)
        }
        Err(why) => refused(report, why, manner, out),
    }
}

fn refused(report: &Report, why: &Refused, manner: Manner, out: &mut dyn Write) -> io::Result<()> {
    let error = why.error;
    let refusal = Refusal::from(error);
    let code = manner.paint.bad(refusal.code);
    writeln!(out, "refused {code}: {}", refusal.detail)?;
    if let (true, Some(place)) = (manner.shows_text, position(error))
        && let Some(piece) = caret::under(&report.text, place)
    {
        writeln!(out, "\n{}\n{}\n", piece.line, piece.mark)?;
    }
    if !why.kinds.is_empty() {
        writeln!(out, "by its words: {}", kinds(&why.kinds))?;
    }
    writeln!(out, "{}", refusal.advice)
}

fn position(error: SqlError) -> Option<Position> {
    let (line, column) = place(error)?;
    Some(Position {
        line: usize::try_from(line).ok()?,
        column: usize::try_from(column).ok()?,
    })
}

/// Line and column of a refusal, both from 1, where known.
pub fn place(error: SqlError) -> Option<(u64, u64)> {
    match error {
        SqlError::Syntax {
            line: Some(line),
            column: Some(column),
        } => Some((line, column)),
        _ => None,
    }
}

fn kinds(kinds: &[Kind]) -> String {
    let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
    names.join(", ")
}

fn told(analysis: &Analysis, dialect: &str, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let heading = format!("{} in {dialect}", kinds(&analysis.kinds));
    writeln!(out, "{}", paint.heading(&heading))?;
    for action in &analysis.actions {
        effect(action, paint, out)?;
    }
    columns(&analysis.actions, paint, out)?;
    lineage(&analysis.actions, paint, out)?;
    let mut actions = analysis.actions.iter();
    if let Some(action) = actions.next() {
        let texts = [
            ("statement", &action.statement),
            ("fingerprint", &action.fingerprint),
        ];
        for (label, text) in texts {
            let text = text.as_deref().unwrap_or_default();
            writeln!(out, "{}\n  {}", paint.heading(label), shown(text))?;
        }
    }
    if !analysis.gaps.is_empty() {
        writeln!(out, "{}", paint.heading("not told"))?;
    }
    for gap in &analysis.gaps {
        writeln!(out, "  {}  {gap}", paint.quiet(gap.name()))?;
    }
    Ok(())
}

fn effect(action: &Action, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let name = format!("{:<8}", action.effect.name());
    let name = match action.effect {
        Effect::Read | Effect::Session => name,
        _ => paint.bad(&name),
    };
    let reach = match action.reach {
        Reach::Limited(rows) => format!("at most {rows}"),
        reach => reach.name().to_owned(),
    };
    let resources: Vec<_> = action.resources.iter().map(ToString::to_string).collect();
    let resources = shown(&resources.join(", "));
    let cause = action.cause.map(reason::of).unwrap_or_default();
    let line = format!("  {name}  {reach:<10}  {resources}");
    match cause {
        "" => writeln!(out, "{}", line.trim_end()),
        cause => writeln!(out, "{line}  {}", paint.quiet(cause)),
    }
}

fn columns(actions: &[Action], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let uses: BTreeSet<&ColumnUse> = actions.iter().flat_map(|action| &action.columns).collect();
    if !uses.is_empty() {
        writeln!(out, "{}", paint.heading("columns"))?;
    }
    for found in uses {
        let doubt = if found.is_certain { "" } else { "  perhaps" };
        let column = shown(&found.column.to_string());
        let usage = found.usage.name();
        writeln!(out, "  {usage:<9}  {column}{}", paint.quiet(doubt))?;
    }
    Ok(())
}

fn lineage(actions: &[Action], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let edges: BTreeSet<_> = actions.iter().flat_map(|action| &action.lineage).collect();
    if !edges.is_empty() {
        writeln!(out, "{}", paint.heading("lineage"))?;
    }
    for edge in edges {
        let line = format!("{} -> {}", edge.source, edge.target);
        writeln!(out, "  {}", shown(&line))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use lictor_engine::sql::{Dialect, analyse};

    use super::*;

    fn refusal_of(text: &str, shows_text: bool) -> String {
        let report = Report {
            dialect: Dialect::Postgres,
            text: text.to_owned(),
            analysis: analyse(text, Dialect::Postgres)
                .map_err(|error| Refused::new(error, text, Dialect::Postgres)),
        };
        let manner = Manner {
            paint: Paint::NONE,
            shows_text,
        };
        let mut out = Vec::new();
        write(&report, manner, &mut out).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn only_who_gave_the_text_is_shown_a_line_of_it() {
        let text = "SELECT 1; SELEC 'secret'";
        assert!(refusal_of(text, true).contains("\nSELECT 1; SELEC 'secret'\n"));
        let for_others = refusal_of(text, false);
        assert!(for_others.starts_with("refused sql.syntax"), "{for_others}");
        assert!(!for_others.contains("secret"), "{for_others}");
        assert!(
            for_others.contains("by its words: select, other"),
            "{for_others}"
        );
    }
}
