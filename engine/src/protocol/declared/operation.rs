//! One operation of an API: which calls are of it, and what they do.

use super::condition::{self, When};
use super::database::Setting;
use super::declaration::{self, Declaration};
use super::decoder::{self, Decoding};
use super::place::Place;
use super::problem::{self, ErrorForm};
use super::route::Route;
use super::source::{BodyForm, View};
use super::statement::{self, Statements};
use crate::action::Action;
use crate::document::{Node, Reader};
use crate::glob::Glob;
use crate::refusal::Refusal;
use crate::sql::Dialect;

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) routes: Vec<Route>,
    pub(super) when: When,
    pub(super) body: BodyForm,
    /// The forms of body in which something is read.
    forms: Vec<BodyForm>,
    sql: Option<Statements>,
    decodings: Vec<Decoding>,
    actions: Vec<Declaration>,
    refusals: Vec<Refused>,
    /// How it says no, where it does so in its own way.
    pub(super) errors: Option<ErrorForm>,
    /// Query parameters that may stand there; any where nothing is said.
    query: Option<Vec<Glob>>,
}

/// What is refused, and why.
#[derive(Debug)]
pub(super) struct Refused {
    when: When,
    because: String,
}

/// Reads an operation.
pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    setting: &Setting<'_>,
) -> Option<Operation> {
    let mut mapping = reader.mapping(node, path)?;
    let name = mapping.required(reader, "name");
    let name = name.and_then(|(node, path)| reader.text(node, &path));
    let name = name.unwrap_or_default();
    let routes = mapping.required(reader, "match");
    let routes = routes.map(|(node, path)| routes_of(reader, node, &path));
    let when = mapping.optional("when");
    let when = when.map(|(node, path)| condition::compile(reader, node, &path));
    let body = mapping.optional("body");
    let body = body.and_then(|(node, path)| reader.word(node, &path, &BodyForm::WORDS));
    let sql = mapping.optional("sql");
    let sql = sql.and_then(|(node, path)| statement::compile(reader, node, &path, setting));
    let decode = mapping.optional("decode");
    let decodings = decode.map(|(node, path)| decoder::compile(reader, node, &path));
    let mut actions = Vec::new();
    if let Some((node, path)) = mapping.optional("actions") {
        for (node, path) in reader.one_or_list(node, &path) {
            actions.extend(declaration::compile(reader, node, &path, name));
        }
    }
    let refuse = mapping.optional("refuse");
    let refusals = refuse.map(|(node, path)| refused(reader, node, &path));
    let errors = mapping.optional("errors");
    let errors = errors.and_then(|(node, path)| problem::compile(reader, node, &path));
    let query = mapping.optional("query");
    let query = query.map(|(node, path)| globs(reader, node, &path));
    let position = mapping.position;
    mapping.finish(reader);
    let mut operation = Operation {
        name: name.to_owned(),
        routes: routes?,
        when: when.unwrap_or_default(),
        body: body.unwrap_or(setting.body),
        forms: Vec::new(),
        sql,
        decodings: decodings.unwrap_or_default(),
        actions,
        refusals: refusals.unwrap_or_default(),
        errors,
        query,
    };
    operation.forms = operation.forms_read();
    if operation.does_nothing() {
        let message = "expected one of `sql`, `actions`, `decode` and `refuse`".to_owned();
        reader.mistake("api.operation_empty", position, path, message);
    }
    if let Some(name) = operation.unknown_parameter() {
        let message = format!("expected a parameter of every path, found `{name}`");
        reader.mistake("api.path_parameter", position, path, message);
    }
    Some(operation)
}

fn routes_of(reader: &mut Reader, node: &Node, path: &str) -> Vec<Route> {
    let mut routes = Vec::new();
    for (text, position, path) in reader.texts(node, path) {
        match Route::parse(text) {
            Some(route) => routes.push(route),
            None => {
                let message =
                    "expected a method and a path such as `DELETE /v1/orders/{id}`".to_owned();
                reader.mistake("api.route", position, &path, message);
            }
        }
    }
    routes
}

fn globs(reader: &mut Reader, node: &Node, path: &str) -> Vec<Glob> {
    let texts = reader.texts(node, path).into_iter();
    texts.map(|(text, _, _)| Glob::new(text, 0)).collect()
}

/// Reads `refuse:`: why, or a list of mappings with `when` and `because`.
pub(super) fn refused(reader: &mut Reader, node: &Node, path: &str) -> Vec<Refused> {
    let mut all = Vec::new();
    for (node, path) in reader.one_or_list(node, path) {
        if let crate::document::Content::Text(because) = &node.content {
            all.push(Refused {
                when: When::default(),
                because: because.clone(),
            });
            continue;
        }
        let Some(mut mapping) = reader.mapping(node, &path) else {
            continue;
        };
        let when = mapping.required(reader, "when");
        let when = when.map(|(node, path)| condition::compile(reader, node, &path));
        let because = mapping.required(reader, "because");
        let because = because.and_then(|(node, path)| reader.text(node, &path));
        mapping.finish(reader);
        if let (Some(when), Some(because)) = (when, because) {
            all.push(Refused {
                when,
                because: because.to_owned(),
            });
        }
    }
    all
}

