//! Expressions of literals alone, to the text that they make.
//!
//! Anything that only the database knows makes none.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Value,
};

use crate::sql::name;

/// The text that literals make, put together by `||`, `+` or CONCAT.
pub(super) fn literal(expr: &Expr) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = vec![expr];
    // Right parts are put off, so that the last one comes first.
    while let Some(expr) = rest.pop() {
        match expr {
            Expr::Value(value) => parts.push(text_of(&value.value)?),
            Expr::Nested(inner) => rest.push(inner),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::StringConcat | BinaryOperator::Plus,
                right,
            } => rest.extend([&**left, &**right]),
            // `sp_executesql @stmt = N'…'`
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } if matches!(&**left, Expr::Identifier(name) if name.value.starts_with('@')) => {
                rest.push(right);
            }
            Expr::Function(function) if is_concat(function) => {
                let FunctionArguments::List(list) = &function.args else {
                    return None;
                };
                for argument in &list.args {
                    let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else {
                        return None;
                    };
                    rest.push(expr);
                }
            }
            _ => return None,
        }
    }
    parts.reverse();
    Some(parts.concat())
}

fn is_concat(function: &Function) -> bool {
    matches!(function.name.0.as_slice(), [_])
        && name::last(&function.name).is_some_and(|name| name.value.eq_ignore_ascii_case("concat"))
}

/// The text of a string literal.
fn text_of(value: &Value) -> Option<&str> {
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
