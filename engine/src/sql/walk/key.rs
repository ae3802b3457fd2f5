//! A condition to the number of rows that a key leaves of one table.
//!
//! Guarantees that a key counts only where every column of it is compared with a value that
//! is the same for all rows, and where the comparison can't match more than that value.

use sqlparser::ast::{BinaryOperator, Expr, Ident, InTarget, TableFactor, TableWithJoins, Value};

use super::relation::alias_of;
use super::{Extent, Walker, literal_bound};
use crate::action::{Cause, Reach};
use crate::limits::BOUND_ROWS;
use crate::sql::database::Table;
use crate::sql::dialect::{Dialect, Folding};
use crate::sql::name;
use crate::sql::part::{self, Part};
use crate::sql::truth::{path, unwrapped};

/// Deepest nesting of OR in AND that is looked through.
const DEPTH: usize = 4;

/// The relation that rows are let through of.
#[derive(Default)]
pub(super) struct Single {
    /// What it is called, folded.
    pub(super) own: Vec<String>,
    /// The name of its table, where it is one.
    pub(super) table: Option<String>,
}

impl Walker<'_> {
    /// The one relation of a FROM list; of several, none.
    pub(super) fn single(&self, from: &[TableWithJoins]) -> Single {
        let [only] = from else {
            return Single::default();
        };
        if !only.joins.is_empty() {
            return Single::default();
        }
        let table = match &only.relation {
            TableFactor::Table {
                name, args: None, ..
            } if self.cte(name).is_none() => Some(name),
            _ => None,
        };
        let called = alias_of(&only.relation).map(|alias| &alias.name);
        let called = called.or_else(|| table.and_then(name::last));
        Single {
            own: called
                .map(|called| name::fold(called, self.dialect))
                .into_iter()
                .collect(),
            table: table.and_then(|table| name::joined(table, self.dialect)),
        }
    }

    /// How much a condition leaves of one relation.
    pub(super) fn left_of(&self, single: &Single, condition: &Expr) -> Extent {
        let table = single.table.as_deref();
        let left = self.judge(&single.own, table).reach(condition);
        self.cut_by_key(left, &single.own, table, condition)
    }

    /// The same as `left`, or what a key leaves where that is less.
    pub(super) fn cut_by_key(
        &self,
        left: Extent,
        own: &[String],
        table: Option<&str>,
        condition: &Expr,
    ) -> Extent {
        // Where more is not known than that it filters, a key in an AND still bounds it.
        if left.reach != Reach::Filtered {
            return left;
        }
        if self.dialect == Dialect::Oracle
            && let Some(rows) = first_rows(condition)
        {
            return left.bounded(Some(rows));
        }
        let Some((_, table)) = table.and_then(|table| self.database.resolve(table)) else {
            return left;
        };
        match self.rows_by_key(own, table, condition, DEPTH) {
            Some(1) => Reach::Key.into(),
            Some(rows) if rows <= BOUND_ROWS => {
                Extent::because(Reach::Limited(rows), Cause::KeyEquality)
            }
            _ => left,
        }
    }

    /// The number of rows that a condition leaves by a key.
    fn rows_by_key(
        &self,
        own: &[String],
        table: &Table,
        condition: &Expr,
        depth: usize,
    ) -> Option<u64> {
        let deeper = depth.checked_sub(1)?;
        let mut counts: Vec<(&Ident, u64)> = Vec::new();
        let mut least: Option<u64> = None;
        for conjunct in chain(condition, &BinaryOperator::And) {
            let branches = chain(conjunct, &BinaryOperator::Or);
            if branches.len() > 1 {
                let rows = branches
                    .iter()
                    .map(|branch| self.rows_by_key(own, table, branch, deeper))
                    .try_fold(0_u64, |sum, rows| Some(sum.saturating_add(rows?)));
                least = least.into_iter().chain(rows).min();
            } else {
                counts.extend(self.equality(own, conjunct));
            }
        }
        for key in &table.keys {
            let count = |column: &String| {
                let mut of_column = counts
                    .iter()
                    .filter(|(ident, _)| self.is_column(ident, column))
                    .map(|(_, count)| *count);
                of_column.next()
            };
            let mut counts = key.iter().map(count);
            let rows = counts.try_fold(1_u64, |rows, count| Some(rows.saturating_mul(count?)));
            let rows = rows.filter(|_| !key.is_empty());
            least = least.into_iter().chain(rows).min();
        }
        least
    }

    /// The column that is set equal to so many values.
    fn equality<'e>(&self, own: &[String], condition: &'e Expr) -> Option<(&'e Ident, u64)> {
        let column = |expr: &'e Expr| {
            let (column, owner) = path(unwrapped(expr))?.split_last()?;
            let is_own = owner
                .last()
                .is_none_or(|owner| own.contains(&name::fold(owner, self.dialect)));
            is_own.then_some(column)
        };
        match condition {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } => {
                if self.is_fixed(right) {
                    column(left).map(|column| (column, 1))
                } else if self.is_fixed(left) {
                    column(right).map(|column| (column, 1))
                } else {
                    None
                }
            }
            Expr::In {
                expr,
                target: InTarget::List(values),
                negated: false,
                ..
            } if values.iter().all(|value| self.is_fixed(value)) => {
                // How long the list is says nothing in the shape of a text.
                self.notes.weighs_literals.set(true);
                let count = u64::try_from(values.len()).ok()?;
                column(expr).map(|column| (column, count))
            }
            _ => None,
        }
    }

    fn is_column(&self, ident: &Ident, column: &str) -> bool {
        let blind = self.dialect.folding() == Folding::Exact && self.dialect != Dialect::Clickhouse;
        name::fold(ident, self.dialect) == column
            || blind && ident.value.eq_ignore_ascii_case(column)
    }

    /// Whether a value is the same for every row and equal to one value of a key only.
    fn is_fixed(&self, value: &Expr) -> bool {
        let mysql = matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb);
        let mut rest = vec![Part::Expr(value)];
        let mut is_lone = true;
        while let Some(part) = rest.pop() {
            match part {
                Part::Expr(Expr::Value(value)) => {
                    if mysql && !self.is_fixed_in_mysql(&value.value, is_lone) {
                        return false;
                    }
                }
                Part::Expr(Expr::Collate { .. }) => return false,
                Part::Expr(Expr::Function(function)) => {
                    let before = rest.len();
                    part::of_function(function, &mut rest);
                    if rest.len() == before || draws(&name::last(&function.name)) {
                        return false;
                    }
                }
                Part::Expr(expr) => {
                    is_lone &= matches!(expr, Expr::Nested(_));
                    part::of_expr(expr, &mut rest);
                }
                Part::Query(_) | Part::Table(_) | Part::Column(_) | Part::Star(_) => return false,
            }
        }
        true
    }

    /// MySQL compares a string with a number as numbers: `code = 0` is true of most codes.
    fn is_fixed_in_mysql(&self, value: &Value, is_lone: bool) -> bool {
        match value {
            Value::Placeholder(_) => true,
            Value::Number(digits, _) => {
                self.notes.weighs_literals.set(true);
                is_lone && digits.parse().is_ok_and(|number: f64| number != 0.0)
            }
            Value::Boolean(_) => false,
            _ => {
                self.notes.weighs_literals.set(true);
                is_lone
            }
        }
    }
}

