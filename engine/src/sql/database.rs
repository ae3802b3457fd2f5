//! What is known of a database besides the text: its dialect, its tables and their columns.
//!
//! Plain data, made once from the configuration. Names in it are already folded as the
//! dialect folds them, so that a look-up compares them as they are.

use std::collections::BTreeMap;

use super::Dialect;

/// The database that a text is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// The SQL it speaks.
    pub dialect: Dialect,
    /// Where a table without a schema is looked for, in that order: `public`, `shop.dbo`.
    pub search_path: Vec<String>,
    /// Its tables by full name, the parts joined by `.` as in
    /// [`crate::action::Resource::name`]. May be empty, or hold some of them only.
    pub tables: BTreeMap<String, Table>,
    /// Tells the analyses of one database from those of another. Two databases of one
    /// [`super::Cache`] that differ in anything above must differ here.
    pub id: u32,
}

/// A table or view whose columns are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its columns in the order of `SELECT *`.
    pub columns: Vec<String>,
    /// Sets of columns of which no two rows have the same values.
    pub keys: Vec<Vec<String>>,
}

impl Database {
    /// A database of which only the dialect is known.
    #[must_use]
    pub const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            search_path: Vec::new(),
            tables: BTreeMap::new(),
            id: dialect as u32,
        }
    }
}

impl Database {
    /// The table that a name in a statement means, with its full name.
    pub(super) fn resolve(&self, written: &str) -> Option<(&str, &Table)> {
        let known = |name: &str| {
            let (full, table) = self.tables.get_key_value(name)?;
            Some((full.as_str(), table))
        };
        known(written).or_else(|| {
            let mut schemas = self.search_path.iter();
            schemas.find_map(|schema| known(&format!("{schema}.{written}")))
        })
    }
}

impl From<Dialect> for Database {
    fn from(dialect: Dialect) -> Self {
        Self::new(dialect)
    }
}
