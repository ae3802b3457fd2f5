//! Calls of functions that nobody here knows: what they do can't be told from their names.
//!
//! Guarantees that every such call in a tree that is walked is told, each function on its own,
//! so that no known one speaks for another.

use sqlparser::ast::{Expr, Function, Ident, ObjectName, ObjectNamePart};

use super::execute::first_argument;
use super::literal::literal;
use super::{Reach, Walker};
use crate::action::{Effect, ResourceKind};
use crate::limits::SQL_FUNCTIONS;
use crate::sql::dialect::{Dialect, Folding};
use crate::sql::function;
use crate::sql::gap::Gap;
use crate::sql::name;

/// The operation of an action that a function inside a statement is.
pub(in crate::sql) const OPERATION: &str = "FUNCTION";

impl Walker<'_> {
    /// Notes the function that an expression calls, if it is one that nobody knows, and the
    /// table that it looks something up in.
    pub(super) fn note_called(&mut self, expr: &Expr) {
        if let Expr::Function(function) = expr {
            self.calls(&function.name);
            if self.dialect == Dialect::Clickhouse {
                self.note_looked_up(function);
            }
        }
    }

    /// `dictGet('d', 'a', key)` and `joinGet('j', 'a', key)` read what their first text names.
    fn note_looked_up(&mut self, function: &Function) {
        let looks_up = name::last(&function.name).is_some_and(|name| {
            name.value.starts_with("dict") || name.value.starts_with("joinGet")
        });
        if !looks_up {
            return;
        }
        // A text of the same shape may name another table.
        self.notes.weighs_literals.set(true);
        let Some(table) = first_argument(function).and_then(literal) else {
            self.gaps.insert(Gap::NameMadeAtRunTime);
            return self.unknown("IDENTIFIER");
        };
        let idents: Vec<Ident> = table.split('.').map(Ident::new).collect();
        let table = self.table(&ObjectName::from(idents));
        self.columns.looked_up(&table.name);
        self.reads.insert(table);
        self.nested = self.nested.max(Reach::Filtered.into());
    }

    /// Notes that a function is called.
    pub(in crate::sql) fn calls(&mut self, name: &ObjectName) {
        if is_known(name, self.dialect) {
            return;
        }
        if name
            .0
            .iter()
            .any(|part| matches!(part, ObjectNamePart::Function(_)))
        {
            self.gaps.insert(Gap::NameMadeAtRunTime);
            return self.unknown(OPERATION);
        }
        let function = self.resource(ResourceKind::Function, name);
        self.called.insert(function);
    }

    /// Tells of the functions that were called. They come last: what CALL runs stays a CALL.
    pub(in crate::sql) fn tell_called(&mut self) {
        let called = std::mem::take(&mut self.called);
        if called.len() > SQL_FUNCTIONS {
            self.unknown(OPERATION);
        }
        for function in called.into_iter().take(SQL_FUNCTIONS) {
            self.found(Effect::Call, OPERATION, Reach::Unknown, [function]);
        }
    }
}

/// Whether a function is one of the database's own, or told already by what it reaches.
fn is_known(name: &ObjectName, dialect: Dialect) -> bool {
    let Some(last) = name.0.last().and_then(|part| plain(part, dialect)) else {
        return false;
    };
    match name.0.as_slice() {
        [_] => function::is_builtin(last, dialect) || function::named(last, dialect).is_some(),
        [.., schema, _] => plain(schema, dialect).is_some_and(|schema| {
            function::is_system(schema, last, dialect)
                || name.0.len() == 2 && function::named(schema, dialect).is_some()
        }),
        [] => false,
    }
}

/// A part of a name, unless it keeps a case that no name of the database's own has.
fn plain(part: &ObjectNamePart, dialect: Dialect) -> Option<&str> {
    let ObjectNamePart::Identifier(ident) = part else {
        return None;
    };
    let keeps =
        |changed: fn(char) -> bool| ident.quote_style.is_some() && ident.value.contains(changed);
    let is_other = match dialect.folding() {
        Folding::Lower => keeps(|one| one.is_ascii_uppercase()),
        Folding::Upper => keeps(|one| one.is_ascii_lowercase()),
        Folding::Insensitive | Folding::Exact => false,
    };
    (!is_other).then_some(ident.value.as_str())
}
