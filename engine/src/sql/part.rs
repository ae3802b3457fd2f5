//! An expression to its direct parts.
//!
//! The one place that knows what an expression can hold. Exhaustive: an expression of a
//! newer parser does not compile until it stands here. Never recurses, so that no depth of
//! a chain matters to those who walk by it.

use sqlparser::ast::{
    AccessExpr, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, Ident, InTarget, JsonPath, JsonPathElem, ListAggOnOverflow, ObjectName,
    OrderByExpr, Query, SelectItemQualifiedWildcardKind, Subscript, TableVersion,
    WildcardAdditionalOptions, WindowFrameBound, WindowSpec, WindowType,
};

/// What an expression is made of.
#[derive(Clone, Copy)]
pub(super) enum Part<'e> {
    Expr(&'e Expr),
    Query(&'e Query),
    /// A table named where an expression stands (`x IN t` of ClickHouse).
    Table(&'e ObjectName),
    /// The parts of a column's name.
    Column(&'e [Ident]),
    /// Every column of what has that name.
    Star(&'e ObjectName),
}

/// Adds the direct parts of an expression.
pub(super) fn of_expr<'e>(expr: &'e Expr, found: &mut Vec<Part<'e>>) {
    match expr {
        Expr::Identifier(ident) => found.push(Part::Column(std::slice::from_ref(ident))),
        Expr::CompoundIdentifier(idents) => found.push(Part::Column(idents)),
        Expr::CompoundFieldAccess { root, access_chain } => {
            found.push(Part::Expr(root));
            access_chain
                .iter()
                .for_each(|access| of_access(access, found));
        }
        Expr::JsonAccess { value, path } => {
            found.push(Part::Expr(value));
            of_json_path(path, found);
        }
        Expr::IsFalse(inner)
        | Expr::IsNotFalse(inner)
        | Expr::IsTrue(inner)
        | Expr::IsNotTrue(inner)
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::IsUnknown(inner)
        | Expr::IsNotUnknown(inner)
        | Expr::Nested(inner)
        | Expr::OuterJoin(inner)
        | Expr::Prior(inner)
        | Expr::IsJson { expr: inner, .. }
        | Expr::IsNormalized { expr: inner, .. }
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::Cast { expr: inner, .. }
        | Expr::Extract { expr: inner, .. }
        | Expr::Ceil { expr: inner, .. }
        | Expr::Floor { expr: inner, .. }
        | Expr::Collate { expr: inner, .. }
        | Expr::Prefixed { value: inner, .. }
        | Expr::Named { expr: inner, .. } => found.push(Part::Expr(inner)),
        Expr::IsDistinctFrom(left, right)
        | Expr::IsNotDistinctFrom(left, right)
        | Expr::BinaryOp { left, right, .. }
        | Expr::AnyOp { left, right, .. }
        | Expr::AllOp { left, right, .. }
        | Expr::AtTimeZone {
            timestamp: left,
            time_zone: right,
        }
        | Expr::Position {
            expr: left,
            r#in: right,
        }
        | Expr::RLike {
            expr: left,
            pattern: right,
            ..
        } => of_boxes([left, right], found),
        Expr::In { expr, target, .. } => {
            found.push(Part::Expr(expr));
            of_in_target(target, found);
        }
        Expr::Between {
            expr, low, high, ..
        } => of_boxes([expr, low, high], found),
        Expr::Like {
            expr,
            pattern,
            escape_char,
            ..
        }
        | Expr::ILike {
            expr,
            pattern,
            escape_char,
            ..
        }
        | Expr::SimilarTo {
            expr,
            pattern,
            escape_char,
            ..
        } => {
            of_boxes([expr, pattern], found);
            of_boxes(escape_char, found);
        }
        Expr::Convert { expr, styles, .. } => {
            found.push(Part::Expr(expr));
            of_exprs(styles, found);
        }
        Expr::Substring {
            expr,
            substring_from,
            substring_for,
            ..
        } => {
            found.push(Part::Expr(expr));
            of_boxes(substring_from.iter().chain(substring_for), found);
        }
        Expr::Trim {
            expr,
            trim_what,
            trim_characters,
            ..
        } => {
            found.push(Part::Expr(expr));
            of_boxes(trim_what, found);
            of_exprs(trim_characters.iter().flatten(), found);
        }
        Expr::Overlay {
            expr,
            overlay_what,
            overlay_from,
            overlay_for,
        } => {
            of_boxes([expr, overlay_what, overlay_from], found);
            of_boxes(overlay_for, found);
        }
        Expr::Value(_) | Expr::TypedString(_) | Expr::MatchAgainst { .. } | Expr::Wildcard(_) => {}
        Expr::QualifiedWildcard(owner, _) => found.push(Part::Star(owner)),
        Expr::Function(function) => of_function(function, found),
        Expr::Case {
            operand,
            conditions,
            else_result,
            ..
        } => {
            of_boxes(operand, found);
            for when in conditions {
                of_exprs([&when.condition, &when.result], found);
            }
            of_boxes(else_result, found);
        }
        Expr::Exists { subquery, .. } | Expr::Subquery(subquery) => {
            found.push(Part::Query(subquery));
        }
        Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
            of_exprs(sets.iter().flatten(), found);
        }
        Expr::Tuple(values) | Expr::Struct { values, .. } => of_exprs(values, found),
        Expr::Dictionary(fields) => of_boxes(fields.iter().map(|field| &field.value), found),
        Expr::Map(map) => {
            for entry in &map.entries {
                of_boxes([&entry.key, &entry.value], found);
            }
        }
        Expr::Array(array) => of_exprs(&array.elem, found),
        Expr::Interval(interval) => found.push(Part::Expr(&interval.value)),
        Expr::Lambda(lambda) => found.push(Part::Expr(&lambda.body)),
        Expr::MemberOf(member) => of_boxes([&member.value, &member.array], found),
    }
}

/// Adds what a call of a function holds.
pub(super) fn of_function<'e>(function: &'e Function, found: &mut Vec<Part<'e>>) {
    of_arguments(&function.parameters, found);
    of_arguments(&function.args, found);
    of_order(&function.within_group, found);
    of_boxes(&function.filter, found);
    match &function.over {
        Some(WindowType::WindowSpec(window)) => of_window(window, found),
        Some(WindowType::NamedWindow(_)) | None => {}
    }
}

/// Adds what one argument holds.
pub(super) fn of_argument<'e>(argument: &'e FunctionArg, found: &mut Vec<Part<'e>>) {
    let value = match argument {
        FunctionArg::Named { arg, .. } | FunctionArg::Unnamed(arg) => arg,
        FunctionArg::ExprNamed { name, arg, .. } => {
            found.push(Part::Expr(name));
            arg
        }
    };
    match value {
        FunctionArgExpr::Expr(expr) => found.push(Part::Expr(expr)),
        FunctionArgExpr::WildcardWithOptions(options) => of_wildcard(options, found),
        FunctionArgExpr::QualifiedWildcard(owner) => found.push(Part::Star(owner)),
        FunctionArgExpr::Wildcard => {}
    }
}

