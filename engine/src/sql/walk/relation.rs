//! What stands in FROM: tables, queries, functions, and their joins.

use std::collections::BTreeSet;
use std::mem;

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Join, JoinConstraint, JoinOperator, TableAlias,
    TableFactor, TableFunctionArgs, TableSampleKind, TableWithJoins, XmlTableColumnOption,
};

use super::{Extent, Walker};
use crate::sql::dialect::Dialect;
use crate::sql::part;

/// Hints that SQL Server takes in plain brackets behind a table.
const HINTS: [&str; 19] = [
    "fastfirstrow",
    "forcescan",
    "forceseek",
    "holdlock",
    "noexpand",
    "nolock",
    "nowait",
    "paglock",
    "readcommitted",
    "readcommittedlock",
    "readpast",
    "readuncommitted",
    "repeatableread",
    "rowlock",
    "serializable",
    "tablock",
    "tablockx",
    "updlock",
    "xlock",
];

impl Walker<'_> {
    /// Walks a FROM list; gives how much of it there is before any condition.
    pub(super) fn from(&mut self, from: &[TableWithJoins]) -> Extent {
        let ranges = (self.dialect == Dialect::Bigquery).then(BTreeSet::new);
        let outer = mem::replace(&mut self.ranges, ranges);
        let reach = from.iter().fold(Extent::NONE, |reach, tables| {
            let more = self.tables(tables);
            reach.multiplied(more)
        });
        self.ranges = outer;
        reach
    }

    pub(super) fn tables(&mut self, tables: &TableWithJoins) -> Extent {
        let first = self.relation(&tables.relation);
        tables
            .joins
            .iter()
            .fold(first, |reach, join| self.join(reach, join))
    }

    pub(super) fn join(&mut self, reach: Extent, join: &Join) -> Extent {
        let arrays = matches!(
            join.join_operator,
            JoinOperator::ArrayJoin | JoinOperator::LeftArrayJoin | JoinOperator::InnerArrayJoin
        );
        let more = match &join.relation {
            // ClickHouse joins with a column of arrays.
            TableFactor::Table { args: None, .. } if arrays => Extent::NONE,
            relation => self.relation(relation),
        };
        self.join_condition(&join.join_operator);
        reach.multiplied(more)
    }

    pub(super) fn join_condition(&mut self, operator: &JoinOperator) {
        let matched = match operator {
            JoinOperator::AsOf {
                match_condition, ..
            } => Some(match_condition),
            _ => None,
        };
        let on = match constraint(operator) {
            Some(JoinConstraint::On(condition)) => Some(condition),
            _ => None,
        };
        // A query in ON lets rows through, it shows none.
        self.apart(|walker| walker.exprs(matched.into_iter().chain(on)));
    }

    /// Looks at what relations are called.
    pub(super) fn aliases(&mut self, tables: &TableWithJoins) {
        let joined = tables.joins.iter().map(|join| &join.relation);
        for relation in joined.chain([&tables.relation]) {
            if let Some(alias) = alias_of(relation) {
                self.alias(&alias.name);
            }
        }
    }

    /// Walks one relation.
    pub(super) fn relation(&mut self, whole: &TableFactor) -> Extent {
        // PIVOT and its like wrap the table before them, any number of times.
        let mut relation = whole;
        loop {
            let alias = alias_of(relation);
            if let Some(alias) = alias {
                self.alias(&alias.name);
            }
            match self.layer(relation) {
                Layer::Around(inner) => relation = inner,
                Layer::Last(reach) => {
                    self.note_range(whole);
                    return reach;
                }
            }
        }
    }

    fn layer<'f>(&mut self, relation: &'f TableFactor) -> Layer<'f> {
        match relation {
            TableFactor::Pivot {
                table,
                aggregate_functions,
                value_column,
                value_source,
                default_on_null,
                ..
            } => {
                self.exprs(aggregate_functions.iter().map(|aggregate| &aggregate.expr));
                self.exprs(value_column.iter().chain(default_on_null));
                self.pivot_source(value_source);
                Layer::Around(table)
            }
            TableFactor::Unpivot {
                table,
                value,
                columns,
                ..
            } => {
                self.exprs([value]);
                self.exprs(columns.iter().map(|column| &column.expr));
                Layer::Around(table)
            }
            TableFactor::MatchRecognize {
                table,
                partition_by,
                order_by,
                measures,
                symbols,
                ..
            } => {
                self.exprs(partition_by);
                let mut parts = Vec::new();
                part::of_order(order_by, &mut parts);
                self.parts(parts);
                self.exprs(measures.iter().map(|measure| &measure.expr));
                self.exprs(symbols.iter().map(|symbol| &symbol.definition));
                Layer::Around(table)
            }
            other => Layer::Last(self.source(other)),
        }
    }

    /// A relation that wraps no other.
    fn source(&mut self, relation: &TableFactor) -> Extent {
        match relation {
            TableFactor::Table { .. } => self.named_table(relation),
            TableFactor::Derived {
                subquery, sample, ..
            } => {
                self.sampled(sample.as_ref());
                self.query(subquery)
            }
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => self.tables(table_with_joins),
            TableFactor::TableFunction { expr, .. } => self.function_of([expr]),
            TableFactor::Function { name, args, .. } => {
                self.calls(name);
                self.table_function(args)
            }
            TableFactor::UNNEST { array_exprs, .. } => self.function_of(array_exprs),
            TableFactor::JsonTable { json_expr, .. }
            | TableFactor::OpenJsonTable { json_expr, .. } => self.function_of([json_expr]),
            TableFactor::UnpivotExpr { expression, .. } => self.function_of([expression]),
            TableFactor::XmlTable {
                namespaces,
                row_expression,
                passing,
                columns,
                ..
            } => {
                self.exprs(namespaces.iter().map(|namespace| &namespace.uri));
                self.exprs(passing.arguments.iter().map(|argument| &argument.expr));
                for column in columns {
                    match &column.option {
                        XmlTableColumnOption::NamedInfo { path, default, .. } => {
                            self.exprs(path.iter().chain(default));
                        }
                        XmlTableColumnOption::ForOrdinality => {}
                    }
                }
                self.function_of([row_expression])
            }
            TableFactor::SemanticView {
                name,
                dimensions,
                metrics,
                facts,
                where_clause,
                ..
            } => {
                self.exprs(
                    dimensions
                        .iter()
                        .chain(metrics)
                        .chain(facts)
                        .chain(where_clause),
                );
                self.read(name)
            }
            // INVARIANT (layers): `layer` takes these apart and never hands them on.
            TableFactor::Pivot { .. }
            | TableFactor::Unpivot { .. }
            | TableFactor::MatchRecognize { .. } => Extent::UNKNOWN,
        }
    }

    fn named_table(&mut self, relation: &TableFactor) -> Extent {
        let TableFactor::Table {
            name,
            args,
            with_hints,
            version,
            json_path,
            sample,
            ..
        } = relation
        else {
            return Extent::UNKNOWN;
        };
        self.exprs(with_hints);
        self.sampled(sample.as_ref());
        let mut parts = Vec::new();
        part::of_version(version.as_ref(), &mut parts);
        if let Some(path) = json_path {
            part::of_json_path(path, &mut parts);
        }
        self.parts(parts);
        match args {
            Some(TableFunctionArgs { args, settings }) if !are_hints(args, self.dialect) => {
                self.calls(name);
                self.settings(settings.as_deref());
                self.table_function(args)
            }
            _ if self.is_column_of_a_range(name) => Extent::NONE,
            _ => self.read(name),
        }
    }

    fn sampled(&mut self, sample: Option<&TableSampleKind>) {
        match sample {
            Some(
                TableSampleKind::BeforeTableAlias(sample)
                | TableSampleKind::AfterTableAlias(sample),
            ) => self.sample(sample),
            None => {}
        }
    }

    fn table_function(&mut self, arguments: &[FunctionArg]) -> Extent {
        let ((), reach) = self.apart(|walker| {
            let mut parts = Vec::new();
            for argument in arguments {
                part::of_argument(argument, &mut parts);
            }
            walker.parts(parts);
        });
        reach
    }

    /// A relation made of expressions: it shows what the queries in them read.
    fn function_of<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Extent {
        let ((), reach) = self.apart(|walker| walker.exprs(exprs));
        reach
    }
}

