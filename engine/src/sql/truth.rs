//! A condition to whether it lets every row through.
//!
//! Three-valued folding with the dialect's own coercions. What can't be computed is never
//! taken for restricting unless it looks at the row: a function of constants is `Open`.

mod arithmetic;
mod call;
mod cast;
mod complement;
mod constant;
mod envelope;
mod itself;
mod logic;
mod order;
mod pattern;
mod plain;
mod predicate;
mod row;
mod subquery;

use std::cell::Cell;

use sqlparser::ast::{Expr, Ident, Value};

use self::constant::Constant;
pub(super) use self::itself::{path, unwrapped};
use super::dialect::Dialect;
use super::name;
use super::part::{self, Part};
use super::walk::Extent;
use crate::action::{Cause, Reach};
use crate::limits::SQL_FOLDS;

/// What is known of the value of an expression.
#[derive(Clone, PartialEq)]
pub(super) enum Folded {
    /// The same for every row, and computed.
    Known(Constant),
    /// The same for every row, but not computed.
    Open,
    /// The same for every row, and given at run time.
    Bound,
    /// Depends on the row.
    Row,
}

/// Deepest nesting that is folded; what is deeper counts as not computed.
const DEPTH: usize = 24;

/// What judging leaves behind.
pub(super) struct Notes {
    /// A verdict may depend on the value of a literal.
    pub(super) weighs_literals: Cell<bool>,
    /// The verdict at hand hangs on a collation or a mode.
    doubtful: Cell<bool>,
    /// A `||` of MySQL was taken for OR, while a mode makes it join strings.
    pub(super) pipes: Cell<bool>,
    /// A row was compared with itself under another name of its table.
    twin: Cell<bool>,
    /// Why the condition at hand holds, if it does.
    why: Cell<Cause>,
    /// Steps that are left for the whole text.
    left: Cell<usize>,
}

impl Default for Notes {
    fn default() -> Self {
        Self {
            weighs_literals: Cell::new(false),
            doubtful: Cell::new(false),
            pipes: Cell::new(false),
            twin: Cell::new(false),
            why: Cell::new(Cause::AlwaysTrue),
            left: Cell::new(SQL_FOLDS),
        }
    }
}

/// Where a condition stands.
#[derive(Clone, Copy)]
pub(super) struct Judge<'j> {
    pub(super) dialect: Dialect,
    /// What the relation whose rows are let through is called, folded, and other names for
    /// its table: a row meets itself there.
    pub(super) own: &'j [String],
    /// What other relations are called: a value of theirs may let every row through.
    pub(super) foreign: &'j [String],
    /// The folded names of queries that give every row of the table.
    pub(super) copies: &'j [String],
    /// The folded name of that table, where it is one.
    pub(super) target: Option<&'j str>,
    pub(super) notes: &'j Notes,
}

impl<'j> Judge<'j> {
    /// The same beside other relations.
    pub(super) const fn beside(self, foreign: &'j [String]) -> Self {
        Self { foreign, ..self }
    }

    /// The same with queries by name that give every row of its table.
    pub(super) const fn with_copies(self, copies: &'j [String]) -> Self {
        Self { copies, ..self }
    }

    /// How much of a whole table a condition leaves.
    pub(super) fn reach(self, condition: &Expr) -> Extent {
        // Beside other relations a null decides, and to Oracle an empty string is one.
        let weighs = self.dialect == Dialect::Oracle && !self.foreign.is_empty();
        if weighs || !plain::is_plain(condition) {
            self.notes.weighs_literals.set(true);
        }
        self.notes.doubtful.set(false);
        self.notes.why.set(Cause::AlwaysTrue);
        match self.truth(condition, 0) {
            Folded::Known(constant) if constant.truth(self.dialect) == Some(true) => {
                Extent::because(Reach::All, self.notes.why.get())
            }
            Folded::Known(_) | Folded::Row
                if self.notes.doubtful.get() || self.notes.pipes.get() =>
            {
                Extent::UNKNOWN
            }
            Folded::Known(_) | Folded::Row => Reach::Filtered.into(),
            Folded::Open | Folded::Bound => Extent::UNKNOWN,
        }
    }

