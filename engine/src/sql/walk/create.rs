//! CREATE.

use sqlparser::ast::{
    CreateFunction, CreateFunctionBody, CreateProcedureBody, CreateRuleAction, CreateTable,
    CreateTableLikeKind, Expr, MacroDefinition, ObjectName, SchemaName, Statement,
};

use super::statement::{Told, reading, told};
use super::{Extent, Reach, Walker, location};
use crate::action::{Effect, Resource, ResourceKind};

impl Walker<'_> {
    pub(super) fn create(&mut self, statement: &Statement) -> Told {
        let (operation, made): (_, Vec<Resource>) = match statement {
            Statement::CreateTable(create) => return self.create_table(create),
            Statement::CreateView(view) => {
                let view_name = self.table(&view.name);
                if view.or_replace || view.or_alter {
                    let operation = "CREATE OR REPLACE VIEW";
                    self.found(Effect::Alter, operation, Reach::All, [view_name.clone()]);
                }
                self.does(Effect::Create, "CREATE VIEW", [view_name]);
                let reach = self.query(&view.query);
                return reading("CREATE VIEW", reach);
            }
            Statement::CreateVirtualTable { name, .. } => {
                ("CREATE VIRTUAL TABLE", vec![self.table(name)])
            }
            Statement::CreateIndex(index) => {
                self.indexed(&index.columns, index.predicate.as_ref());
                let name = index.name.iter().map(|name| self.object(name)).next();
                let table = self.table(&index.table_name);
                ("CREATE INDEX", name.into_iter().chain([table]).collect())
            }
            Statement::CreatePolicy(policy) => {
                self.exprs(policy.using.iter().chain(&policy.with_check));
                let table = self.table(&policy.table_name);
                self.does(Effect::Grant, "CREATE POLICY", [table.clone()]);
                (
                    "CREATE POLICY",
                    vec![self.object_named(&policy.name), table],
                )
            }
            // A later change of the table shows nothing of them: what they do is judged now.
            Statement::CreateRule(rule) => {
                self.exprs(&rule.condition);
                self.deferred(match &rule.action {
                    CreateRuleAction::Nothing => &[],
                    CreateRuleAction::Statement(statement) => std::slice::from_ref(&**statement),
                    CreateRuleAction::Statements(statements) => statements,
                });
                let table = self.table(&rule.table_name);
                ("CREATE RULE", vec![self.object_named(&rule.name), table])
            }
            Statement::CreateTrigger(trigger) => {
                self.exprs(&trigger.condition);
                if let Some(body) = &trigger.statements {
                    self.deferred(body.statements());
                }
                if let Some(body) = &trigger.exec_body {
                    self.calls(&body.func_desc.name);
                }
                let table = self.table(&trigger.table_name);
                ("CREATE TRIGGER", vec![self.object(&trigger.name), table])
            }
            Statement::CreateFunction(function) => {
                self.function_body(function);
                (
                    "CREATE FUNCTION",
                    vec![self.resource(ResourceKind::Function, &function.name)],
                )
            }
            Statement::CreateProcedure { name, body, .. } => {
                // Whoever calls it later shows its name only: what it does is judged now.
                match body {
                    CreateProcedureBody::As(statements) => self.statements(statements.statements()),
                    CreateProcedureBody::BeginAtomic(block) => self.statements(&block.statements),
                }
                (
                    "CREATE PROCEDURE",
                    vec![self.resource(ResourceKind::Function, name)],
                )
            }
            Statement::CreateAggregate(aggregate) => (
                "CREATE AGGREGATE",
                vec![self.resource(ResourceKind::Function, &aggregate.name)],
            ),
            Statement::CreateMacro {
                name, definition, ..
            } => {
                match definition {
                    MacroDefinition::Expr(expr) => self.exprs([expr]),
                    MacroDefinition::Table(query) => {
                        self.query(query);
                    }
                }
                let name = self.resource(ResourceKind::Function, name);
                ("CREATE MACRO", vec![name])
            }
            Statement::CreateRole(role) => {
                let roles = role.names.iter();
                let roles = roles.map(|name| self.object(name)).collect();
                return self.grants("CREATE ROLE", roles);
            }
            Statement::CreateUser(user) => {
                let user = self.object_named(&user.name);
                return self.grants("CREATE USER", vec![user]);
            }
            Statement::CreateUserMapping(mapping) => {
                let server = self.object_named(&mapping.server_name);
                return self.grants("CREATE USER MAPPING", vec![server]);
            }
            Statement::CreateExtension(extension) => {
                let name = self.object_named(&extension.name);
                self.does(Effect::Admin, "CREATE EXTENSION", [name.clone()]);
                ("CREATE EXTENSION", vec![name])
            }
            _ => return self.create_other(statement),
        };
        self.does(Effect::Create, operation, made);
        told(operation)
    }

    /// Objects that hold no rows of their own.
    fn create_other(&mut self, statement: &Statement) -> Told {
        let (operation, made) = match statement {
            Statement::CreateSecret { name, .. } => {
                let name = name.iter().map(|name| self.object_named(name)).collect();
                ("CREATE SECRET", name)
            }
            Statement::CreateServer(server) => {
                return self.reaches("CREATE SERVER", &server.name, "server");
            }
            Statement::CreateStage { name, .. } => {
                return self.reaches("CREATE STAGE", name, "stage");
            }
            Statement::CreateForeignTable(table) => {
                let table = self.table(&table.name);
                self.found(
                    Effect::Import,
                    "CREATE FOREIGN TABLE",
                    Reach::Unknown,
                    [table.clone(), location("server")],
                );
                ("CREATE FOREIGN TABLE", vec![table])
            }
            Statement::CreateForeignDataWrapper(wrapper) => (
                "CREATE FOREIGN DATA WRAPPER",
                vec![self.object_named(&wrapper.name)],
            ),
            Statement::CreateConnector(connector) => {
                let name = ObjectName::from(vec![connector.name.clone()]);
                return self.reaches("CREATE CONNECTOR", &name, "server");
            }
            Statement::CreateOperator(operator) => {
                ("CREATE OPERATOR", vec![self.object(&operator.name)])
            }
            Statement::CreateOperatorFamily(family) => {
                ("CREATE OPERATOR FAMILY", vec![self.object(&family.name)])
            }
            Statement::CreateOperatorClass(class) => {
                ("CREATE OPERATOR CLASS", vec![self.object(&class.name)])
            }
            Statement::CreateTextSearch(search) => {
                ("CREATE TEXT SEARCH", vec![self.object(&search.name)])
            }
            Statement::CreateCollation(collation) => {
                ("CREATE COLLATION", vec![self.object(&collation.name)])
            }
            Statement::CreateSchema { schema_name, .. } => {
                let name = match schema_name {
                    SchemaName::Simple(name) | SchemaName::NamedAuthorization(name, _) => {
                        self.object(name)
                    }
                    SchemaName::UnnamedAuthorization(owner) => self.object_named(owner),
                };
                ("CREATE SCHEMA", vec![name])
            }
            Statement::CreateDatabase { db_name, .. } => {
                ("CREATE DATABASE", vec![self.object(db_name)])
            }
            Statement::CreateFileFormat { name, .. } => {
                ("CREATE FILE FORMAT", vec![self.object(name)])
            }
            Statement::CreateWarehouse(warehouse) => {
                ("CREATE WAREHOUSE", vec![self.object(&warehouse.name)])
            }
            Statement::CreateSequence { name, .. } => ("CREATE SEQUENCE", vec![self.object(name)]),
            Statement::CreateDomain(domain) => {
                self.exprs(&domain.default);
                self.definitions(&[], &domain.constraints);
                ("CREATE DOMAIN", vec![self.object(&domain.name)])
            }
            Statement::CreateType { name, .. } => ("CREATE TYPE", vec![self.object(name)]),
            _ => return self.unclassified(),
        };
        self.does(Effect::Create, operation, made);
        told(operation)
    }

    /// What runs whenever a table changes: how much of it can't be told now.
    fn deferred(&mut self, statements: &[Statement]) {
        let outer = std::mem::replace(&mut self.is_deferred, true);
        self.statements(statements);
        self.is_deferred = outer;
    }

    /// Whoever calls a function later shows its name only: what it does is judged now.
    fn function_body(&mut self, function: &CreateFunction) {
        let language = function.language.as_ref().map(|ident| ident.value.as_str());
        let is_sql = language.is_none_or(|language| {
            let known = ["sql", "plpgsql", "plsql"];
            known
                .iter()
                .any(|known| known.eq_ignore_ascii_case(language))
        });
        let body = match &function.function_body {
            Some(
                CreateFunctionBody::AsBeforeOptions { body, .. }
                | CreateFunctionBody::AsAfterOptions(body),
            ) => body,
            Some(CreateFunctionBody::Return(expr) | CreateFunctionBody::AsReturnExpr(expr)) => {
                return self.exprs([expr]);
            }
            Some(
                CreateFunctionBody::AsBeginEnd(block) | CreateFunctionBody::BeginAtomic(block),
            ) => {
                return self.statements(&block.statements);
            }
            Some(CreateFunctionBody::AsReturnSelect(select)) => {
                self.select(select);
                return;
            }
            None => return,
        };
        self.exprs([body]);
        if let Expr::Value(value) = body
            && is_sql
            && function.using.is_none()
            && let Some(text) = value.value.clone().into_string()
        {
            self.texts.push(text);
        }
    }

    fn create_table(&mut self, create: &CreateTable) -> Told {
        const OPERATION: &str = "CREATE TABLE";
        let table = self.table(&create.name);
        self.does(Effect::Create, OPERATION, [table.clone()]);
        if create.or_replace {
            // What stood there before is thrown away with its rows.
            let operation = "CREATE OR REPLACE TABLE";
            self.found(Effect::Drop, operation, Reach::All, [table.clone()]);
        }
        if create.external || create.location.is_some() {
            let place = location("url");
            self.found(Effect::Import, OPERATION, Reach::Unknown, [table, place]);
        }
        self.definitions(&create.columns, &create.constraints);
        let mut reach = Extent::NONE;
        if let Some(query) = &create.query {
            reach = self.query(query);
        }
        if let Some(source) = &create.clone {
            reach = reach.max(self.read(source));
        }
        // The shape of another table is shown by the new one; its rows are not.
        if let Some(CreateTableLikeKind::Parenthesized(like) | CreateTableLikeKind::Plain(like)) =
            &create.like
        {
            let shape = self.table(&like.name);
            self.does(Effect::Read, OPERATION, [shape]);
        }
        let partitioned = create.partition_of.iter();
        for parent in partitioned.chain(create.inherits.iter().flatten()) {
            let parent = self.table(parent);
            self.found(Effect::Alter, OPERATION, Reach::All, [parent]);
        }
        reading(OPERATION, reach)
    }

    fn grants(&mut self, operation: &'static str, resources: Vec<Resource>) -> Told {
        self.does(Effect::Grant, operation, resources);
        told(operation)
    }

    /// Makes an object that stands for a place outside.
    fn reaches(&mut self, operation: &'static str, name: &ObjectName, place: &str) -> Told {
        let object = self.object(name);
        self.does(Effect::Create, operation, [object]);
        let place = location(place);
        self.found(Effect::Import, operation, Reach::Unknown, [place]);
        told(operation)
    }
}
