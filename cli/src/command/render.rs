//! `lictor render`: a policy with its included files to what Envoy, Istio or Envoy Gateway take.
//!
//! Guarantees that what is printed holds the document as it was checked: a document with mistakes
//! is not printed, and what is printed is read again.

mod template;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use lictor_engine::document;
use serde_json::json;

use crate::document::{Document, read_text};
use crate::ending::{Ending, Failure};
use crate::{plain, tree};
use template::Kind;

/// A form that a policy can be given.
struct Form {
    name: &'static str,
    about: &'static str,
    template: &'static str,
    /// Placeholders that need no value, with the one that they have then.
    defaults: &'static [(&'static str, &'static str)],
}

/// Every form.
const FORMS: &[Form] = &[
    Form {
        name: "document",
        about: "The document itself, included files in place",
        template: "${POLICY}\n",
        defaults: &[],
    },
    Form {
        name: "configuration",
        about: "The plugin configuration: a StringValue as JSON",
        template: "${STRING_VALUE}\n",
        defaults: &[],
    },
    Form {
        name: "ecds",
        about: "A resource of Envoy's extension discovery",
        template: include_str!("../../../envoy/ecds.yaml"),
        defaults: &[("MODULE", "lictor.wasm")],
    },
    Form {
        name: "envoy",
        about: "A whole Envoy",
        template: include_str!("../../../envoy/static.yaml"),
        defaults: &[
            ("MODULE", "lictor.wasm"),
            ("LISTENER_PORT", "10000"),
            ("ADMIN_PORT", "9901"),
            ("UPSTREAM_PORT", "8080"),
            ("ACCESS_LOG", "/dev/stdout"),
        ],
    },
    Form {
        name: "envoyfilter",
        about: "Istio: an EnvoyFilter, which holds heads until the verdict",
        template: include_str!("render/form/envoyfilter.yaml"),
        defaults: &[("NAMESPACE", "default"), ("CONTEXT", "SIDECAR_INBOUND")],
    },
    Form {
        name: "wasmplugin",
        about: "Istio: a WasmPlugin, which can't hold heads",
        template: include_str!("render/form/wasmplugin.yaml"),
        defaults: &[("NAMESPACE", "default")],
    },
    Form {
        name: "envoy-gateway",
        about: "Envoy Gateway: an EnvoyExtensionPolicy, which can't hold heads",
        template: include_str!("render/form/envoy_gateway.yaml"),
        defaults: &[("NAMESPACE", "default")],
    },
];

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    let names = PossibleValuesParser::new(FORMS.iter().map(|form| form.name));
    let forms = FORMS
        .iter()
        .map(|form| format!("  {:<14} {}", form.name, form.about));
    command
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The policy"),
        )
        .arg(
            Arg::new("as")
                .long("as")
                .value_name("FORM")
                .value_parser(names)
                .default_value("document")
                .help("What to print"),
        )
        .arg(
            Arg::new("set")
                .long("set")
                .value_name("NAME=VALUE")
                .action(ArgAction::Append)
                .help("The value of a placeholder; `@PATH` takes it from a file"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print JSON, where the form is YAML otherwise"),
        )
        .after_help(format!(
            "Forms:\n{}\n\nExit codes: 0 printed, 2 nothing to print",
            forms.collect::<Vec<_>>().join("\n")
        ))
}

/// Renders and prints.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let path = matches.get_one::<PathBuf>("file").cloned();
    let document = Document::read(&path.unwrap_or_default())?;
    document.compile().map_err(Failure::Findings)?;
    let named = matches.get_one::<String>("as");
    let form = FORMS
        .iter()
        .find(|form| named.is_some_and(|name| name == form.name))
        .ok_or_else(|| Failure::Usage("expected a form".to_owned()))?;
    let mut values = defaults(form);
    for given in matches.get_many::<String>("set").into_iter().flatten() {
        let (name, value) = setting(given)?;
        values.insert(name, value);
    }
    let text = rendered(form, values, &document)?;
    if matches.get_flag("json") {
        let read = document::read(text.as_bytes()).map_err(|one| unsound(&one.to_string()))?;
        writeln!(out, "{}", plain::json_lines(&tree::json(&read)))?;
    } else {
        write!(out, "{}", plain::for_standard_output(text))?;
    }
    Ok(Ending::Clear)
}

fn defaults(form: &Form) -> BTreeMap<String, String> {
    let defaults = form.defaults.iter();
    defaults
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn setting(given: &str) -> Result<(String, String), Failure> {
    let Some((name, value)) = given.split_once('=') else {
        let message = format!("expected `--set NAME=VALUE`, found `{given}`");
        return Err(Failure::Usage(message));
    };
    let value = match value.strip_prefix('@') {
        Some(path) => read_text(&PathBuf::from(path))?.trim().to_owned(),
        None => value.to_owned(),
    };
    Ok((name.to_owned(), value))
}

/// The template with the document in it, read again to see that nothing broke out of its place.
fn rendered(
    form: &Form,
    values: BTreeMap<String, String>,
    document: &Document,
) -> Result<String, Failure> {
    let policy = tree::json(&document.tree);
    let string_value = json!({
        "@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": document.text,
    });
    let mut kinds: BTreeMap<&str, Kind> = BTreeMap::from([
        ("POLICY", Kind::Block(document.text.clone())),
        ("POLICY_STRUCT", Kind::Plain(policy.to_string())),
        ("STRING_VALUE", Kind::Plain(format!("{string_value:#}"))),
    ]);
    let known = template::names(form.template);
    for (name, value) in &values {
        if !known.contains(&name.as_str()) || kinds.contains_key(name.as_str()) {
            let own: Vec<&str> = known
                .into_iter()
                .filter(|one| !kinds.contains_key(one))
                .collect();
            let message = format!(
                "the form `{}` has no placeholder `{name}`, expected one of `{}`",
                form.name,
                own.join("`, `")
            );
            return Err(Failure::Usage(message));
        }
        kinds.insert(name, Kind::Word(value.clone()));
    }
    let text = template::fill(form.template, &kinds).map_err(Failure::Usage)?;
    let read = document::read(text.as_bytes()).map_err(|one| unsound(&one.to_string()))?;
    if form.name == "document" && read != document.tree {
        return Err(unsound("it reads otherwise than the files"));
    }
    Ok(text)
}

fn unsound(why: &str) -> Failure {
    Failure::Usage(format!("the result would be no sound YAML: {why}"))
}