/// Whether what looks like arguments are hints of SQL Server: `FROM t (NOLOCK)` is a table.
pub(in crate::sql) fn are_hints(arguments: &[FunctionArg], dialect: Dialect) -> bool {
    let is_hint = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(ident))) => HINTS
            .iter()
            .any(|hint| hint.eq_ignore_ascii_case(&ident.value)),
        _ => false,
    };
    let speaks_of_hints = matches!(dialect, Dialect::Mssql | Dialect::Generic);
    speaks_of_hints && !arguments.is_empty() && arguments.iter().all(is_hint)
}

enum Layer<'f> {
    /// It stands around another relation.
    Around(&'f TableFactor),
    Last(Extent),
}

/// The alias of a relation.
pub(in crate::sql) const fn alias_of(relation: &TableFactor) -> Option<&TableAlias> {
    match relation {
        TableFactor::Table { alias, .. }
        | TableFactor::Derived { alias, .. }
        | TableFactor::TableFunction { alias, .. }
        | TableFactor::Function { alias, .. }
        | TableFactor::UNNEST { alias, .. }
        | TableFactor::JsonTable { alias, .. }
        | TableFactor::OpenJsonTable { alias, .. }
        | TableFactor::NestedJoin { alias, .. }
        | TableFactor::Pivot { alias, .. }
        | TableFactor::Unpivot { alias, .. }
        | TableFactor::MatchRecognize { alias, .. }
        | TableFactor::XmlTable { alias, .. }
        | TableFactor::SemanticView { alias, .. } => alias.as_ref(),
        TableFactor::UnpivotExpr { .. } => None,
    }
}

/// The condition of a join.
pub(in crate::sql) const fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint)
        | JoinOperator::CrossJoin(constraint)
        | JoinOperator::Semi(constraint)
        | JoinOperator::LeftSemi(constraint)
        | JoinOperator::RightSemi(constraint)
        | JoinOperator::Anti(constraint)
        | JoinOperator::LeftAnti(constraint)
        | JoinOperator::RightAnti(constraint)
        | JoinOperator::AsOf { constraint, .. }
        | JoinOperator::StraightJoin(constraint) => Some(constraint),
        JoinOperator::CrossApply
        | JoinOperator::OuterApply
        | JoinOperator::ArrayJoin
        | JoinOperator::LeftArrayJoin
        | JoinOperator::InnerArrayJoin => None,
    }
}
