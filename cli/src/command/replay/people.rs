//! A tally to lines for people, what concerns most calls first.

use std::io::{self, Write};

use super::tally::{Group, Tally};
use crate::paint::Paint;
use crate::plain::{counted, shown};

/// Most principals that are listed of one change.
const PRINCIPALS: usize = 10;

/// Writes a tally.
pub(super) fn write(tally: &Tally, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut changes: Vec<_> = tally.changes.iter().collect();
    changes.sort_by_key(|(_, groups)| std::cmp::Reverse(total(groups.values())));
    for (change, groups) in changes {
        let line = format!(
            "{} -> {} by {}",
            shown(&change.from),
            change.to,
            shown(&change.rule)
        );
        let calls = counted(total(groups.values()), "call");
        writeln!(out, "{} {calls}", paint.heading(&line))?;
        let mut groups: Vec<_> = groups.iter().collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.count));
        let more = groups.len().saturating_sub(PRINCIPALS);
        for (who, group) in groups.into_iter().take(PRINCIPALS) {
            writeln!(out, "  {:>7}  {}", group.count, shown(who))?;
            examples(group, paint, out)?;
        }
        if more > 0 {
            writeln!(out, "           and {more} more who asked")?;
        }
    }
    for (what, group) in &tally.unknown {
        let calls = counted(group.count, "call");
        let line = format!("can't be told without {}", shown(what));
        writeln!(out, "{} {calls}", paint.heading(&line))?;
        examples(group, paint, out)?;
    }
    for (rule, count) in &tally.shadow {
        let line = format!("shadow {}", shown(rule));
        writeln!(out, "{} {}", paint.heading(&line), counted(*count, "call"))?;
    }
    summary(tally, paint, out)
}

fn examples(group: &Group, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for example in &group.examples {
        writeln!(out, "           {}", paint.quiet(&shown(example)))?;
    }
    Ok(())
}

fn summary(tally: &Tally, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let unread: usize = tally.unread.values().sum();
    let told = format!(
        "{}: {} the same, {} otherwise, {} can't be told, {unread} refused before any rule",
        counted(tally.records(), "record"),
        tally.same,
        tally.changed(),
        tally.unknown_ones()
    );
    let told = if tally.is_clear() {
        paint.good(&told)
    } else {
        paint.bad(&told)
    };
    writeln!(out, "{told}")?;
    if tally.without_record > 0 {
        let lines = counted(tally.without_record, "line");
        writeln!(out, "{}", paint.quiet(&format!("{lines} without a record")))?;
    }
    Ok(())
}

fn total<'g>(groups: impl Iterator<Item = &'g Group>) -> usize {
    groups.map(|group| group.count).sum()
}