/// Adds what a window holds.
pub(super) fn of_window<'e>(window: &'e WindowSpec, found: &mut Vec<Part<'e>>) {
    of_exprs(&window.partition_by, found);
    of_order(&window.order_by, found);
    let Some(frame) = &window.window_frame else {
        return;
    };
    for bound in std::iter::once(&frame.start_bound).chain(&frame.end_bound) {
        match bound {
            WindowFrameBound::Preceding(rows) | WindowFrameBound::Following(rows) => {
                of_boxes(rows, found);
            }
            WindowFrameBound::CurrentRow => {}
        }
    }
}

/// Adds what an ORDER BY holds.
pub(super) fn of_order<'e>(order: &'e [OrderByExpr], found: &mut Vec<Part<'e>>) {
    for key in order {
        found.push(Part::Expr(&key.expr));
        if let Some(fill) = &key.with_fill {
            of_exprs(fill.from.iter().chain(&fill.to).chain(&fill.step), found);
        }
    }
}

/// Adds what stands behind a star.
pub(super) fn of_wildcard<'e>(options: &'e WildcardAdditionalOptions, found: &mut Vec<Part<'e>>) {
    let replaced = options
        .opt_replace
        .iter()
        .flat_map(|replace| &replace.items);
    of_exprs(replaced.map(|item| &item.expr), found);
}

