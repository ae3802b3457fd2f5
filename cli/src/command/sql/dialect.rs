//! Dialects by the names that people have for them.
//!
//! Besides the engine's own: other spellings, and products that speak the SQL of another.

use clap::builder::{PossibleValue, PossibleValuesParser};
use lictor_engine::sql::Dialect;

const OTHER_NAMES: &[(&str, Dialect)] = &[
    ("athena", Dialect::Trino),
    ("cockroachdb", Dialect::Postgres),
    ("doris", Dialect::Mysql),
    ("greenplum", Dialect::Postgres),
    ("materialize", Dialect::Postgres),
    ("postgresql", Dialect::Postgres),
    ("presto", Dialect::Trino),
    ("singlestore", Dialect::Mysql),
    ("sparksql", Dialect::Spark),
    ("sqlserver", Dialect::Mssql),
    ("starrocks", Dialect::Mysql),
    ("tidb", Dialect::Mysql),
    ("tsql", Dialect::Mssql),
];

/// The dialect of that name, or of what speaks it.
pub fn named(name: &str) -> Option<Dialect> {
    Dialect::named(name).or_else(|| {
        let mut others = OTHER_NAMES.iter();
        others
            .find(|(other, _)| *other == name)
            .map(|(_, dialect)| *dialect)
    })
}

/// What the command line takes; the help shows the engine's own names.
pub fn names() -> PossibleValuesParser {
    let own = Dialect::ALL.map(|dialect| PossibleValue::new(dialect.name()));
    let others = OTHER_NAMES
        .iter()
        .map(|(name, _)| PossibleValue::new(*name).hide(true));
    PossibleValuesParser::new(own.into_iter().chain(others))
}

#[cfg(test)]
mod tests {
    use super::{Dialect, named};

    #[test]
    fn a_product_speaks_the_sql_of_its_family() {
        assert_eq!(named("duckdb"), Some(Dialect::Duckdb));
        assert_eq!(named("tsql"), Some(Dialect::Mssql));
        assert_eq!(named("latin"), None);
    }
}
