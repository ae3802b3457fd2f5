//! Blocks, procedures, SQL in strings, and the server.

use sqlparser::ast::{
    ConditionalStatementBlock, ConditionalStatements, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, ObjectName, Statement,
};

use super::literal::literal;
use super::statement::{Told, told};
use super::{Reach, Walker};
use crate::action::{Effect, Resource, ResourceKind};
use crate::sql::function;
use crate::sql::gap::Gap;
use crate::sql::name;
use crate::sql::part;

impl Walker<'_> {
    /// Statements inside statements.
    pub(super) fn block(&mut self, statement: &Statement) -> Told {
        match statement {
            Statement::Case(case) => {
                self.exprs(&case.match_expr);
                case.when_blocks
                    .iter()
                    .chain(&case.else_block)
                    .for_each(|block| self.conditional(block));
                told("CASE")
            }
            Statement::If(branches) => {
                std::iter::once(&branches.if_block)
                    .chain(&branches.elseif_blocks)
                    .chain(&branches.else_block)
                    .for_each(|block| self.conditional(block));
                told("IF")
            }
            Statement::While(repeat) => {
                self.conditional(&repeat.while_block);
                told("WHILE")
            }
            Statement::StartTransaction {
                statements,
                exception,
                ..
            } => {
                self.does(Effect::Session, "BEGIN", []);
                self.statements(statements);
                for handler in exception.iter().flatten() {
                    self.statements(&handler.statements);
                }
                told("BEGIN")
            }
            _ => self.unclassified(),
        }
    }

    fn conditional(&mut self, block: &ConditionalStatementBlock) {
        self.exprs(&block.condition);
        self.does(Effect::Session, "IF", []);
        match &block.conditional_statements {
            ConditionalStatements::Sequence { statements } => self.statements(statements),
            ConditionalStatements::BeginEnd(block) => self.statements(&block.statements),
        }
    }

    /// Procedures, prepared statements and SQL in strings.
    pub(super) fn execute(&mut self, statement: &Statement) -> Told {
        match statement {
            Statement::Call(function) => {
                let mut parts = Vec::new();
                part::of_function(function, &mut parts);
                self.parts(parts);
                let first = first_argument(function);
                self.call(&function.name, first, "CALL");
                told("CALL")
            }
            Statement::Execute {
                name,
                parameters,
                immediate,
                using,
                ..
            } => {
                const OPERATION: &str = "EXECUTE";
                self.exprs(parameters);
                self.exprs(using.iter().map(|argument| &argument.expr));
                // A word that SQL Server takes for the next statement.
                if self.dialect.separates_by_verb() && parameters.iter().any(is_verb) {
                    self.unknown(OPERATION);
                }
                match name {
                    Some(name) if !immediate => self.call(name, parameters.first(), OPERATION),
                    _ => self.runs(parameters, OPERATION),
                }
                told(OPERATION)
            }
            _ => self.unclassified(),
        }
    }

    fn call(&mut self, name: &ObjectName, first: Option<&Expr>, operation: &'static str) {
        let last = name::last(name).map(|ident| ident.value.to_lowercase());
        let last = last.unwrap_or_default();
        if runs_its_text(&last) {
            return self.runs(
                first.map(std::slice::from_ref).unwrap_or_default(),
                operation,
            );
        }
        // `EXECUTE AS USER`: with the rights of somebody else.
        if last == "as" {
            return self.does(Effect::Grant, "EXECUTE AS", []);
        }
        if self.names_prepared(name) && operation == "EXECUTE" {
            return self.does(Effect::Session, operation, []);
        }
        let function = self.resource(ResourceKind::Function, name);
        if let Some((_, reaching)) = function::named(&last, self.dialect) {
            let effect = reaching.effect();
            self.found(effect, operation, Reach::Unknown, [function.clone()]);
            if effect == Effect::Read {
                return;
            }
        }
        // `EXEC @procedure` runs what a variable names.
        if last.starts_with('@') || last.is_empty() {
            self.gaps.insert(Gap::NameMadeAtRunTime);
            self.unknown(operation);
        }
        self.found(Effect::Call, operation, Reach::Unknown, [function]);
    }

    /// Follows SQL in literals; anything else can't be told.
    pub(super) fn runs(&mut self, parameters: &[Expr], operation: &'static str) {
        match parameters.first().and_then(literal) {
            Some(text) => self.texts.push(text),
            None => {
                self.gaps.insert(Gap::TextMadeAtRunTime);
                self.unknown(operation);
            }
        }
    }

    /// Notes that the text prepares a statement, whose effects are told where it does.
    pub(in crate::sql) fn prepares(&mut self, name: &Ident) {
        let name = name::fold(name, self.dialect);
        self.named.insert(name);
    }

    /// Notes that a name stands for no statement any more; all of them without one.
    pub(super) fn forgets(&mut self, name: Option<&Ident>) {
        match name {
            Some(name) => {
                self.named.remove(&name::fold(name, self.dialect));
            }
            None => self.named.clear(),
        }
    }

    /// Whether the text has prepared what goes by this name.
    pub(in crate::sql) fn is_prepared(&self, name: &[Ident]) -> bool {
        matches!(name, [only] if self.named.contains(&name::fold(only, self.dialect)))
    }

    fn names_prepared(&self, name: &ObjectName) -> bool {
        let [_] = name.0.as_slice() else {
            return false;
        };
        name::last(name).is_some_and(|name| self.is_prepared(std::slice::from_ref(name)))
    }

    /// What changes the server, or other people's sessions.
    pub(super) fn administer(&mut self, statement: &Statement) -> Told {
        let (operation, tables): (_, Vec<Resource>) = match statement {
            Statement::Analyze(analyze) => {
                self.exprs(analyze.partitions.iter().flatten());
                let tables = analyze.table_name.iter();
                ("ANALYZE", tables.map(|name| self.table(name)).collect())
            }
            Statement::Msck(msck) => ("MSCK", vec![self.table(&msck.table_name)]),
            Statement::Flush { tables, .. } => (
                "FLUSH",
                tables.iter().map(|name| self.table(name)).collect(),
            ),
            Statement::OptimizeTable {
                name,
                predicate,
                deduplicate,
                ..
            } => {
                self.exprs(predicate);
                let table = self.table(name);
                if deduplicate.is_some() {
                    let changed = [table.clone()];
                    self.found(Effect::Delete, "OPTIMIZE", Reach::Unknown, changed);
                }
                ("OPTIMIZE", vec![table])
            }
            Statement::Vacuum(vacuum) => {
                let tables = vacuum.table_name.iter();
                ("VACUUM", tables.map(|name| self.table(name)).collect())
            }
            Statement::RefreshMaterializedView(refresh) => {
                ("REFRESH MATERIALIZED VIEW", vec![self.table(&refresh.name)])
            }
            Statement::Pragma { name, is_eq, .. } => {
                let name = name::last(name).map(|ident| ident.value.to_lowercase());
                if !is_eq && name.is_some_and(|name| only_tells(&name)) {
                    self.does(Effect::Read, "PRAGMA", []);
                    return told("PRAGMA");
                }
                ("PRAGMA", Vec::new())
            }
            Statement::Install { .. } => ("INSTALL", Vec::new()),
            Statement::Load { .. } => ("LOAD", Vec::new()),
            Statement::Kill { .. } => ("KILL", Vec::new()),
            _ => return self.unclassified(),
        };
        self.does(Effect::Admin, operation, tables);
        told(operation)
    }

    /// Denies what was sent to the wrong family: an internal mistake must not let through.
    pub(super) fn unclassified(&mut self) -> Told {
        self.unknown("UNKNOWN");
        told("UNKNOWN")
    }
}