/// Adds what stands before a star.
pub(super) fn of_star_owner<'e>(
    owner: &'e SelectItemQualifiedWildcardKind,
    found: &mut Vec<Part<'e>>,
) {
    match owner {
        SelectItemQualifiedWildcardKind::Expr(expr) => found.push(Part::Expr(expr)),
        SelectItemQualifiedWildcardKind::ObjectName(_) => {}
    }
}

fn of_exprs<'e>(exprs: impl IntoIterator<Item = &'e Expr>, found: &mut Vec<Part<'e>>) {
    found.extend(exprs.into_iter().map(Part::Expr));
}

fn of_boxes<'e>(exprs: impl IntoIterator<Item = &'e Box<Expr>>, found: &mut Vec<Part<'e>>) {
    found.extend(exprs.into_iter().map(|expr| Part::Expr(expr)));
}

/// Adds what says as of when a table is read.
pub(super) fn of_version<'v>(version: Option<&'v TableVersion>, parts: &mut Vec<Part<'v>>) {
    match version {
        Some(
            TableVersion::ForSystemTimeAsOf(expr)
            | TableVersion::TimestampAsOf(expr)
            | TableVersion::VersionAsOf(expr)
            | TableVersion::Function(expr),
        ) => parts.push(Part::Expr(expr)),
        Some(TableVersion::Changes { changes, at, end }) => {
            parts.extend([changes, at].into_iter().chain(end).map(Part::Expr));
        }
        None => {}
    }
}

pub(super) fn of_access<'e>(access: &'e AccessExpr, found: &mut Vec<Part<'e>>) {
    match access {
        AccessExpr::Dot(expr) | AccessExpr::Subscript(Subscript::Index { index: expr }) => {
            found.push(Part::Expr(expr));
        }
        AccessExpr::Subscript(Subscript::Slice {
            lower_bound,
            upper_bound,
            stride,
        }) => of_exprs(lower_bound.iter().chain(upper_bound).chain(stride), found),
    }
}

/// Adds what a path into a document holds.
pub(super) fn of_json_path<'e>(path: &'e JsonPath, found: &mut Vec<Part<'e>>) {
    for element in &path.path {
        match element {
            JsonPathElem::Bracket { key } | JsonPathElem::ColonBracket { key } => {
                found.push(Part::Expr(key));
            }
            JsonPathElem::Dot { .. } => {}
        }
    }
}

fn of_in_target<'e>(target: &'e InTarget, found: &mut Vec<Part<'e>>) {
    match target {
        InTarget::List(values) => of_exprs(values, found),
        InTarget::Subquery(query) => found.push(Part::Query(query)),
        InTarget::Unnest(expr) => found.push(Part::Expr(expr)),
        InTarget::Table { name, args: None } => found.push(Part::Table(name)),
        InTarget::Table {
            args: Some(arguments),
            ..
        } => arguments
            .iter()
            .for_each(|argument| of_argument(argument, found)),
    }
}

fn of_arguments<'e>(arguments: &'e FunctionArguments, found: &mut Vec<Part<'e>>) {
    match arguments {
        FunctionArguments::None => {}
        FunctionArguments::Subquery(query) => found.push(Part::Query(query)),
        FunctionArguments::List(list) => {
            list.args
                .iter()
                .for_each(|argument| of_argument(argument, found));
            list.clauses
                .iter()
                .for_each(|clause| of_clause(clause, found));
        }
    }
}

fn of_clause<'e>(clause: &'e FunctionArgumentClause, found: &mut Vec<Part<'e>>) {
    match clause {
        FunctionArgumentClause::Where(expr) | FunctionArgumentClause::Limit(expr) => {
            found.push(Part::Expr(expr));
        }
        FunctionArgumentClause::OrderBy(order) => of_order(order, found),
        FunctionArgumentClause::Having(bound) => found.push(Part::Expr(&bound.1)),
        FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Truncate { filler, .. }) => {
            of_boxes(filler, found);
        }
        FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Error)
        | FunctionArgumentClause::IgnoreOrRespectNulls(_)
        | FunctionArgumentClause::Separator(_)
        | FunctionArgumentClause::JsonNullClause(_)
        | FunctionArgumentClause::JsonReturningClause(_) => {}
    }
}
