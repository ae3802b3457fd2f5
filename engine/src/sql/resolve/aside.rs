//! Expressions that stand beside a relation: versions, samples, paths, what turns it on its side.

use sqlparser::ast::{Expr, PivotValueSource, TableFactor, TableSampleKind, XmlTableColumnOption};

use super::Resolver;
use super::scope::Scope;
use crate::sql::part::{self, Part};

/// What a relation looks at besides its rows.
pub(super) fn of_relation(relation: &TableFactor) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    match relation {
        TableFactor::Table {
            with_hints,
            version,
            json_path,
            sample,
            ..
        } => {
            parts.extend(with_hints.iter().map(Part::Expr));
            part::of_version(version.as_ref(), &mut parts);
            of_sample(sample.as_ref(), &mut parts);
            if let Some(path) = json_path {
                part::of_json_path(path, &mut parts);
            }
        }
        TableFactor::Derived { sample, .. } => of_sample(sample.as_ref(), &mut parts),
        TableFactor::XmlTable {
            namespaces,
            columns,
            ..
        } => {
            parts.extend(namespaces.iter().map(|one| Part::Expr(&one.uri)));
            for column in columns {
                if let XmlTableColumnOption::NamedInfo { path, default, .. } = &column.option {
                    parts.extend(path.iter().chain(default).map(Part::Expr));
                }
            }
        }
        _ => {}
    }
    parts
}

/// What turns a relation on its side looks at, besides the whole of its rows.
pub(super) fn of_turning(relation: &TableFactor) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    match relation {
        TableFactor::Pivot {
            value_source,
            default_on_null,
            ..
        } => {
            parts.extend(default_on_null.iter().map(Part::Expr));
            match value_source {
                PivotValueSource::List(values) => {
                    parts.extend(values.iter().map(|value| Part::Expr(&value.expr)));
                }
                PivotValueSource::Any(order) => part::of_order(order, &mut parts),
                PivotValueSource::Subquery(query) => parts.push(Part::Query(query)),
            }
        }
        TableFactor::Unpivot { value, .. } => parts.push(Part::Expr(value)),
        TableFactor::MatchRecognize {
            partition_by,
            order_by,
            measures,
            symbols,
            ..
        } => {
            parts.extend(partition_by.iter().map(Part::Expr));
            part::of_order(order_by, &mut parts);
            parts.extend(measures.iter().map(|one| Part::Expr(&one.expr)));
            parts.extend(symbols.iter().map(|one| Part::Expr(&one.definition)));
        }
        _ => {}
    }
    parts
}

fn of_sample<'s>(sample: Option<&'s TableSampleKind>, parts: &mut Vec<Part<'s>>) {
    let Some(TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) =
        sample
    else {
        return;
    };
    let quantity = sample.quantity.as_ref().map(|quantity| &quantity.value);
    let bucket = sample.bucket.as_ref().and_then(|bucket| bucket.on.as_ref());
    let exprs: [Option<&Expr>; 3] = [quantity, bucket, sample.offset.as_ref()];
    parts.extend(exprs.into_iter().flatten().map(Part::Expr));
}

impl Resolver<'_> {
    /// Notes what the queries in expressions read; their names are known to be read already.
    pub(super) fn queries_in(&mut self, mut rest: Vec<Part<'_>>, scope: &Scope<'_>) {
        while let Some(part) = rest.pop() {
            match part {
                Part::Expr(expr) => part::of_expr(expr, &mut rest),
                Part::Query(query) => {
                    let output = self.query(query, Some(scope));
                    self.sent(&output);
                }
                Part::Table(table) => {
                    self.everything_of(table);
                }
                Part::Column(_) | Part::Star(_) => {}
            }
        }
    }
}
