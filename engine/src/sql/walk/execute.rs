//! Blocks, procedures, SQL in strings, and the server.

use sqlparser::ast::{
    ConditionalStatementBlock, ConditionalStatements, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, ObjectName, Statement, Value,
};

use super::statement::{Told, told};
use super::{Reach, Walker};
use crate::action::{Effect, Resource, ResourceKind};
use crate::sql::function::{self, Reaching};
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
                self.exprs(parameters);
                self.exprs(using.iter().map(|argument| &argument.expr));
                match name {
                    Some(name) if !immediate => self.call(name, parameters.first(), "EXECUTE"),
                    _ => self.runs(parameters, "EXECUTE"),
                }
                told("EXECUTE")
            }
            _ => self.unclassified(),
        }
    }

    fn call(&mut self, name: &ObjectName, first: Option<&Expr>, operation: &'static str) {
        let last = name::last(name).map(|ident| ident.value.to_lowercase());
        let last = last.unwrap_or_default();
        if RUNS_TEXT.contains(&last.as_str()) {
            return self.runs(
                first.map(std::slice::from_ref).unwrap_or_default(),
                operation,
            );
        }
        let function = self.resource(ResourceKind::Function, name);
        if let Some((_, reaching)) = function::named(&last, self.dialect) {
            let effect = match reaching {
                Reaching::Does(effect) => effect,
                Reaching::Runs => Effect::Unknown,
            };
            self.found(effect, operation, Reach::Unknown, [function.clone()]);
        }
        // `EXEC @procedure` runs what a variable names.
        if last.starts_with('@') || last.is_empty() {
            self.unknown(operation);
        }
        self.found(Effect::Call, operation, Reach::Unknown, [function]);
    }

    /// Follows SQL in a literal; anything else can't be told.
    pub(super) fn runs(&mut self, parameters: &[Expr], operation: &'static str) {
        match parameters {
            [Expr::Value(value), ..] => match text_of(&value.value) {
                Some(text) => self.texts.push(text.to_owned()),
                None => self.unknown(operation),
            },
            _ => self.unknown(operation),
        }
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
                name, predicate, ..
            } => {
                self.exprs(predicate);
                ("OPTIMIZE", vec![self.table(name)])
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
                if !is_eq && name.is_some_and(|name| READING_PRAGMAS.contains(&name.as_str())) {
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

/// Procedures that run the SQL in their first argument, and `EXECUTE IMMEDIATE` where the
/// parser takes the second word for a name.
const RUNS_TEXT: [&str; 7] = [
    "immediate",
    "sp_cursoropen",
    "sp_executesql",
    "sp_prepare",
    "sp_prepexec",
    "sp_sqlexec",
    "sp_describe_first_result_set",
];

/// Pragmas that only tell something, where nothing is assigned.
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

/// The text of a string literal.
pub(super) fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::SingleQuotedString(text)
        | Value::DoubleQuotedString(text)
        | Value::NationalStringLiteral(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::TripleSingleQuotedString(text)
        | Value::TripleDoubleQuotedString(text) => Some(text),
        Value::DollarQuotedString(text) => Some(&text.value),
        Value::QuoteDelimitedStringLiteral(text)
        | Value::NationalQuoteDelimitedStringLiteral(text) => Some(&text.value),
        Value::Number(..)
        | Value::SingleQuotedByteStringLiteral(_)
        | Value::DoubleQuotedByteStringLiteral(_)
        | Value::TripleSingleQuotedByteStringLiteral(_)
        | Value::TripleDoubleQuotedByteStringLiteral(_)
        | Value::SingleQuotedRawStringLiteral(_)
        | Value::DoubleQuotedRawStringLiteral(_)
        | Value::TripleSingleQuotedRawStringLiteral(_)
        | Value::TripleDoubleQuotedRawStringLiteral(_)
        | Value::HexStringLiteral(_)
        | Value::Boolean(_)
        | Value::Null
        | Value::Placeholder(_) => None,
    }
}

fn first_argument(function: &Function) -> Option<&Expr> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    match list.args.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}