impl Refused {
    /// The refusal of a call that is of this kind.
    pub(super) fn check(&self, view: &View<'_, '_>) -> Result<(), Refusal> {
        if !self.when.holds(view)? {
            return Ok(());
        }
        Err(Refusal {
            detail: self.because.clone().into(),
            ..REFUSED
        })
    }
}

impl Operation {
    /// Every call, with these statements.
    pub(super) fn of_statements(sql: Statements) -> Self {
        let mut operation = Self {
            name: "sql".to_owned(),
            routes: vec![Route::any()],
            when: When::default(),
            body: BodyForm::ByType,
            forms: Vec::new(),
            sql: Some(sql),
            decodings: Vec::new(),
            actions: Vec::new(),
            refusals: Vec::new(),
            errors: None,
            query: None,
        };
        operation.forms = operation.forms_read();
        operation
    }

    /// Whether it takes every call of another operation's route, so that the other never counts.
    pub(super) fn hides(&self, other: &Self) -> bool {
        self.when.len() == 0
            && other.when.len() == 0
            && other.routes.iter().any(|route| self.routes.contains(route))
    }

    fn does_nothing(&self) -> bool {
        self.sql.is_none()
            && self.actions.is_empty()
            && self.decodings.is_empty()
            && self.refusals.is_empty()
    }

    fn forms_read(&self) -> Vec<BodyForm> {
        let mut forms = Vec::new();
        self.when.forms(&mut forms);
        if let Some(sql) = &self.sql {
            sql.forms(&mut forms);
        }
        self.decodings.iter().for_each(|one| one.forms(&mut forms));
        self.actions.iter().for_each(|one| one.forms(&mut forms));
        for refused in &self.refusals {
            refused.when.forms(&mut forms);
        }
        forms
    }

    /// A parameter of the path that an action names and some path does not have.
    fn unknown_parameter(&self) -> Option<&str> {
        let places = self.actions.iter().flat_map(Declaration::places);
        let mut names = places.filter_map(Place::path_parameter);
        names.find(|name| !self.routes.iter().any(|route| route.has(name)))
    }

    /// What a call of this operation does.
    pub(super) fn read(
        &self,
        view: &View<'_, '_>,
        dialect: Option<Dialect>,
    ) -> Result<Vec<Action>, Refusal> {
        for refused in &self.refusals {
            refused.check(view)?;
        }
        self.check_body(view)?;
        self.check_query(view)?;
        let mut actions = Vec::new();
        for declaration in &self.actions {
            declaration.add(view, dialect, &mut actions)?;
        }
        for decoding in &self.decodings {
            decoding.add(view, dialect, &mut actions)?;
        }
        if let Some(sql) = &self.sql {
            sql.add(view, &mut actions)?;
        }
        Ok(actions)
    }

    /// A body in a form that nothing is read from could say what nobody looked at.
    fn check_body(&self, view: &View<'_, '_>) -> Result<(), Refusal> {
        let Some(form) = view.source.form_of_body(self.body) else {
            return Ok(());
        };
        let is_read = self.forms.contains(&form);
        let is_looked_at = self.sql.is_some() || !self.forms.is_empty();
        if is_read || self.body == BodyForm::Data || !is_looked_at {
            Ok(())
        } else {
            Err(UNEXPECTED)
        }
    }

    fn check_query(&self, view: &View<'_, '_>) -> Result<(), Refusal> {
        let Some(harmless) = &self.query else {
            return Ok(());
        };
        let mut known = Vec::new();
        if let Some(sql) = &self.sql {
            sql.parameters(&mut known);
        }
        self.decodings
            .iter()
            .for_each(|one| one.parameters(&mut known));
        self.actions
            .iter()
            .for_each(|one| one.parameters(&mut known));
        self.when
            .places()
            .for_each(|place| place.parameters(&mut known));
        let is_known = |name: &str| {
            known.contains(&name) || harmless.iter().any(|pattern| pattern.matches(name))
        };
        if view.source.query()?.names().all(is_known) {
            Ok(())
        } else {
            Err(QUERY)
        }
    }
}

const REFUSED: Refusal = Refusal::with_status(
    403,
    "api.operation_refused",
    "",
    "use a way of this API that can be read",
);
const UNEXPECTED: Refusal = Refusal::with_status(
    415,
    "content.type_unexpected",
    "expected a Content-Type that the API declares",
    "send the body in the media type that the API documents",
);
const QUERY: Refusal = Refusal::malformed(
    "api.query_unexpected",
    "expected only query parameters that the API declares",
    "leave out parameters of the query that change what a call does",
);
