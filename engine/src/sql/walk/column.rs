//! Definitions of columns, and what their expressions call and read.
//!
//! A default, a check or an index runs its functions for every row that is written later, when
//! nothing of the statement shows them: they are told where they are defined.

use sqlparser::ast::{
    AlterColumnOperation, ColumnDef, ColumnOption, Expr, IndexColumn, TableConstraint,
};

use super::Walker;
use crate::sql::part;

impl Walker<'_> {
    /// Walks the columns and the constraints of a table.
    pub(super) fn definitions(&mut self, columns: &[ColumnDef], constraints: &[TableConstraint]) {
        for column in columns {
            self.column_options(column.options.iter().map(|option| &option.option));
        }
        for constraint in constraints {
            self.constraint(constraint);
        }
    }

    pub(super) fn column_options<'o>(
        &mut self,
        options: impl IntoIterator<Item = &'o ColumnOption>,
    ) {
        for option in options {
            if let Some(expr) = expression_of(option) {
                self.exprs([expr]);
            }
        }
    }

    pub(super) fn constraint(&mut self, constraint: &TableConstraint) {
        if let TableConstraint::Check(check) = constraint {
            self.exprs([&*check.expr]);
        }
    }

    pub(super) fn changed_column(&mut self, operation: &AlterColumnOperation) {
        match operation {
            AlterColumnOperation::SetDefault { value } => self.exprs([value]),
            AlterColumnOperation::SetDataType { using, .. } => self.exprs(using),
            AlterColumnOperation::SetNotNull
            | AlterColumnOperation::DropNotNull
            | AlterColumnOperation::DropDefault
            | AlterColumnOperation::AddGenerated { .. }
            | AlterColumnOperation::GenericOptions { .. } => {}
        }
    }

    /// Walks what an index is made of.
    pub(super) fn indexed(&mut self, columns: &[IndexColumn], condition: Option<&Expr>) {
        for column in columns {
            let mut parts = Vec::new();
            part::of_order(std::slice::from_ref(&column.column), &mut parts);
            self.parts(parts);
        }
        self.exprs(condition);
    }
}

/// The expression in what is said of a column.
fn expression_of(option: &ColumnOption) -> Option<&Expr> {
    match option {
        ColumnOption::Default(expr)
        | ColumnOption::Materialized(expr)
        | ColumnOption::Alias(expr)
        | ColumnOption::OnUpdate(expr) => Some(expr),
        ColumnOption::Ephemeral(expr) => expr.as_ref(),
        ColumnOption::Check(check) => Some(&check.expr),
        ColumnOption::Generated {
            generation_expr, ..
        } => generation_expr.as_ref(),
        ColumnOption::Null
        | ColumnOption::NotNull
        | ColumnOption::PrimaryKey(_)
        | ColumnOption::Unique(_)
        | ColumnOption::ForeignKey(_)
        | ColumnOption::DialectSpecific(_)
        | ColumnOption::CharacterSet(_)
        | ColumnOption::Collation(_)
        | ColumnOption::Comment(_)
        | ColumnOption::Options(_)
        | ColumnOption::GenericOptions(_)
        | ColumnOption::Identity(_)
        | ColumnOption::OnConflict(_)
        | ColumnOption::Policy(_)
        | ColumnOption::Tags(_)
        | ColumnOption::Srid(_)
        | ColumnOption::Invisible => None,
    }
}
