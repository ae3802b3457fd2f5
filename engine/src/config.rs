//! The document becomes a [`Guard`]: everything compiled, or every mistake at once.

mod apis;
mod definitions;
mod fields;
mod identity;
mod language;
mod names;
mod packs;
mod pattern;
mod policy;
mod rules;
mod schemas;
mod unused;

pub use packs::{PACKS, pack};
pub use schemas::read as read_schema;
pub use unused::unused_lists;

use sha2::{Digest, Sha256};

use crate::document::{self, Mapping, Mistake, Reader};
use crate::glob::Glob;
use crate::identity::Reading;
use crate::limits;
use crate::policy::{Policy, Surroundings, suspicions};
use crate::protocol::{Given, Protocol, grpc};
use crate::sql;

/// Every field that `match` and `except` of a rule can name, besides `claims.<name>`.
pub fn fields() -> impl Iterator<Item = &'static str> {
    fields::FIELDS.iter().map(|(name, _)| *name)
}

/// A compiled document.
#[derive(Debug)]
pub struct Guard {
    /// `sha256:` and the hash of the document's bytes.
    pub hash: String,
    /// The environment that the document names; may be empty.
    pub environment: String,
    /// The key of a route's metadata under which its environment stands.
    pub environment_of_route: Option<String>,
    /// How to tell who asks.
    pub reading: Reading,
    /// The guarded surfaces, in document order; the first that matches a call is its API.
    pub apis: Vec<Api>,
    /// What happens to calls that match no API.
    pub unmatched: Unmatched,
    /// The rules.
    pub policy: Policy,
    /// Analyses of statements that were seen before.
    pub analyses: sql::Cache,
    /// Largest body that is held, in bytes.
    pub body_bytes: usize,
    /// In which forms the record is handed to the access log.
    pub record_as: Vec<RecordForm>,
    /// Name of the cluster through which the filter may call its own listener at start.
    pub self_test_cluster: Option<String>,
}

impl Guard {
    /// What is valid in the document and yet hardly meant so: rules that can't take effect,
    /// labels that no rule asks for.
    #[must_use]
    pub fn suspicions(&self) -> Vec<Mistake> {
        let apis: Vec<&str> = self.apis.iter().map(|api| api.name.as_str()).collect();
        let own = self.apis.iter().map(|api| api.environment.as_deref());
        let environments: Vec<&str> = own.map(|own| own.unwrap_or(&self.environment)).collect();
        suspicions(
            &self.policy,
            Surroundings {
                apis: &apis,
                environments: match self.environment_of_route {
                    Some(_) => None,
                    None => Some(&environments),
                },
            },
        )
    }
}

/// One guarded surface.
#[derive(Debug)]
pub struct Api {
    /// Its name.
    pub name: String,
    /// Hosts; any where empty.
    pub hosts: Vec<Glob>,
    /// Paths; any where empty.
    pub paths: Vec<Glob>,
    /// Methods; any where empty.
    pub methods: Vec<String>,
    /// The environment of this API, where it has one of its own.
    pub environment: Option<String>,
    /// How its calls are read.
    pub protocol: Box<dyn Protocol>,
}

impl Api {
    /// Whether a call belongs to this API.
    #[must_use]
    pub fn matches(&self, host: &str, path: &str, method: &str) -> bool {
        let any = |globs: &[Glob], text: &str| {
            globs.is_empty() || globs.iter().any(|glob| glob.matches(text))
        };
        (self.methods.is_empty()
            || self
                .methods
                .iter()
                .any(|known| known.eq_ignore_ascii_case(method)))
            && any(&self.paths, path)
            && (self.hosts.is_empty() || any(&self.hosts, &host.to_ascii_lowercase()))
    }
}

/// What happens to calls that match no API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmatched {
    /// They go through, recorded but not read.
    Allow,
    /// They are refused.
    Deny,
}

/// A form in which the record is handed to the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordForm {
    /// A `google.protobuf.Struct`.
    Struct,
    /// JSON text.
    Json,
    /// JSON text as a member for a line that is put together as text: `,"lictor":{…}`.
    Member,
}

/// Compiles a document.
///
/// `bytes` is a plugin configuration as Envoy hands it over: YAML or JSON text, or a
/// serialized `google.protobuf.Struct`.
///
/// # Errors
///
/// Every mistake in it, each with its position.
///
/// ```
/// let document = "
/// lictor: v1
/// apis:
/// - {name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}
/// rules:
/// - {id: no-drops, effect: deny, match: {action.effect: drop}, reason: Use a migration.}
/// default: allow
/// ";
/// assert!(lictor_engine::config::compile(document.as_bytes()).is_ok());
///
/// let mistakes = lictor_engine::config::compile(b"lictor: v2\nrulez: []\n").unwrap_err();
/// assert_eq!(mistakes.len(), 5);
/// ```
pub fn compile(bytes: &[u8]) -> Result<Guard, Vec<Mistake>> {
    let node = document::read(bytes).map_err(|mistake| vec![mistake])?;
    let mut reader = Reader::default();
    reader.enter("", std::str::from_utf8(bytes).unwrap_or_default());
    let guard = reader
        .mapping(&node, "")
        .and_then(|root| guard(&mut reader, root, bytes));
    match guard {
        Some(guard) if reader.is_clean() => Ok(guard),
        _ => Err(reader.into_mistakes()),
    }
}

