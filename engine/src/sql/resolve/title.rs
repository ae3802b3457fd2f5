//! An expression without an alias to the name that its column goes by. Never holds a literal.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
};

use super::Resolver;
use super::facts::Id;
use super::output::Shown;
use crate::sql::dialect::Dialect;
use crate::sql::name;

/// How deep an expression may be for its text to be its name.
const DEPTH: usize = 8;

impl Resolver<'_> {
    /// The column that an expression makes.
    pub(super) fn titled(&self, expr: &Expr, origins: Vec<Id>) -> Shown {
        match expr {
            Expr::Identifier(ident) => self.called_like(Some(ident), origins),
            Expr::CompoundIdentifier(idents) => self.called_like(idents.last(), origins),
            Expr::Cast { expr, .. } | Expr::Nested(expr)
                if matches!(**expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_)) =>
            {
                let inner = self.titled(expr, origins);
                self.by_rule(inner.name, inner.origins)
            }
            other => match self.made_up(other) {
                Some(name) => self.by_rule(name, origins),
                None => Shown::guessed("?".to_owned(), origins),
            },
        }
    }

    fn called_like(&self, ident: Option<&Ident>, origins: Vec<Id>) -> Shown {
        match ident.and_then(|ident| self.plain(ident)) {
            Some(name) => Shown::named(name, origins),
            None => Shown::guessed("?".to_owned(), origins),
        }
    }

    /// PostgreSQL alone has rules for names that are the same in every release.
    fn by_rule(&self, name: String, origins: Vec<Id>) -> Shown {
        match self.database.dialect {
            Dialect::Postgres => Shown::named(name, origins),
            _ => Shown::guessed(name, origins),
        }
    }

    fn made_up(&self, expr: &Expr) -> Option<String> {
        let by_function = matches!(
            self.database.dialect,
            Dialect::Postgres | Dialect::Redshift | Dialect::Bigquery | Dialect::Mssql
        );
        match expr {
            Expr::Function(function) if by_function => {
                Some(self.column_name(name::last(&function.name)?))
            }
            // Most databases take the text.
            _ if !by_function => self.written(expr, 0),
            _ => None,
        }
    }

    /// The text of an expression of names and operators only.
    fn written(&self, expr: &Expr, depth: usize) -> Option<String> {
        let deeper = Some(depth.saturating_add(1)).filter(|&deeper| deeper < DEPTH)?;
        match expr {
            Expr::Identifier(ident) => self.plain(ident),
            Expr::CompoundIdentifier(idents) if depth == 0 => self.plain(idents.last()?),
            Expr::CompoundIdentifier(idents) => {
                let parts = idents.iter().map(|ident| self.plain(ident));
                Some(parts.collect::<Option<Vec<_>>>()?.join("."))
            }
            Expr::Nested(inner) => Some(format!("({})", self.written(inner, deeper)?)),
            Expr::BinaryOp { left, op, right } => {
                let sign = match op {
                    BinaryOperator::Plus => "+",
                    BinaryOperator::Minus => "-",
                    BinaryOperator::Multiply => "*",
                    BinaryOperator::Divide => "/",
                    BinaryOperator::StringConcat => "||",
                    _ => return None,
                };
                let (left, right) = (self.written(left, deeper)?, self.written(right, deeper)?);
                Some(format!("{left} {sign} {right}"))
            }
            Expr::Function(function) => self.call(function, deeper),
            _ => None,
        }
    }

    fn call(&self, function: &Function, deeper: usize) -> Option<String> {
        let name = self.column_name(name::last(&function.name)?);
        let FunctionArguments::List(list) = &function.args else {
            return None;
        };
        let arguments = list.args.iter().map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.written(expr, deeper),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => Some("*".to_owned()),
            _ => None,
        });
        let arguments = arguments.collect::<Option<Vec<_>>>()?;
        Some(format!("{name}({})", arguments.join(", ")))
    }

    /// A name that is surely no string.
    pub(super) fn plain(&self, ident: &Ident) -> Option<String> {
        let may_be_text = match ident.quote_style {
            Some('"') => self.database.dialect.double_quote_is_text(),
            Some('\'') => true,
            _ => false,
        };
        (!may_be_text).then(|| self.column_name(ident))
    }
}
