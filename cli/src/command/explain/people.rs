//! An explained call to lines for people.

use std::io::{self, Write};

use lictor_engine::glob::Truth;
use serde_json::Value;

use super::Told;
use crate::account::{Account, Nearness, Test};
use crate::paint::Paint;
use crate::plain::shown;

/// Writes who asks for what, what was decided, and what the rules say.
pub(super) fn write(told: &Told, all: bool, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let record = &told.record;
    call(record, paint, out)?;
    decision(told, paint, out)?;
    let shows = |account: &&Account| all || account.nearness > Nearness::Far;
    for account in told.accounts.iter().filter(shows) {
        rule(account, paint, out)?;
    }
    let hidden = told
        .accounts
        .iter()
        .filter(|account| !shows(account))
        .count();
    if hidden > 0 {
        let told = format!("{hidden} more come nowhere near (--all shows them)");
        writeln!(out, "  {}", paint.quiet(&told))?;
    }
    if !told.lacks.is_empty() {
        writeln!(out, "{}", paint.heading("what the record does not hold"))?;
        writeln!(out, "  {}", told.lacks.join(", "))?;
    }
    Ok(())
}

fn call(record: &Value, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let request = record.get("request").unwrap_or(&Value::Null);
    let [method, host, path] = ["method", "host", "path"].map(|name| text(request, name));
    let api = match (text(record, "api"), text(record, "protocol")) {
        (api, _) if api.is_empty() => "of no API".to_owned(),
        (api, protocol) => format!("of the API {api} ({protocol})"),
    };
    let heading = paint.heading("call");
    writeln!(out, "{heading} {method} {host}{path} {api}")?;
    let principal = record.get("principal").unwrap_or(&Value::Null);
    writeln!(out, "{} {}", paint.heading("who asks"), who(principal))?;
    actions(record, paint, out)
}

/// `bot (agent), for alice, groups a, b`.
fn who(principal: &Value) -> String {
    let mut who = format!(
        "{} ({})",
        text(principal, "subject"),
        text(principal, "kind")
    );
    for (name, word) in [
        ("for", "for"),
        ("peer", "from"),
        ("issuer", "vouched for by"),
    ] {
        let value = text(principal, name);
        if !value.is_empty() {
            who.push_str(&format!(", {word} {value}"));
        }
    }
    if let Some(groups) = principal.get("groups").and_then(Value::as_array) {
        let groups: Vec<&str> = groups.iter().filter_map(Value::as_str).collect();
        who.push_str(&format!(", groups {}", shown(&groups.join(", "))));
    }
    who
}

fn actions(record: &Value, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let actions = record.get("actions").and_then(Value::as_array);
    if actions.is_some_and(|actions| !actions.is_empty()) {
        writeln!(out, "{}", paint.heading("actions"))?;
    }
    for (number, action) in (1..).zip(actions.into_iter().flatten()) {
        let cause = text(action, "cause").replace('_', " ");
        let line = format!(
            "{number:>3}  {:<8} {:<9} {}",
            text(action, "effect"),
            text(action, "reach"),
            list(action, "resources")
        );
        writeln!(out, "{line}  {}", paint.quiet(&cause))?;
    }
    Ok(())
}

fn decision(told: &Told, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let record = &told.record;
    let word = text(record, "decision");
    let word = if word == "allow" {
        paint.good(&word)
    } else {
        paint.bad(&word)
    };
    let rules = list(record, "rules");
    let by = match text(record, "code").as_str() {
        "" | "policy.denied" | "policy.approval_required" => format!("by {rules}"),
        code => format!("({code})"),
    };
    writeln!(out, "{} {word} {by}", paint.heading("decision"))?;
    for (source, name) in [(record, "reason"), (&told.reply, "advice")] {
        let words = text(source, name);
        if !words.is_empty() {
            writeln!(out, "  {words}")?;
        }
    }
    for name in ["shadow", "approved", "tagged", "tags", "criteria"] {
        let names = list(record, name);
        if !names.is_empty() {
            writeln!(out, "  {name}: {names}")?;
        }
    }
    if !told.accounts.is_empty() {
        writeln!(out, "{}", paint.heading("rules"))?;
    }
    Ok(())
}

fn rule(account: &Account, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let (pack, line) = &account.origin;
    let places: Vec<String> = account.applies_to.iter().map(ToString::to_string).collect();
    let how = match account.nearness {
        Nearness::Applies if account.truth == Truth::Maybe => {
            format!(
                "counts for {}: it can't be told that it does not apply",
                places.join(", ")
            )
        }
        Nearness::Applies => format!("applies to {}", places.join(", ")),
        Nearness::Exempt if account.truth == Truth::Maybe => {
            "does not count: it can't be told whether it applies".to_owned()
        }
        Nearness::Exempt => "is exempt".to_owned(),
        Nearness::Close => "comes close: one thing is otherwise".to_owned(),
        Nearness::Far => "does not apply".to_owned(),
    };
    let shadow = if account.is_shadow { ", shadow" } else { "" };
    let origin = match pack.as_str() {
        "" => format!("line {line}"),
        pack => format!("{pack}, line {line}"),
    };
    let heading = format!("{} ({}{shadow})", shown(&account.rule), account.effect);
    writeln!(
        out,
        "  {} {how}  {}",
        paint.heading(&heading),
        paint.quiet(&shown(&origin))
    )?;
    for test in &account.tests {
        line_of(test, paint, out)?;
    }
    Ok(())
}

fn line_of(test: &Test, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mark = match test.truth {
        Truth::Yes => paint.good("+"),
        Truth::No => paint.bad("-"),
        Truth::Maybe => paint.bad("?"),
    };
    let indent = if test.is_part { "      " } else { "    " };
    let fault = test
        .fault
        .map_or_else(String::new, |fault| format!("  ({fault})"));
    writeln!(
        out,
        "{indent}{mark} {:<8} {}{fault}",
        test.key,
        shown(&test.what)
    )
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    shown(text.unwrap_or_default())
}

fn list(value: &Value, name: &str) -> String {
    let items = value.get(name).and_then(Value::as_array);
    let items = items.into_iter().flatten().filter_map(Value::as_str);
    shown(&items.collect::<Vec<_>>().join(", "))
}
