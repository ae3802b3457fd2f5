//! A SELECT to whether nothing but totals over all rows come out of it.
//!
//! Guarantees that a total is one value that is not made of the values of all rows put
//! together: `count` and `max` are, `string_agg` and `array_agg` are none.

use sqlparser::ast::{Expr, Function, FunctionArguments, GroupByExpr, Select, SelectItem};

use super::part::{self, Part};

/// Whether a SELECT gives one row of totals.
pub(super) fn is_only(select: &Select) -> bool {
    let ungrouped = matches!(&select.group_by, GroupByExpr::Expressions(keys, modifiers)
        if keys.is_empty() && modifiers.is_empty());
    ungrouped && !select.projection.is_empty() && totals(&select.projection)
}

/// Whether every value shown is made of totals and constants, and one is a total.
fn totals(items: &[SelectItem]) -> bool {
    let mut any = false;
    let mut rest = Vec::new();
    for item in items {
        match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                rest.push(Part::Expr(expr));
            }
            SelectItem::ExprWithAliases { .. }
            | SelectItem::QualifiedWildcard(..)
            | SelectItem::Wildcard(_) => return false,
        }
    }
    while let Some(part) = rest.pop() {
        match part {
            Part::Expr(Expr::Function(function)) if is_total(function) => any = true,
            Part::Expr(expr) => part::of_expr(expr, &mut rest),
            Part::Query(_) | Part::Table(_) | Part::Column(_) | Part::Star(_) => return false,
        }
    }
    any
}

fn is_total(function: &Function) -> bool {
    let [name] = function.name.0.as_slice() else {
        return false;
    };
    let Some(name) = name.as_ident().filter(|_| function.over.is_none()) else {
        return false;
    };
    let name = name.value.to_ascii_lowercase();
    // ClickHouse's `sumIf` is a sum.
    let plain = name.strip_suffix("if").unwrap_or(&name);
    let arguments = match &function.args {
        FunctionArguments::List(list) => list.args.len(),
        FunctionArguments::None | FunctionArguments::Subquery(_) => 0,
    };
    // `max(a, b)` is the larger of two values of one row, or a list of the largest.
    let of_one = arguments == 1 || arguments == 2 && plain.len() < name.len();
    of_one && OF_ONE.contains(&plain) || OF_MORE.contains(&plain)
}

/// Aggregates of one argument that give one value, or one of the values.
const OF_ONE: [&str; 32] = [
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "checksum_agg",
    "count_big",
    "count_if",
    "every",
    "kurtosis",
    "logical_and",
    "logical_or",
    "max",
    "mean",
    "median",
    "min",
    "percentile_cont",
    "percentile_disc",
    "skewness",
    "std",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "stdev",
    "stdevp",
    "sum",
    "total",
    "var",
    "var_pop",
    "var_samp",
    "variance",
];

/// Aggregates of any number of arguments that give one number.
const OF_MORE: [&str; 15] = [
    "approx_count_distinct",
    "approx_distinct",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "uniq",
    "varp",
];
