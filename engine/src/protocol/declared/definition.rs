//! A definition becomes an API: one that is built in, one of the document, or operations that
//! stand with the API itself.

use super::database::{self, Databases, Setting};
use super::operation::{self, Operation};
use super::problem;
use super::source::BodyForm;
use super::statement::Statements;
use super::{Declared, built_in, place};
use crate::document::{self, Content, Mapping, Node, Reader, advice};
use crate::protocol::{Given, Protocol, grpc};
use crate::sql::Dialect;

/// What a document says where it uses a definition.
#[derive(Default)]
struct Usage<'n> {
    dialect: Option<Dialect>,
    dialects: Vec<(String, Dialect)>,
    schema: Option<(&'n Node, String)>,
    under: String,
}

/// `use:` of an API: the name of a definition, or a mapping with `api` and what else is to be so.
pub(in crate::protocol) fn compile_use(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    if let Content::Text(name) = &node.content {
        return named(reader, (name, node, path), &Usage::default(), given);
    }
    let mut mapping = reader.mapping(node, path)?;
    let api = mapping.required(reader, "api");
    let usage = usage(reader, &mut mapping);
    mapping.finish(reader);
    let (node, path) = api?;
    let name = reader.text(node, &path)?;
    named(reader, (name, node, &path), &usage, given)
}

fn usage<'n>(reader: &mut Reader, mapping: &mut Mapping<'n>) -> Usage<'n> {
    let dialect = mapping.optional("dialect");
    let dialect = dialect.and_then(|(node, path)| database::word(reader, node, &path));
    let mut dialects = Vec::new();
    if let Some((node, path)) = mapping.optional("dialects")
        && let Some(mapping) = reader.mapping(node, &path)
    {
        for (key, node, path) in mapping.entries() {
            let dialect = database::word(reader, node, &path);
            dialects.extend(dialect.map(|dialect| (key.text.clone(), dialect)));
        }
    }
    let under = mapping.optional("under");
    let under = under.and_then(|(node, path)| {
        let text = reader.text(node, &path)?;
        if !text.starts_with('/') {
            let message = "expected the start of a path such as `/rest/v1`".to_owned();
            reader.mistake("api.route", node.position, &path, message);
        }
        Some(text.trim_end_matches('/'))
    });
    Usage {
        dialect,
        dialects,
        schema: mapping.optional("schema"),
        under: under.unwrap_or_default().to_owned(),
    }
}

/// The definition of that name: the document's own stands before one that is built in.
fn named(
    reader: &mut Reader,
    (name, node, path): (&str, &Node, &str),
    usage: &Usage<'_>,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let mut own = given.definitions.iter();
    if let Some((_, definition, way)) = own.find(|(known, ..)| known == name) {
        given.used.borrow_mut().insert(name.to_owned());
        return whole(reader, definition, way, usage, given);
    }
    let schema = usage.schema.as_ref().map(|(node, path)| (*node, &**path));
    if let Some(service) = grpc::named(reader, name, (usage.dialect, schema), given) {
        return Some(service);
    }
    let Some(text) = built_in::definition(name) else {
        let own = given.definitions.iter();
        let mut names: Vec<&str> = own.map(|(name, ..)| name.as_str()).collect();
        built_in::names().for_each(|name| names.push(name));
        let advice = advice(name, names.iter().copied(), || {
            format!("expected one of `{}`", names.join("`, `"))
        });
        let message = format!("there is no definition `{name}`, {advice}");
        reader.mistake("api.definition_unknown", node.position, path, message);
        return None;
    };
    let tree = match document::read(text.as_bytes()) {
        Ok(tree) => tree,
        Err(mistake) => {
            reader.mistake(mistake.code, node.position, path, mistake.message);
            return None;
        }
    };
    let before = reader.enter(name, &text);
    let api = whole(reader, &tree, "", usage, given);
    reader.go_back(before);
    api
}

