//! `descriptors:` of the document and `grpc:` of an API, compiled; every mistake reported.

use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Grpc;
use super::built_in;
use super::decode::Unknown;
use super::field_path::FieldPath;
use super::operation::{Extent, Name, Operation, Statements, Template};
use super::schema::{Draft, Method, Schema, read_descriptors};
use crate::action::{Effect, Reach, ResourceKind};
use crate::document::{Content, Mapping, Node, Reader};
use crate::protocol::{Given, Protocol, declared};
use crate::sql::{Database, Dialect};

/// The descriptor sets of the document as one schema: `{base64: …}`, or a list of them.
pub fn descriptors(reader: &mut Reader, found: Option<(&Node, String)>) -> Rc<Schema> {
    let mut draft = Draft::default();
    let Some((node, path)) = found else {
        return Rc::default();
    };
    for (node, path) in reader.one_or_list(node, &path) {
        let Some(mut mapping) = reader.mapping(node, &path) else {
            continue;
        };
        if let Some((node, path)) = mapping.required(reader, "base64")
            && let Some(text) = reader.text(node, &path)
        {
            let letters: Vec<u8> = text
                .bytes()
                .filter(|letter| !letter.is_ascii_whitespace())
                .collect();
            let bytes = STANDARD.decode(letters);
            let bytes = bytes.map_err(|_| "expected base64 of a descriptor set".to_owned());
            if let Err(message) = bytes.and_then(|bytes| read_descriptors(&bytes, &mut draft)) {
                reader.mistake("api.descriptors", node.position, &path, message);
            }
        }
        mapping.finish(reader);
    }
    match draft.finish() {
        Ok(schema) => Rc::new(schema),
        Err(message) => {
            reader.mistake("api.descriptors", node.position, &path, message);
            Rc::default()
        }
    }
}

/// The built-in service of that name, in that dialect and with that schema of the document.
pub(in super::super) fn named(
    reader: &mut Reader,
    name: &str,
    (dialect, schema): (Option<Dialect>, Option<(&Node, &str)>),
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let words = built_in::words();
    let (_, service) = words.iter().find(|(known, _)| *known == name)?;
    let dialect = dialect.unwrap_or(service.dialect);
    let database = declared::database_of(reader, dialect, schema, given);
    Some(Box::new(service.protocol(database)?))
}

/// The name of a built-in service, or a mapping.
pub(in super::super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    if let Content::Text(_) = node.content {
        let service = reader.word(node, path, &built_in::words())?;
        return named(reader, service.name, (None, None), given);
    }
    let mut mapping = reader.mapping(node, path)?;
    let built_in = mapping.optional("use");
    let built_in = built_in.map(|(node, path)| reader.word(node, &path, &built_in::words()));
    let grpc = match built_in {
        Some(built_in) => {
            let built_in = built_in?;
            let dialect = dialect(reader, &mut mapping).unwrap_or(built_in.dialect);
            let database = database(reader, dialect, mapping.optional("schema"), given);
            built_in.protocol(database)
        }
        None => Some(Grpc {
            schema: Rc::clone(&given.descriptors),
            operations: BTreeMap::new(),
            built_in: None,
            accepts_unknown_methods: false,
            unknown_fields: Unknown::Refuse,
        }),
    };
    let mut grpc = grpc?;
    grpc.accepts_unknown_methods =
        is_allowed(reader, &mut mapping, "unknown_methods").unwrap_or(false);
    if is_allowed(reader, &mut mapping, "unknown_fields") == Some(true) {
        grpc.unknown_fields = Unknown::Accept;
    }
    if let Some((node, path)) = mapping.optional("methods") {
        for (node, path) in reader.list(node, &path) {
            methods(reader, node, &path, given, &mut grpc);
        }
    }
    let position = mapping.position;
    mapping.finish(reader);
    let is_empty = grpc.schema.methods().is_empty() && grpc.operations.is_empty();
    if is_empty && !grpc.accepts_unknown_methods {
        let message = "expected `descriptors` in the document, `use` or `methods`".to_owned();
        reader.mistake("api.descriptors", position, path, message);
    }
    Some(Box::new(grpc))
}

fn database(
    reader: &mut Reader,
    dialect: Dialect,
    schema: Option<(&Node, String)>,
    given: &Given,
) -> Option<Rc<Database>> {
    let schema = schema.as_ref().map(|(node, path)| (*node, &**path));
    declared::database_of(reader, dialect, schema, given)
}

fn dialect(reader: &mut Reader, mapping: &mut Mapping<'_>) -> Option<Dialect> {
    let words = Dialect::ALL.map(|dialect| (dialect.name(), dialect));
    let (node, path) = mapping.optional("dialect")?;
    reader.word(node, &path, &words)
}

fn is_allowed(reader: &mut Reader, mapping: &mut Mapping<'_>, key: &'static str) -> Option<bool> {
    let (node, path) = mapping.optional(key)?;
    reader.word(node, &path, &[("allow", true), ("refuse", false)])
}

