//! What an operator tells of a call by its arguments: where statements stand among them, how far
//! it reaches, and what else it does.
//!
//! The words and places are those of definitions; `$` is the arguments.

use super::database::Setting;
use super::declaration::{self, Declaration};
use super::reach::{self, Extent};
use super::source::{BodyForm, Source, View};
use super::statement::{self, Statements};
use crate::action::{Action, Reach};
use crate::document::{Content, Mapping, Node, Reader};
use crate::message::{Head, Request, Wanted};
use crate::protocol::Given;
use crate::refusal::Refusal;
use crate::sql::{self, Dialect};
use crate::value::Value;

/// What is told of the arguments of a call.
#[derive(Debug)]
pub(in crate::protocol) struct Told {
    sql: Sql,
    actions: Vec<Declaration>,
    reach: Option<Extent>,
    dialect: Option<Dialect>,
}

/// Where SQL stands among the arguments.
#[derive(Debug)]
enum Sql {
    Untold,
    None,
    At(Box<Statements>),
}

/// What the API says of databases, for the statements of its calls.
#[derive(Debug, Clone, Copy)]
pub(in crate::protocol) struct Spoken<'n> {
    /// The SQL that is spoken, where it is known.
    pub(in crate::protocol) dialect: Option<Dialect>,
    /// The name of a schema of the document, and the way there.
    pub(in crate::protocol) schema: Option<(&'n Node, &'n str)>,
}

impl Told {
    /// Reads `sql`, `reach` and `actions` of what has this name. `sql: none` says that no
    /// argument is SQL.
    pub(in crate::protocol) fn compile(
        reader: &mut Reader,
        mapping: &mut Mapping<'_>,
        operation: &str,
        (spoken, given): (Spoken<'_>, &Given),
    ) -> Option<Self> {
        let setting = Setting {
            dialect: None,
            usual: spoken.dialect.unwrap_or(Dialect::Generic),
            dialects: &[],
            schema: spoken.schema,
            body: BodyForm::Json,
            given,
        };
        let mut sql = Sql::Untold;
        if let Some((node, path)) = mapping.optional("sql") {
            sql = match &node.content {
                Content::Text(text) if text == "none" => Sql::None,
                _ => Sql::At(Box::new(statement::compile(reader, node, &path, &setting)?)),
            };
        }
        let reach = mapping.optional("reach");
        let reach = reach.map(|(node, path)| reach::compile(reader, node, &path));
        let mut actions = Vec::new();
        if let Some((node, path)) = mapping.optional("actions") {
            for (node, path) in reader.one_or_list(node, &path) {
                actions.extend(declaration::compile(reader, node, &path, operation));
            }
        }
        Some(Self {
            sql,
            actions,
            reach,
            dialect: spoken.dialect,
        })
    }

    /// Whether it says where statements stand, or that there are none.
    pub(in crate::protocol) const fn tells_sql(&self) -> bool {
        !matches!(self.sql, Sql::Untold)
    }

    /// Adds what a call with these arguments does besides, and returns how far it reaches itself,
    /// where that is told.
    ///
    /// # Errors
    ///
    /// Arguments that can't be read in exactly one way.
    pub(in crate::protocol) fn add(
        &self,
        arguments: &Value<'_>,
        analyses: &sql::Cache,
        actions: &mut Vec<Action>,
    ) -> Result<Option<Reach>, Refusal> {
        let statements = match &self.sql {
            Sql::At(statements) => Some(statements),
            Sql::None | Sql::Untold => None,
        };
        if statements.is_none() && self.actions.is_empty() && self.reach.is_none() {
            return Ok(None);
        }
        let head = Head::default();
        let request = Request {
            head: &head,
            path: "",
            query: "",
            // Nothing is read from it: the arguments are.
            body: b"{}",
            analyses,
            wanted: Wanted::default(),
        };
        let source = Source::of_value(&request, arguments.clone());
        let view = View {
            source: &source,
            body: BodyForm::Json,
            parameters: &[],
            item: None,
        };
        for declaration in &self.actions {
            declaration.add(&view, self.dialect, actions)?;
        }
        if let Some(statements) = statements {
            statements.add(&view, actions)?;
        }
        let reach = self.reach.as_ref();
        reach.map(|extent| extent.reach(&view)).transpose()
    }
}
