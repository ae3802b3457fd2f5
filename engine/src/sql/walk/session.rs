//! What changes the caller's own session or transaction only.

use sqlparser::ast::{
    ContextModifier, Declare, DeclareAssignment, DiscardObject, Expr, Ident, ObjectName,
    RaiseStatementValue, Reset, ReturnStatementValue, Set, Statement, Use, Value,
};

use super::execute::is_verb;
use super::statement::{Told, reading, told};
use super::{Extent, Walker};
use crate::action::Effect;
use crate::sql::dialect::Dialect;
use crate::sql::name;
use crate::sql::place::{Place, moves};
use crate::sql::setting;

impl Walker<'_> {
    /// What touches the caller's own session or transaction only.
    pub(super) fn session(&mut self, statement: &Statement) -> Told {
        match statement {
            Statement::Set(set) => self.set(set),
            Statement::Use(target) => return self.use_target(target),
            Statement::Declare { stmts, .. } => {
                self.does(Effect::Session, "DECLARE", []);
                return stmts.iter().fold(told("DECLARE"), |before, declare| {
                    self.declare(declare)
                        .map_or(before, |reach| reading("DECLARE", reach))
                });
            }
            Statement::Prepare {
                name, statement, ..
            } => {
                self.does(Effect::Session, "PREPARE", []);
                self.statement(statement);
                self.prepares(name);
            }
            Statement::Deallocate { name, .. } => {
                let is_all = name.quote_style.is_none() && name.value.eq_ignore_ascii_case("all");
                self.forgets(Some(name).filter(|_| !is_all));
                self.does(Effect::Session, "DEALLOCATE", []);
            }
            Statement::Reset(reset) => self.reset(&reset.reset),
            Statement::AlterSession { session_params, .. } => {
                for option in &session_params.options {
                    let name = &option.option_name;
                    if moves(name) {
                        self.place = Place::Unknown;
                    }
                    let effect = setting::effect(name, None, self.dialect);
                    self.does(effect, session_verb(statement), []);
                }
                self.does(Effect::Session, session_verb(statement), []);
            }
            // Back to the rights that the session had at first, among others.
            Statement::Discard { object_type } => {
                self.forgets(None);
                let effect = match object_type {
                    DiscardObject::ALL => Effect::Grant,
                    DiscardObject::PLANS | DiscardObject::SEQUENCES | DiscardObject::TEMP => {
                        Effect::Session
                    }
                };
                self.does(effect, "DISCARD", []);
            }
            Statement::Cache {
                query, table_name, ..
            } => {
                self.does(Effect::Session, "CACHE", []);
                let reach = match query {
                    Some(query) => self.query(query),
                    None => self.read(table_name),
                };
                return reading("CACHE", reach);
            }
            Statement::Raise(raise) => {
                match &raise.value {
                    Some(
                        RaiseStatementValue::UsingMessage(expr) | RaiseStatementValue::Expr(expr),
                    ) => self.exprs([expr]),
                    None => {}
                }
                self.does(Effect::Session, "RAISE", []);
            }
            Statement::RaisError {
                message,
                severity,
                state,
                arguments,
                ..
            } => {
                self.exprs([&**message, severity, state]);
                self.exprs(arguments);
                self.does(Effect::Session, "RAISERROR", []);
            }
            Statement::Throw(throw) => {
                let parts = [&throw.error_number, &throw.message, &throw.state];
                self.exprs(parts.into_iter().flatten().map(|expr| &**expr));
                self.does(Effect::Session, "THROW", []);
            }
            Statement::Assert { condition, message } => {
                self.exprs(std::iter::once(condition).chain(message));
                self.does(Effect::Session, "ASSERT", []);
            }
            Statement::Print(print) => {
                self.exprs([&*print.message]);
                self.does(Effect::Session, "PRINT", []);
            }
            Statement::WaitFor(wait) => {
                self.exprs([&wait.expr]);
                self.does(Effect::Session, "WAITFOR", []);
            }
            Statement::Return(value) => {
                match &value.value {
                    Some(ReturnStatementValue::Expr(expr)) => {
                        if self.dialect.separates_by_verb() && is_verb(expr) {
                            self.unknown("RETURN");
                        }
                        self.exprs([expr]);
                    }
                    None => {}
                }
                self.does(Effect::Session, "RETURN", []);
            }
            Statement::Lock(lock) => {
                let targets = lock.tables.iter();
                let tables: Vec<_> = targets.map(|target| self.table(&target.name)).collect();
                self.does(Effect::Session, "LOCK", tables);
            }
            Statement::LockTables { tables } => {
                let named = |table: &Ident| ObjectName::from(vec![table.clone()]);
                let tables: Vec<_> = tables
                    .iter()
                    .map(|locked| self.table(&named(&locked.table)))
                    .collect();
                self.does(Effect::Session, "LOCK TABLES", tables);
            }
            other => self.does(Effect::Session, session_verb(other), []),
        }
        told(session_verb(statement))
    }

    fn set(&mut self, set: &Set) {
        const OPERATION: &str = "SET";
        match set {
            Set::SingleAssignment {
                scope,
                variable,
                values,
                ..
            } => {
                self.exprs(values);
                let global = matches!(scope, Some(ContextModifier::Global));
                let value = match values.as_slice() {
                    [only] => Some(only),
                    _ => None,
                };
                self.set_variable(variable, global, value);
            }
            Set::ParenthesizedAssignments { variables, values } => {
                self.exprs(values);
                let mut values = values.iter();
                for variable in variables {
                    self.set_variable(variable, false, values.next());
                }
            }
            Set::MultipleAssignments { assignments } => {
                for assignment in assignments {
                    self.exprs([&assignment.value]);
                    let global = matches!(assignment.scope, Some(ContextModifier::Global));
                    self.set_variable(&assignment.name, global, Some(&assignment.value));
                }
            }
            // Another role has other rights.
            Set::SetSessionAuthorization(_) | Set::SetRole { .. } => {
                self.does(Effect::Grant, "SET ROLE", []);
            }
            Set::SetTimeZone { value, .. } => {
                self.exprs([value]);
                self.does(Effect::Session, OPERATION, []);
            }
            Set::SetSessionParam(_)
            | Set::SetNames { .. }
            | Set::SetNamesDefault {}
            | Set::SetTransaction { .. } => self.does(Effect::Session, OPERATION, []),
        }
    }

    /// A setting, or the rights that the session had at first. In MySQL, parts of the server.
    fn reset(&mut self, reset: &Reset) {
        let is_server = matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb);
        let effect = match reset {
            Reset::SessionAuthorization => Effect::Grant,
            Reset::ConfigurationParameter(name)
                if name::joined(name, self.dialect)
                    .is_some_and(|name| name.eq_ignore_ascii_case("role")) =>
            {
                Effect::Grant
            }
            Reset::ALL | Reset::ConfigurationParameter(_) if is_server => Effect::Admin,
            Reset::ALL | Reset::ConfigurationParameter(_) => Effect::Session,
        };
        self.does(effect, "RESET", []);
    }

    fn set_variable(&mut self, variable: &ObjectName, global: bool, value: Option<&Expr>) {
        let name = name::joined(variable, self.dialect).unwrap_or_default();
        let name = name.to_lowercase();
        if moves(&name) {
            self.place = Place::Unknown;
        }
        let effect = match setting::effect(&name, value.and_then(plain).as_deref(), self.dialect) {
            Effect::Session if global => Effect::Admin,
            effect => effect,
        };
        self.does(effect, "SET", []);
    }

    /// What a setting that holds for one statement only does.
    pub(super) fn set_for_now(&mut self, name: &Ident, value: &Expr) {
        let effect = setting::effect(&name.value, plain(value).as_deref(), self.dialect);
        if effect != Effect::Session {
            self.does(effect, "SETTINGS", []);
        }
    }

    fn use_target(&mut self, target: &Use) -> Told {
        let effect = match target {
            Use::Role(_) | Use::SecondaryRoles(_) => Effect::Grant,
            Use::Catalog(_)
            | Use::Schema(_)
            | Use::Database(_)
            | Use::Warehouse(_)
            | Use::Object(_)
            | Use::Default => Effect::Session,
        };
        if !matches!(target, Use::Warehouse(_)) {
            self.place = Place::Unknown;
        }
        self.does(effect, "USE", []);
        told("USE")
    }

    fn declare(&mut self, declare: &Declare) -> Option<Extent> {
        if let Some(query) = &declare.for_query {
            return Some(self.query(query));
        }
        match declare.assignment.as_ref()? {
            DeclareAssignment::Expr(expr)
            | DeclareAssignment::Default(expr)
            | DeclareAssignment::DuckAssignment(expr)
            | DeclareAssignment::For(expr)
            | DeclareAssignment::MsSqlAssignment(expr) => {
                let ((), reach) = self.apart(|walker| walker.exprs([&**expr]));
                Some(reach)
            }
        }
    }
}