/// Compiles a definition that the document has and no API uses, for its mistakes.
pub(crate) fn check(reader: &mut Reader, node: &Node, path: &str, given: &Given) {
    let _ = whole(reader, node, path, &Usage::default(), given);
}

/// The keys of a definition that say something to people only.
pub const NOTES: [&str; 4] = ["about", "source", "proven_with", "limits"];

fn whole(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    usage: &Usage<'_>,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let mut mapping = reader.mapping(node, path)?;
    let name = mapping.required(reader, "api");
    let name = name.and_then(|(node, path)| reader.text(node, &path));
    for key in NOTES {
        if let Some((node, path)) = mapping.optional(key) {
            reader.text(node, &path);
        }
    }
    let dialect = mapping.optional("dialect");
    let dialect = dialect.and_then(|(node, path)| database::word(reader, node, &path));
    let body = mapping.optional("body");
    let body = body.and_then(|(node, path)| reader.word(node, &path, &BodyForm::WORDS));
    let errors = mapping.optional("errors");
    let errors = errors.and_then(|(node, path)| problem::compile(reader, node, &path));
    let refuse = mapping.optional("refuse");
    let refusals = refuse.map(|(node, path)| operation::refused(reader, node, &path));
    let schema = usage.schema.as_ref();
    let setting = Setting {
        dialect: usage.dialect,
        usual: dialect.unwrap_or(Dialect::Generic),
        dialects: &usage.dialects,
        schema: schema.map(|(node, path)| (*node, path.as_str())),
        body: body.unwrap_or_default(),
        given,
    };
    let operations = mapping.required(reader, "operations");
    let operations = operations.map(|(node, path)| operations_of(reader, node, &path, &setting));
    mapping.finish(reader);
    Some(Box::new(Declared {
        under: usage.under.clone(),
        refusals: refusals.unwrap_or_default(),
        dialect: usage.dialect.or(dialect),
        errors,
        ..Declared::new(name?.to_owned(), operations?)
    }))
}

fn operations_of(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    setting: &Setting<'_>,
) -> Vec<Operation> {
    let items = reader.list(node, path).into_iter();
    let operations: Vec<Operation> = items
        .filter_map(|(node, path)| operation::compile(reader, node, &path, setting))
        .collect();
    for (number, operation) in operations.iter().enumerate() {
        let mut before = operations.iter().take(number);
        if let Some(other) = before.find(|other| other.hides(operation)) {
            let message = format!(
                "expected operations that differ in their route or in `when`, found `{}` and `{}`",
                other.name, operation.name
            );
            reader.mistake("api.operation_hidden", node.position, path, message);
        }
    }
    operations
}

/// `operations:` of an API: a definition without more around it.
pub(in crate::protocol) fn compile_operations(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let setting = Setting {
        dialect: None,
        usual: Dialect::Generic,
        dialects: &[],
        schema: None,
        body: BodyForm::default(),
        given,
    };
    let operations = operations_of(reader, node, path, &setting);
    Some(Box::new(Declared::new("operations".to_owned(), operations)))
}

/// `sql:` of an API: every call carries statements of one dialect in the same places.
pub(in crate::protocol) fn compile_sql(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let mut mapping = reader.mapping(node, path)?;
    let dialect = mapping.required(reader, "dialect");
    let dialect = dialect.and_then(|(node, path)| database::word(reader, node, &path));
    let schema = mapping.optional("schema");
    let at = mapping.required(reader, "at");
    let at = at.map(|(node, path)| place::compile(reader, node, &path));
    mapping.finish(reader);
    let setting = Setting {
        dialect,
        usual: dialect?,
        dialects: &[],
        schema: schema.as_ref().map(|(node, path)| (*node, path.as_str())),
        body: BodyForm::default(),
        given,
    };
    let statements = Statements::plain(at?, Databases::new(reader, &setting)?);
    let operation = Operation::of_statements(statements);
    Some(Box::new(Declared::new("sql".to_owned(), vec![operation])))
}