/// One entry of `methods`: what it says holds for each method that it names.
fn methods(reader: &mut Reader, node: &Node, path: &str, given: &Given, grpc: &mut Grpc) {
    let Some(mut mapping) = reader.mapping(node, path) else {
        return;
    };
    let Some((named, named_path)) = mapping.required(reader, "method") else {
        return;
    };
    let schema = Rc::clone(&grpc.schema);
    for (pattern, position, path) in reader.texts(named, &named_path) {
        let found: Vec<Option<&Method>> = match pattern.strip_suffix('*') {
            Some(start) => {
                let all = schema.methods().iter();
                all.filter(|method| method.path.starts_with(start))
                    .map(Some)
                    .collect()
            }
            None => vec![schema.method(pattern)],
        };
        let is_named = pattern.split('/').count() == 2 && !pattern.starts_with('/');
        if !is_named || found.is_empty() {
            let message = format!(
                "expected a method such as `shop.v1.Orders/Delete`, or `shop.v1.Orders/*` for all \
                 that the descriptors have, found `{pattern}`"
            );
            reader.mistake("api.grpc_method", position, &path, message);
        }
        for method in found {
            let input = method.and_then(|method| method.input);
            let name = method.map_or(pattern, |method| &method.path);
            if let Some(operation) = operation(reader, node, &path, given, (&schema, input)) {
                grpc.operations.insert(name.into(), operation);
            }
        }
    }
}

fn operation(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
    types: Types<'_>,
) -> Option<Operation> {
    let mut mapping = reader.mapping(node, path)?;
    mapping.optional("method");
    let sql = mapping.optional("sql");
    let sql = sql.and_then(|(node, path)| statements(reader, node, &path, given, types));
    let effect = mapping.optional("effect").and_then(|(node, path)| {
        let words = Effect::ALL.map(|effect| (effect.name(), effect));
        reader.word(node, &path, &words)
    });
    let reach = mapping.optional("reach");
    let reach = reach.and_then(|(node, path)| extent(reader, node, &path, types));
    let mut resources = Vec::new();
    if let Some((node, path)) = mapping.optional("resources") {
        for (text, position, path) in reader.texts(node, &path) {
            match template(text, types) {
                Ok(template) => resources.push(template),
                Err(message) => reader.mistake("api.field_path", position, &path, message),
            }
        }
    }
    mapping.finish(reader);
    Some(Operation {
        effect: effect.unwrap_or(Effect::Call),
        reach: reach.unwrap_or(Extent::Fixed(Reach::Unknown)),
        resources,
        sql,
    })
}

/// The schema, and the place of the method's message in it.
type Types<'s> = (&'s Schema, Option<usize>);

fn field_path(text: &str, (schema, input): Types<'_>) -> Result<FieldPath, String> {
    let input = input.ok_or("expected a method that `descriptors` declares, to look into it")?;
    FieldPath::read(text, schema, input)
}

fn paths(reader: &mut Reader, node: &Node, path: &str, types: Types<'_>) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    for (text, position, path) in reader.texts(node, path) {
        match field_path(text, types) {
            Ok(field) => paths.push(field),
            Err(message) => reader.mistake("api.field_path", position, &path, message),
        }
    }
    paths
}

fn statements(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
    types: Types<'_>,
) -> Option<Statements> {
    let mut mapping = reader.mapping(node, path)?;
    let words = Dialect::ALL.map(|dialect| (dialect.name(), dialect));
    let dialect = mapping.required(reader, "dialect");
    let dialect = dialect.and_then(|(node, path)| reader.word(node, &path, &words))?;
    let database = database(reader, dialect, mapping.optional("schema"), given);
    let places = mapping.required(reader, "at");
    let places = places.map(|(node, path)| paths(reader, node, &path, types));
    mapping.finish(reader);
    Some(Statements {
        database: database?,
        places: places?,
    })
}

fn extent(reader: &mut Reader, node: &Node, path: &str, types: Types<'_>) -> Option<Extent> {
    const WORDS: [(&str, Reach); 5] = [
        ("none", Reach::None),
        ("key", Reach::Key),
        ("filtered", Reach::Filtered),
        ("all", Reach::All),
        ("unknown", Reach::Unknown),
    ];
    if !matches!(node.content, Content::Mapping(_)) {
        return reader.word(node, path, &WORDS).map(Extent::Fixed);
    }
    let mut mapping = reader.mapping(node, path)?;
    let mut fields = |key| match mapping.optional(key) {
        Some((node, path)) => paths(reader, node, &path, types),
        None => Vec::new(),
    };
    let (key, filtered) = (fields("key"), fields("filtered"));
    mapping.finish(reader);
    Some(Extent::ByFields { key, filtered })
}

/// `table:orders`, or `table:{$.table}` for what stands in a field.
fn template(text: &str, types: Types<'_>) -> Result<Template, String> {
    let expected = || format!("expected `kind:name` or `kind:{{$.field}}`, found `{text}`");
    let (kind, name) = text.split_once(':').ok_or_else(expected)?;
    let mut kinds = ResourceKind::ALL.into_iter();
    let kind = kinds
        .find(|known| known.name() == kind)
        .ok_or_else(expected)?;
    let field = name
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'));
    let name = match field {
        Some(field) => Name::Field(field_path(field, types)?),
        None => Name::Fixed(name.into()),
    };
    Ok(Template { kind, name })
}