/// A value as a word.
fn plain(value: &Expr) -> Option<String> {
    match value {
        Expr::Identifier(word) => Some(word.value.clone()),
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => Some(digits.clone()),
            Value::Boolean(is) => Some(is.to_string()),
            Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

const fn session_verb(statement: &Statement) -> &'static str {
    match statement {
        Statement::Set(_) => "SET",
        Statement::Reset(_) => "RESET",
        Statement::AlterSession { .. } => "ALTER SESSION",
        Statement::Open(_) => "OPEN",
        Statement::Close { .. } => "CLOSE",
        Statement::Discard { .. } => "DISCARD",
        Statement::Commit { .. } => "COMMIT",
        Statement::Rollback { .. } => "ROLLBACK",
        Statement::Deallocate { .. } => "DEALLOCATE",
        Statement::Prepare { .. } => "PREPARE",
        Statement::Savepoint { .. } => "SAVEPOINT",
        Statement::ReleaseSavepoint { .. } => "RELEASE SAVEPOINT",
        Statement::UNCache { .. } => "UNCACHE",
        Statement::UnlockTables => "UNLOCK TABLES",
        Statement::LISTEN { .. } => "LISTEN",
        Statement::UNLISTEN { .. } => "UNLISTEN",
        Statement::NOTIFY { .. } => "NOTIFY",
        _ => "SESSION",
    }
}