/// Whether a function gives another value each time.
fn draws(name: &Option<&Ident>) -> bool {
    const DRAWS: [&str; 5] = ["rand", "uniform", "nextval", "uuid_generate", "sample"];
    name.is_none_or(|name| {
        let name = name.value.to_ascii_lowercase();
        DRAWS.iter().any(|word| name.contains(word))
    })
}

/// The operands of a chain that leans to the left, brackets left out.
fn chain<'e>(whole: &'e Expr, joint: &BinaryOperator) -> Vec<&'e Expr> {
    let mut operands = Vec::new();
    let mut rest = vec![whole];
    while let Some(expr) = rest.pop() {
        match unwrapped(expr) {
            Expr::BinaryOp { left, op, right } if op == joint => {
                rest.extend([&**left, &**right]);
            }
            other => operands.push(other),
        }
    }
    operands
}

/// The bound that `ROWNUM <= n` sets.
fn first_rows(condition: &Expr) -> Option<u64> {
    let bound = |expr: &Expr| {
        let Expr::BinaryOp { left, op, right } = expr else {
            return None;
        };
        let is_rownum = matches!(unwrapped(left), Expr::Identifier(ident)
            if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("rownum"));
        let rows = literal_bound(right).filter(|_| is_rownum)?;
        match op {
            BinaryOperator::LtEq | BinaryOperator::Eq => Some(rows),
            BinaryOperator::Lt => Some(rows.saturating_sub(1)),
            _ => None,
        }
    };
    chain(condition, &BinaryOperator::And)
        .into_iter()
        .filter_map(bound)
        .min()
}
