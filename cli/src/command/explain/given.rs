//! What the command line gives to a call that is decided and accounted for.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::ArgMatches;
use serde_json::Value;

use super::{Told, recorded};
use crate::case::{self, Call, CaseFile, HOST};
use crate::document::{Document, read_text};
use crate::ending::Failure;
use crate::moment;

/// The call, decided and accounted for.
pub(super) fn told(matches: &ArgMatches) -> Result<Told, Failure> {
    let policy = matches.get_one::<PathBuf>("policy").map(PathBuf::as_path);
    if let Some(case) = word(matches, "case") {
        return of_case(case, policy);
    }
    let policy = policy.ok_or_else(|| usage("expected `--policy`, or a case as FILE:NAME"))?;
    let document = Document::read(policy)?;
    if let Some(path) = word(matches, "record") {
        return recorded::told(&document, path, word(matches, "id"));
    }
    let guard = Rc::new(document.compile().map_err(Failure::Findings)?);
    let call = match (word(matches, "sql"), word(matches, "url")) {
        (Some(text), _) => {
            let api = word(matches, "api");
            case::of_statement(&document.tree, api, text).map_err(Failure::Usage)?
        }
        (None, Some(url)) => request(matches, url)?,
        (None, None) => {
            return Err(usage(
                "expected a call: a case, `--url`, `--sql` or `--record`",
            ));
        }
    };
    let call = Call {
        claims: claims(matches)?,
        peer: word(matches, "peer").map(str::to_owned),
        at: match word(matches, "at") {
            Some(text) => {
                let at = moment::parse(text);
                Some(at.ok_or_else(|| usage("expected a time such as 2026-11-04T12:00:00Z"))?)
            }
            None => None,
        },
        ..call
    };
    Ok(explained(&guard, &call))
}

fn explained(guard: &Rc<lictor_engine::config::Guard>, call: &Call) -> Told {
    let (outcome, accounts) = case::explain(guard, call);
    Told {
        record: outcome.record,
        reply: outcome.reply,
        accounts,
        lacks: Vec::new(),
    }
}

/// `FILE:NAME`; the name alone may hold colons.
fn of_case(given: &str, policy: Option<&Path>) -> Result<Told, Failure> {
    let split = given.split_once(".yaml:");
    let (stem, name) = split.ok_or_else(|| usage("expected a case as `FILE.yaml:NAME`"))?;
    let file = CaseFile::read(Path::new(&format!("{stem}.yaml")), policy)?;
    let mut cases = file.cases.iter();
    let case = cases.find(|case| case.name == name).ok_or_else(|| {
        let names = file.cases.iter().map(|case| case.name.as_str());
        let near = lictor_engine::document::nearest(name, names);
        let advice = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        Failure::Usage(format!("there is no case `{name}`{advice}"))
    })?;
    Ok(explained(&file.guard, &case.call))
}

fn request(matches: &ArgMatches, url: &str) -> Result<Call, Failure> {
    let body = word(matches, "data").map(from_file).transpose()?;
    let body = body.unwrap_or_default();
    let method = match (word(matches, "request"), body.is_empty()) {
        (Some(method), _) => method,
        (None, true) => "GET",
        (None, false) => "POST",
    };
    let (host, path) = host_and_path(url);
    let mut headers = vec![
        (":method".to_owned(), method.to_owned()),
        (":path".to_owned(), path),
        (":authority".to_owned(), host),
    ];
    let mut has_type = false;
    for field in matches.get_many::<String>("header").into_iter().flatten() {
        let (name, value) = field
            .split_once(':')
            .ok_or_else(|| usage("expected a header field as `NAME: VALUE`"))?;
        has_type |= name.eq_ignore_ascii_case("content-type");
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    if !has_type && serde_json::from_str::<Value>(&body).is_ok_and(|value| value.is_object()) {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    Ok(Call {
        headers,
        body: body.into_bytes(),
        ..Call::default()
    })
}

/// `https://host/path`, or a path alone.
fn host_and_path(url: &str) -> (String, String) {
    let Some((_, rest)) = url.split_once("://") else {
        return (HOST.to_owned(), url.to_owned());
    };
    let place = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(place).unwrap_or((rest, ""));
    let path = match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("/{path}"),
    };
    (host.to_owned(), path)
}

fn claims(matches: &ArgMatches) -> Result<Option<Value>, Failure> {
    let Some(given) = word(matches, "as") else {
        return Ok(None);
    };
    let text = from_file(given)?;
    let claims: Option<Value> = serde_json::from_str(&text).ok();
    let claims = claims.filter(Value::is_object);
    claims
        .map(Some)
        .ok_or_else(|| usage("expected the claims as a JSON object"))
}

fn from_file(given: &str) -> Result<String, Failure> {
    match given.strip_prefix('@') {
        Some(path) => read_text(Path::new(path)),
        None => Ok(given.to_owned()),
    }
}

fn word<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m str> {
    matches.get_one::<String>(name).map(String::as_str)
}

fn usage(message: &str) -> Failure {
    Failure::Usage(message.to_owned())
}
