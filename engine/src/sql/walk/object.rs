//! Privileges, and what shows the database's objects without their rows.

use sqlparser::ast::{
    Expr, FunctionDesc, GrantObjects, Ident, ObjectName, ShowStatementFilter, ShowStatementOptions,
    Statement, UtilityOption, Value,
};

use super::statement::{Told, reading, told};
use super::{Reach, Walker};
use crate::action::{Effect, Resource, ResourceKind};
use crate::sql::parse::is_verb;

impl Walker<'_> {
    /// What changes who may do what.
    pub(super) fn privilege(&mut self, statement: &Statement) -> Told {
        let (operation, resources): (_, Vec<Resource>) = match statement {
            Statement::Grant(grant) => ("GRANT", self.granted(grant.objects.as_ref())),
            Statement::Revoke(revoke) => ("REVOKE", self.granted(revoke.objects.as_ref())),
            Statement::Deny(deny) => ("DENY", self.granted(Some(&deny.objects))),
            Statement::GrantRole(grant) => {
                let roles = grant.roles.iter();
                ("GRANT", roles.map(|role| self.object_named(role)).collect())
            }
            Statement::RevokeRole(revoke) => {
                let roles = revoke.roles.iter();
                (
                    "REVOKE",
                    roles.map(|role| self.object_named(role)).collect(),
                )
            }
            Statement::AlterRole { name, .. } => ("ALTER ROLE", vec![self.object_named(name)]),
            Statement::AlterUser(user) => ("ALTER USER", vec![self.object_named(&user.name)]),
            Statement::AlterDefaultPrivileges(_) => ("ALTER DEFAULT PRIVILEGES", Vec::new()),
            _ => return self.unclassified(),
        };
        self.does(Effect::Grant, operation, resources);
        told(operation)
    }

    fn granted(&mut self, objects: Option<&GrantObjects>) -> Vec<Resource> {
        use ResourceKind::{Object, Table};
        let Some(objects) = objects else {
            return Vec::new();
        };
        let (kind, names) = match objects {
            GrantObjects::Tables(names) | GrantObjects::Views(names) => (Table, names),
            GrantObjects::AllSequencesInSchema { schemas: names }
            | GrantObjects::AllTablesInSchema { schemas: names }
            | GrantObjects::AllViewsInSchema { schemas: names }
            | GrantObjects::AllMaterializedViewsInSchema { schemas: names }
            | GrantObjects::AllExternalTablesInSchema { schemas: names }
            | GrantObjects::AllFunctionsInSchema { schemas: names }
            | GrantObjects::AllProceduresInSchema { schemas: names }
            | GrantObjects::AllRoutinesInSchema { schemas: names }
            | GrantObjects::FutureSchemasInDatabase { databases: names }
            | GrantObjects::FutureTablesInSchema { schemas: names }
            | GrantObjects::FutureViewsInSchema { schemas: names }
            | GrantObjects::FutureExternalTablesInSchema { schemas: names }
            | GrantObjects::FutureMaterializedViewsInSchema { schemas: names }
            | GrantObjects::FutureSequencesInSchema { schemas: names }
            | GrantObjects::Databases(names)
            | GrantObjects::Schemas(names)
            | GrantObjects::Sequences(names)
            | GrantObjects::Warehouses(names)
            | GrantObjects::Integrations(names)
            | GrantObjects::ResourceMonitors(names)
            | GrantObjects::Users(names)
            | GrantObjects::ComputePools(names)
            | GrantObjects::Connections(names)
            | GrantObjects::FailoverGroup(names)
            | GrantObjects::ReplicationGroup(names)
            | GrantObjects::ExternalVolumes(names) => (Object, names),
            GrantObjects::Procedures(functions)
            | GrantObjects::Functions(functions)
            | GrantObjects::Routines(functions) => return self.functions(functions),
        };
        names.iter().map(|name| self.resource(kind, name)).collect()
    }

    pub(super) fn functions(&mut self, functions: &[FunctionDesc]) -> Vec<Resource> {
        functions
            .iter()
            .map(|function| self.resource(ResourceKind::Function, &function.name))
            .collect()
    }

    /// What shows objects, settings and plans.
    pub(super) fn show(&mut self, statement: &Statement) -> Told {
        match statement {
            Statement::Explain {
                analyze,
                statement,
                options,
                ..
            } => return self.explain(statement, *analyze || runs(options.as_deref())),
            Statement::ExplainTable { table_name, .. } => {
                return self.described(table_name, "DESCRIBE");
            }
            Statement::ShowCreate { obj_name, .. } => {
                return self.described(obj_name, "SHOW CREATE");
            }
            Statement::ShowColumns { show_options, .. } => {
                self.show_options(show_options);
                let parent = show_options
                    .show_in
                    .as_ref()
                    .and_then(|parent| parent.parent_name.as_ref());
                if let Some(table) = parent {
                    return self.described(table, "SHOW COLUMNS");
                }
            }
            Statement::ShowCatalogs { show_options, .. }
            | Statement::ShowDatabases { show_options, .. }
            | Statement::ShowSchemas { show_options, .. }
            | Statement::ShowTables { show_options, .. }
            | Statement::ShowViews { show_options, .. } => self.show_options(show_options),
            Statement::ShowObjects(objects) => self.show_options(&objects.show_options),
            Statement::ShowFunctions { filter }
            | Statement::ShowStatus { filter, .. }
            | Statement::ShowVariables { filter, .. }
            | Statement::ShowCollation { filter } => self.show_filter(filter.as_ref()),
            Statement::ShowCharset(charset) => self.show_filter(charset.filter.as_ref()),
            Statement::ShowVariable { variable } => {
                // The parser takes every word up to a `;` for a part of the name.
                let is_verb = |word: &Ident| word.quote_style.is_none() && is_verb(&word.value);
                if self.dialect.separates_by_verb() && variable.iter().skip(1).any(is_verb) {
                    self.unknown("SHOW");
                }
            }
            Statement::ShowProcessList { .. } => {}
            Statement::Fetch { .. } => {
                self.found(Effect::Read, "FETCH", Reach::Unknown, []);
                return told("FETCH");
            }
            _ => return self.unclassified(),
        }
        self.does(Effect::Read, "SHOW", []);
        told("SHOW")
    }

    fn show_options(&mut self, options: &ShowStatementOptions) {
        use sqlparser::ast::ShowStatementFilterPosition::{Infix, Suffix};
        self.exprs(&options.limit);
        match &options.filter_position {
            Some(Infix(filter) | Suffix(filter)) => self.show_filter(Some(filter)),
            None => {}
        }
    }

    fn show_filter(&mut self, filter: Option<&ShowStatementFilter>) {
        match filter {
            Some(ShowStatementFilter::Where(condition)) => self.exprs([condition]),
            Some(
                ShowStatementFilter::Like(_)
                | ShowStatementFilter::ILike(_)
                | ShowStatementFilter::NoKeyword(_),
            )
            | None => {}
        }
    }

    /// The shape of a table is shown, none of its rows.
    fn described(&mut self, name: &ObjectName, operation: &'static str) -> Told {
        let table = self.table(name);
        self.does(Effect::Read, operation, [table]);
        told(operation)
    }

    /// A plan reads no rows and changes none; ANALYZE runs the statement.
    fn explain(&mut self, statement: &Statement, runs: bool) -> Told {
        if runs {
            self.statement(statement);
            return told("EXPLAIN ANALYZE");
        }
        let mut planned = Walker::new(self.database);
        planned.scopes = std::mem::take(&mut self.scopes);
        planned.notes = std::mem::take(&mut self.notes);
        planned.statement(statement);
        self.scopes = planned.scopes;
        self.notes = planned.notes;
        let resources = planned.findings.resources();
        self.does(Effect::Read, "EXPLAIN", resources);
        reading("EXPLAIN", Reach::None)
    }
}

/// Whether the options of an EXPLAIN make it run the statement: ANALYZE does unless it is
/// switched off, and so may an option that is not known here.
fn runs(options: Option<&[UtilityOption]>) -> bool {
    const PLAIN: [&str; 13] = [
        "buffers",
        "costs",
        "format",
        "generic_plan",
        "memory",
        "serialize",
        "settings",
        "summary",
        "timing",
        "type",
        "verbose",
        "wal",
        "estimate",
    ];
    options.unwrap_or_default().iter().any(|option| {
        let name = option.name.value.to_lowercase();
        if name == "analyze" || name == "analyse" {
            return !is_off(option.arg.as_ref());
        }
        !PLAIN.contains(&name.as_str())
    })
}

fn is_off(argument: Option<&Expr>) -> bool {
    match argument {
        Some(Expr::Identifier(word)) => {
            matches!(word.value.to_lowercase().as_str(), "off" | "false")
        }
        Some(Expr::Value(value)) => match &value.value {
            Value::Boolean(on) => !on,
            Value::Number(digits, _) => digits == "0",
            Value::SingleQuotedString(word) => {
                matches!(word.to_lowercase().as_str(), "off" | "false" | "0")
            }
            _ => false,
        },
        _ => false,
    }
}
