//! Which SQL is spoken: its name, the parser's nearest dialect, and how it folds names.
//!
//! Knows what differs between dialects in one place; the walk asks here and never by name.

use sqlparser::dialect as parser;

/// The SQL that an API's database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Unknown: the most permissive parser and the most cautious reading.
    Generic,
    /// ISO SQL.
    Ansi,
    /// PostgreSQL and what speaks like it.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB; parsed as MySQL.
    Mariadb,
    /// SQLite.
    Sqlite,
    /// Microsoft SQL Server.
    Mssql,
    /// Oracle.
    Oracle,
    /// Snowflake.
    Snowflake,
    /// Google BigQuery.
    Bigquery,
    /// ClickHouse.
    Clickhouse,
    /// Databricks SQL.
    Databricks,
    /// Spark SQL.
    Spark,
    /// Apache Hive.
    Hive,
    /// Amazon Redshift.
    Redshift,
    /// DuckDB.
    Duckdb,
    /// Trino; parsed by the permissive parser, as there is none of its own.
    Trino,
}

/// How names become equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folding {
    /// Unquoted to lower case, quoted kept.
    Lower,
    /// Unquoted to upper case, quoted kept.
    Upper,
    /// Case never matters, not even in quotes: everything to lower case.
    Insensitive,
    /// Case always matters.
    Exact,
}

impl Dialect {
    /// Every dialect, in the order of the documentation.
    pub const ALL: [Self; 17] = [
        Self::Generic,
        Self::Ansi,
        Self::Postgres,
        Self::Mysql,
        Self::Mariadb,
        Self::Sqlite,
        Self::Mssql,
        Self::Oracle,
        Self::Snowflake,
        Self::Bigquery,
        Self::Clickhouse,
        Self::Databricks,
        Self::Spark,
        Self::Hive,
        Self::Redshift,
        Self::Duckdb,
        Self::Trino,
    ];

    /// The word used in configuration, records and the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Ansi => "ansi",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Sqlite => "sqlite",
            Self::Mssql => "mssql",
            Self::Oracle => "oracle",
            Self::Snowflake => "snowflake",
            Self::Bigquery => "bigquery",
            Self::Clickhouse => "clickhouse",
            Self::Databricks => "databricks",
            Self::Spark => "spark",
            Self::Hive => "hive",
            Self::Redshift => "redshift",
            Self::Duckdb => "duckdb",
            Self::Trino => "trino",
        }
    }

    /// The dialect of that name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// The parser's dialect that comes nearest.
    pub(super) fn parser(self) -> &'static dyn parser::Dialect {
        match self {
            Self::Generic | Self::Trino => &parser::GenericDialect {},
            Self::Ansi => &parser::AnsiDialect {},
            Self::Postgres => &parser::PostgreSqlDialect {},
            Self::Mysql | Self::Mariadb => &parser::MySqlDialect {},
            Self::Sqlite => &parser::SQLiteDialect {},
            Self::Mssql => &parser::MsSqlDialect {},
            Self::Oracle => &parser::OracleDialect {},
            Self::Snowflake => &parser::SnowflakeDialect,
            Self::Bigquery => &parser::BigQueryDialect {},
            Self::Clickhouse => &parser::ClickHouseDialect {},
            Self::Databricks => &parser::DatabricksDialect {},
            Self::Spark => &parser::SparkSqlDialect {},
            Self::Hive => &parser::HiveDialect {},
            Self::Redshift => &parser::RedshiftSqlDialect {},
            Self::Duckdb => &parser::DuckDbDialect {},
        }
    }

    /// How table names become equal. Where a server setting decides (MySQL, BigQuery), the
    /// exact spelling is kept.
    pub(super) const fn folding(self) -> Folding {
        match self {
            Self::Postgres | Self::Ansi | Self::Generic => Folding::Lower,
            Self::Oracle | Self::Snowflake => Folding::Upper,
            Self::Sqlite
            | Self::Mssql
            | Self::Databricks
            | Self::Spark
            | Self::Hive
            | Self::Redshift
            | Self::Duckdb
            | Self::Trino => Folding::Insensitive,
            Self::Mysql | Self::Mariadb | Self::Bigquery | Self::Clickhouse => Folding::Exact,
        }
    }

    /// Whether a CTE may refer to itself without the word RECURSIVE.
    pub(super) const fn recurses_unasked(self) -> bool {
        matches!(
            self,
            Self::Mssql | Self::Oracle | Self::Snowflake | Self::Sqlite | Self::Generic
        )
    }

    /// Whether `"x"` may be a string: always, or where no such column exists.
    pub(super) const fn double_quote_is_text(self) -> bool {
        matches!(
            self,
            Self::Mysql
                | Self::Mariadb
                | Self::Bigquery
                | Self::Spark
                | Self::Hive
                | Self::Databricks
                | Self::Sqlite
                | Self::Generic
        )
    }

    /// Whether `\'` inside a string is a quote, where the parser does not know it.
    pub(super) const fn escapes_by_backslash(self) -> bool {
        matches!(self, Self::Hive | Self::Spark)
    }

    /// Whether `\'` inside a string may be a quote or not.
    pub(super) const fn backslash_is_ambiguous(self) -> bool {
        matches!(self, Self::Generic)
    }

    /// Whether `E'…'` is a string in which a backslash escapes.
    pub(super) const fn has_escape_strings(self) -> bool {
        matches!(self, Self::Postgres | Self::Redshift | Self::Duckdb)
    }

    /// Whether `$$…$$` is a string. Elsewhere the dollar is a letter.
    pub(super) const fn quotes_by_dollar(self) -> bool {
        matches!(
            self,
            Self::Postgres
                | Self::Redshift
                | Self::Duckdb
                | Self::Snowflake
                | Self::Clickhouse
                | Self::Databricks
        )
    }

    /// Whether a condition may be any number or string, zero being false.
    pub(super) const fn numbers_are_truths(self) -> bool {
        matches!(
            self,
            Self::Mysql | Self::Mariadb | Self::Sqlite | Self::Clickhouse | Self::Generic
        )
    }

    /// Whether comparing a string with a number converts the string.
    pub(super) const fn coerces_text(self) -> bool {
        !matches!(self, Self::Sqlite | Self::Bigquery | Self::Trino)
    }

    /// Whether statements need no `;` between them, so that a stray verb starts the next.
    pub(super) const fn separates_by_verb(self) -> bool {
        matches!(self, Self::Mssql | Self::Generic)
    }

    /// Whether a change through the name of a query touches the tables it reads.
    pub(super) const fn changes_through_queries(self) -> bool {
        matches!(self, Self::Mssql | Self::Oracle | Self::Generic)
    }

    /// Whether an expression of SELECT may use the names given before it.
    pub(super) const fn sees_earlier_aliases(self) -> bool {
        matches!(
            self,
            Self::Snowflake
                | Self::Redshift
                | Self::Databricks
                | Self::Spark
                | Self::Duckdb
                | Self::Clickhouse
                | Self::Generic
        )
    }

    /// Whether a quoted name with a path in it reads that file.
    pub(super) const fn reads_paths(self) -> bool {
        matches!(self, Self::Duckdb | Self::Spark | Self::Databricks)
    }
}

#[cfg(test)]
mod tests {
    use super::Dialect;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_name_leads_back_to_its_dialect() {
        for dialect in Dialect::ALL {
            assert_eq!(Dialect::named(dialect.name()), Some(dialect));
        }
        assert_eq!(Dialect::named("PostgreSQL"), None);
    }
}