    /// Notes why a condition holds.
    fn blame(self, cause: Cause) {
        self.notes.why.set(cause);
    }

    /// Notes that a verdict hangs on a collation or a mode.
    fn doubt(self) {
        self.notes.doubtful.set(true);
    }

    /// Takes a step, if there is one left.
    fn spend(self) -> bool {
        match self.notes.left.get().checked_sub(1) {
            Some(left) => {
                self.notes.left.set(left);
                true
            }
            None => {
                // Nothing more is looked at: what was left out may let everything through.
                self.doubt();
                false
            }
        }
    }

    /// The value of a condition: a constant is a truth or null.
    fn truth(self, condition: &Expr, depth: usize) -> Folded {
        match self.fold(condition, depth) {
            Folded::Known(constant) => Folded::Known(constant.as_truth(self.dialect)),
            _ if self.is_surely_true(condition) => logic::TRUE,
            other => other,
        }
    }

    /// The value of an expression.
    fn fold(self, expr: &Expr, depth: usize) -> Folded {
        let deeper = depth.saturating_add(1);
        if deeper > DEPTH || !self.spend() {
            return Folded::Open;
        }
        match expr {
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.fold(inner, deeper),
            Expr::Value(value) => constant::of_value(&value.value, self.dialect),
            Expr::Cast {
                expr, data_type, ..
            }
            | Expr::Convert {
                expr,
                data_type: Some(data_type),
                ..
            } => match self.fold(expr, deeper) {
                Folded::Known(value) => cast::cast(value, data_type, self.dialect),
                other => other,
            },
            Expr::UnaryOp { op, expr } => self.unary(*op, expr, deeper),
            Expr::BinaryOp { left, op, right } => self.binary(expr, left, op, right, deeper),
            Expr::Identifier(ident) if self.is_niladic(ident) => Folded::Open,
            Expr::Exists { subquery, negated } => self.exists(subquery, *negated),
            Expr::Subquery(query) => match subquery::constant_of(query) {
                Some(inner) => self.fold(inner, deeper),
                None => self.of_query(query),
            },
            other => self.predicate(other, deeper),
        }
    }

    /// Whether a word that looks like a column is a function without brackets here.
    fn is_niladic(self, ident: &Ident) -> bool {
        let is = |word| ident.value.eq_ignore_ascii_case(word);
        let has_user = matches!(
            self.dialect,
            Dialect::Postgres | Dialect::Redshift | Dialect::Oracle | Dialect::Mssql
        );
        // ROWNUM is another for each row.
        is_niladic(ident) && !is("rownum") && (has_user || !is("user"))
    }

    fn is_foreign(self, owner: &Ident) -> bool {
        !self.foreign.is_empty() && self.foreign.contains(&name::fold(owner, self.dialect))
    }

    /// What the parts of an expression depend on.
    fn dependence(self, expr: &Expr) -> Folded {
        let mut dependence = Folded::Open;
        let mut rest = vec![Part::Expr(expr)];
        while let Some(part) = rest.pop() {
            match part {
                Part::Column([ident]) if self.is_niladic(ident) => {}
                Part::Column([.., owner, _]) if self.is_foreign(owner) => {}
                Part::Column(_) | Part::Star(_) | Part::Table(_) => return Folded::Row,
                Part::Query(query) => {
                    if self.of_query(query) == Folded::Row {
                        return Folded::Row;
                    }
                }
                Part::Expr(Expr::Value(value)) => {
                    if matches!(value.value, Value::Placeholder(_)) {
                        dependence = Folded::Bound;
                    }
                }
                Part::Expr(inner) => part::of_expr(inner, &mut rest),
            }
        }
        dependence
    }
}

/// Whether a word that looks like a column is a function without brackets in some dialect.
fn is_niladic(ident: &Ident) -> bool {
    const NILADIC: [&str; 18] = [
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "localtime",
        "localtimestamp",
        "rownum",
        "session_user",
        "sysdate",
        "system_user",
        "systimestamp",
        "user",
        "utc_date",
        "utc_time",
        "utc_timestamp",
    ];
    let is = |name: &&str| name.eq_ignore_ascii_case(&ident.value);
    ident.quote_style.is_none() && NILADIC.iter().any(is)
}