fn guard(reader: &mut Reader, mut root: Mapping<'_>, bytes: &[u8]) -> Option<Guard> {
    let version = root.required(reader, "lictor");
    let version = version.and_then(|(node, path)| reader.word(node, &path, &[("v1", ())]));
    let environment = environment(reader, &mut root);
    let reading = identity::compile(reader, root.optional("identity"));
    let given = Given {
        schemas: schemas::compile(reader, root.optional("schemas")),
        definitions: definitions::read(reader, root.optional("definitions")),
        descriptors: grpc::descriptors(reader, root.optional("descriptors")),
        ..Given::default()
    };
    let apis = root.required(reader, "apis");
    let apis = apis.map(|(node, path)| apis::compile(reader, node, &path, &given));
    definitions::check_unused(reader, &given);
    let unmatched = root.optional("unmatched");
    let unmatched = unmatched.and_then(|(node, path)| {
        reader.word(
            node,
            &path,
            &[("allow", Unmatched::Allow), ("deny", Unmatched::Deny)],
        )
    });
    let labels: Vec<_> = (apis.iter().flatten())
        .flat_map(|api| api.protocol.labels())
        .collect();
    let policy = policy::compile(reader, &mut root, &labels);
    let body_bytes = body_bytes(reader, &mut root);
    let record_as = record_as(reader, &mut root);
    let self_test_cluster = self_test(reader, &mut root);
    refuse_include(reader, &mut root);
    root.finish(reader);
    version?;
    Some(Guard {
        hash: hash(bytes),
        environment: environment.0,
        environment_of_route: environment.1,
        reading,
        apis: apis?,
        unmatched: unmatched.unwrap_or(Unmatched::Deny),
        policy: policy?,
        analyses: sql::Cache::default(),
        body_bytes,
        record_as,
        self_test_cluster,
    })
}

/// Files are put in place before a filter gets the document.
fn refuse_include(reader: &mut Reader, root: &mut Mapping<'_>) {
    if let Some((node, path)) = root.optional("include") {
        let message = "a filter reads no files: give it what `lictor render` prints".to_owned();
        reader.mistake("document.include", node.position, &path, message);
    }
}

/// A word, or a mapping of `default` and `route_metadata`: the key that a route names its
/// environment by.
fn environment(reader: &mut Reader, root: &mut Mapping<'_>) -> (String, Option<String>) {
    let Some((node, path)) = root.optional("environment") else {
        return (String::new(), None);
    };
    if !matches!(node.content, document::Content::Mapping(_)) {
        let word = reader.text(node, &path).unwrap_or_default();
        return (word.to_owned(), None);
    }
    let Some(mut mapping) = reader.mapping(node, &path) else {
        return (String::new(), None);
    };
    let default = mapping.required(reader, "default");
    let default = default.and_then(|(node, path)| reader.text(node, &path));
    let key = mapping.required(reader, "route_metadata");
    let key = key.and_then(|(node, path)| reader.text(node, &path));
    mapping.finish(reader);
    (
        default.unwrap_or_default().to_owned(),
        key.map(str::to_owned),
    )
}

fn body_bytes(reader: &mut Reader, root: &mut Mapping<'_>) -> usize {
    let most = u32::try_from(limits::BODY_BYTES_MOST).unwrap_or(u32::MAX);
    let configured = root.optional("limits").and_then(|(node, path)| {
        let mut mapping = reader.mapping(node, &path)?;
        let bytes = mapping.optional("body_bytes");
        let bytes = bytes.and_then(|(node, path)| reader.whole(node, &path, 1, most));
        mapping.finish(reader);
        bytes
    });
    configured
        .and_then(|bytes| usize::try_from(bytes).ok())
        .unwrap_or(limits::BODY_BYTES)
}

fn record_as(reader: &mut Reader, root: &mut Mapping<'_>) -> Vec<RecordForm> {
    const WORDS: [(&str, RecordForm); 3] = [
        ("struct", RecordForm::Struct),
        ("json", RecordForm::Json),
        ("member", RecordForm::Member),
    ];
    let mut forms = Vec::new();
    if let Some((node, path)) = root.optional("record")
        && let Some(mut mapping) = reader.mapping(node, &path)
    {
        if let Some((node, path)) = mapping.required(reader, "as") {
            for (node, path) in reader.one_or_list(node, &path) {
                forms.extend(reader.word(node, &path, &WORDS));
            }
        }
        mapping.finish(reader);
    }
    if forms.is_empty() {
        // There is no such thing as a guard without a record.
        forms = vec![RecordForm::Struct, RecordForm::Json];
    }
    forms
}

fn self_test(reader: &mut Reader, root: &mut Mapping<'_>) -> Option<String> {
    let (node, path) = root.optional("self_test")?;
    let mut mapping = reader.mapping(node, &path)?;
    let cluster = mapping.required(reader, "cluster");
    let cluster = cluster.and_then(|(node, path)| reader.text(node, &path));
    mapping.finish(reader);
    cluster.map(str::to_owned)
}

fn hash(bytes: &[u8]) -> String {
    let mut text = "sha256:".to_owned();
    crate::hex::push(&mut text, &Sha256::digest(bytes));
    text
}

#[cfg(test)]
mod tests;