/// Whether a procedure runs the SQL in its first argument: some of SQL Server, and `EXECUTE
/// IMMEDIATE` where the parser takes the second word for a name.
pub(in crate::sql) fn runs_its_text(procedure: &str) -> bool {
    const PROCEDURES: [&str; 7] = [
        "immediate",
        "sp_cursoropen",
        "sp_describe_first_result_set",
        "sp_executesql",
        "sp_prepare",
        "sp_prepexec",
        "sp_sqlexec",
    ];
    PROCEDURES.contains(&procedure)
}

/// Whether a pragma only tells something, where nothing is assigned.
pub(in crate::sql) fn only_tells(pragma: &str) -> bool {
    READING_PRAGMAS.contains(&pragma)
}

const READING_PRAGMAS: [&str; 22] = [
    "collation_list",
    "compile_options",
    "database_list",
    "database_size",
    "foreign_key_check",
    "foreign_key_list",
    "function_list",
    "functions",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "module_list",
    "platform",
    "pragma_list",
    "quick_check",
    "show_tables",
    "storage_info",
    "table_info",
    "table_list",
    "table_xinfo",
    "version",
];

/// Whether an expression is a bare word that starts a statement of SQL Server, or what seems to
/// be a call of it: `EXEC ('…')`.
pub(super) fn is_verb(expr: &Expr) -> bool {
    let name = match expr {
        Expr::Identifier(name) => Some(name),
        Expr::Function(function) => name::last(&function.name),
        _ => None,
    };
    name.is_some_and(|name| name.quote_style.is_none() && crate::sql::parse::is_verb(&name.value))
}

pub(super) fn first_argument(function: &Function) -> Option<&Expr> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    match list.args.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}
