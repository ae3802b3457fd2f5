//! Words that stand where a column could, and are none.
//!
//! Conservative: a word is only listed where the dialect lets no column have it as a name.

use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident};

use crate::sql::dialect::Dialect;
use crate::sql::name;

/// Parts of dates, which some functions take as a plain word.
const UNITS: [&str; 33] = [
    "century",
    "d",
    "date",
    "day",
    "dayofweek",
    "dayofyear",
    "dd",
    "decade",
    "epoch",
    "hh",
    "hour",
    "isoweek",
    "isoyear",
    "mi",
    "microsecond",
    "millisecond",
    "minute",
    "mm",
    "month",
    "n",
    "nanosecond",
    "q",
    "qq",
    "quarter",
    "s",
    "second",
    "ss",
    "week",
    "weekday",
    "wk",
    "year",
    "yy",
    "yyyy",
];

/// Functions whose first argument is a part of a date.
const UNIT_FIRST: [&str; 18] = [
    "date_add",
    "date_bucket",
    "date_diff",
    "date_part",
    "date_trunc",
    "dateadd",
    "datediff",
    "datediff_big",
    "datename",
    "datepart",
    "datesub",
    "datetrunc",
    "timeadd",
    "timediff",
    "timestamp_add",
    "timestampadd",
    "timestampdiff",
    "timestampsub",
];

/// Functions of BigQuery and Snowflake whose last argument is a part of a date.
const UNIT_LAST: [&str; 11] = [
    "date_diff",
    "date_trunc",
    "datetime_diff",
    "datetime_trunc",
    "last_day",
    "next_day",
    "time_diff",
    "time_trunc",
    "timestamp_diff",
    "timestamp_trunc",
    "trunc",
];

/// The part of a date that a function takes.
pub(super) fn unit_of(function: &Function, dialect: Dialect) -> Option<&Ident> {
    let called = &name::last(&function.name)?.value;
    let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(called));
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let last = matches!(
        dialect,
        Dialect::Bigquery | Dialect::Snowflake | Dialect::Generic
    );
    if last && list.args.len() > 1 && is_one_of(&UNIT_LAST) {
        let found = unit(list.args.last());
        if found.is_some() || dialect == Dialect::Bigquery {
            return found;
        }
    }
    // Elsewhere these take strings, intervals, or plain values only.
    let first = matches!(
        dialect,
        Dialect::Mssql
            | Dialect::Snowflake
            | Dialect::Redshift
            | Dialect::Databricks
            | Dialect::Spark
            | Dialect::Generic
    ) || matches!(dialect, Dialect::Mysql | Dialect::Mariadb)
        && is_one_of(&["timestampadd", "timestampdiff"]);
    if first && list.args.len() > 1 && is_one_of(&UNIT_FIRST) {
        return unit(list.args.first());
    }
    None
}

fn unit(argument: Option<&FunctionArg>) -> Option<&Ident> {
    match argument {
        Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(ident)))) => {
            let is_unit = |unit: &&str| unit.eq_ignore_ascii_case(&ident.value);
            (ident.quote_style.is_none() && UNITS.iter().any(is_unit)).then_some(ident)
        }
        _ => None,
    }
}

/// Whether a word without quotes can't be the name of a column.
pub(super) fn is_reserved(ident: &Ident, dialect: Dialect) -> bool {
    if ident.quote_style.is_some() {
        return false;
    }
    let is = |words: &[&str]| {
        words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&ident.value))
    };
    let like_postgres = matches!(
        dialect,
        Dialect::Postgres | Dialect::Duckdb | Dialect::Redshift | Dialect::Ansi
    );
    let users = ["session_user", "user"];
    match dialect {
        // Nothing is reserved.
        Dialect::Clickhouse => false,
        _ if is(&["current_date", "current_time", "current_timestamp"]) => true,
        Dialect::Spark | Dialect::Databricks | Dialect::Hive | Dialect::Sqlite => false,
        _ if is(&["default"]) => dialect != Dialect::Snowflake,
        Dialect::Oracle => is(&[
            "connect_by_isleaf",
            "level",
            "localtimestamp",
            "ora_rowscn",
            "rowid",
            "rownum",
            "sysdate",
            "systimestamp",
            "uid",
            "user",
        ]),
        Dialect::Mssql => is(&users) || is(&["current_user", "system_user"]),
        Dialect::Bigquery | Dialect::Generic => false,
        _ if is(&["current_user", "localtime", "localtimestamp"]) => true,
        Dialect::Mysql | Dialect::Mariadb => is(&["utc_date", "utc_time", "utc_timestamp"]),
        _ if like_postgres => is(&users) || is(&["current_catalog", "current_role"]),
        _ => false,
    }
}

/// Columns that PostgreSQL gives every table, and lets no table have otherwise.
pub(super) fn is_system_column(name: &str, dialect: Dialect) -> bool {
    dialect == Dialect::Postgres
        && ["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"].contains(&name)
}

/// Other names of a table's key in SQLite.
pub(super) fn is_row_number(name: &str, dialect: Dialect) -> bool {
    dialect == Dialect::Sqlite && ["_rowid_", "oid", "rowid"].contains(&name)
}

/// Whether it asks a sequence for its value.
pub(super) fn is_sequence(ident: &Ident, dialect: Dialect) -> bool {
    let has_sequences = matches!(
        dialect,
        Dialect::Oracle | Dialect::Snowflake | Dialect::Mariadb
    );
    let words = ["currval", "nextval"];
    has_sequences
        && words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&ident.value))
}
