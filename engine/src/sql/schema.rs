//! Tables as an operator writes them down, and the [`Database`] they make in a dialect.
//!
//! Names are written as in SQL: without quotes they fold as the dialect folds them, in double
//! quotes they stay as they are.

use std::collections::BTreeMap;

use sqlparser::ast::Ident;

use super::database::{Database, Table};
use super::dialect::Dialect;
use super::name;

/// A set of tables that several APIs may share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// Where a table without a schema is looked for, in that order.
    pub search_path: Vec<String>,
    /// The tables.
    pub tables: Vec<SchemaTable>,
}

/// A table as it is written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemaTable {
    /// Its name with its schema: `public.customers`, `shop."Order Lines"`.
    pub name: String,
    /// Its columns in the order of `SELECT *`.
    pub columns: Vec<String>,
    /// Sets of columns of which no two rows have the same values.
    pub keys: Vec<Vec<String>>,
}

impl Schema {
    /// The database that has these tables. `id` tells it from others, see [`Database::id`].
    ///
    /// # Errors
    ///
    /// The name that is none, or that names a second table of the same name in this dialect.
    pub fn database(&self, dialect: Dialect, id: u32) -> Result<Database, String> {
        let mut tables = BTreeMap::new();
        for table in &self.tables {
            let folded = fold(&table.name, dialect)?;
            let columns = fold_columns(&table.columns, dialect)?;
            let keys = table.keys.iter().map(|key| fold_columns(key, dialect));
            let keys = keys.collect::<Result<_, _>>()?;
            if tables.insert(folded, Table { columns, keys }).is_some() {
                return Err(table.name.clone());
            }
        }
        Ok(Database {
            dialect,
            search_path: fold_all(&self.search_path, dialect)?,
            tables,
            id,
        })
    }
}

fn fold_all(names: &[String], dialect: Dialect) -> Result<Vec<String>, String> {
    names.iter().map(|name| fold(name, dialect)).collect()
}

fn fold_columns(names: &[String], dialect: Dialect) -> Result<Vec<String>, String> {
    let fold = |written: &String| match parts(written).as_deref() {
        Some([only]) => Ok(name::fold_column(only, dialect)),
        _ => Err(written.clone()),
    };
    names.iter().map(fold).collect()
}

fn fold(written: &str, dialect: Dialect) -> Result<String, String> {
    let parts = parts(written).ok_or_else(|| written.to_owned())?;
    Ok(name::joined_idents(&parts, dialect))
}

/// The parts of a dotted name, some of them in quotes; nothing where it is not one.
fn parts(written: &str) -> Option<Vec<Ident>> {
    let mut parts = Vec::new();
    let mut rest = written;
    loop {
        let (part, after) = part(rest)?;
        parts.push(part);
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(parts),
            None => return None,
        }
    }
}

/// The first part of a name, and what comes after it.
fn part(text: &str) -> Option<(Ident, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['.', '"']).unwrap_or(text.len());
        let (part, after) = text.split_at_checked(end)?;
        return (!part.is_empty()).then(|| (Ident::new(part), after));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return (!name.is_empty()).then(|| (Ident::with_quote('"', name), after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Schema, SchemaTable};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn schema(tables: &[&str]) -> Schema {
        let table = |name: &&str| SchemaTable {
            name: (*name).to_owned(),
            columns: vec!["Id".to_owned(), "\"E-Mail\"".to_owned()],
            keys: vec![vec!["ID".to_owned()]],
        };
        Schema {
            search_path: vec!["Public".to_owned()],
            tables: tables.iter().map(table).collect(),
        }
    }

    #[test]
    fn names_fold_as_in_sql() {
        let written = schema(&["Public.Customers", "public.\"Order.Lines\""]);
        let database = written.database(Dialect::Postgres, 300).unwrap();
        assert_eq!(database.search_path, ["public"]);
        let names: Vec<_> = database.tables.keys().collect();
        assert_eq!(names, ["public.\"Order.Lines\"", "public.customers"]);
        let table = &database.tables["public.customers"];
        assert_eq!(table.columns, ["id", "E-Mail"]);
        assert_eq!(table.keys, [["id"]]);
        let database = written.database(Dialect::Oracle, 301).unwrap();
        assert!(database.tables.contains_key("PUBLIC.CUSTOMERS"));
    }

    #[test]
    fn a_name_that_is_none_is_told() {
        for name in ["", "a.", ".a", "a..b", "\"a", "\"\"", "a\"b", "\"a\"b"] {
            let database = schema(&[name]).database(Dialect::Postgres, 300);
            assert_eq!(database, Err(name.to_owned()));
        }
    }

    #[test]
    fn two_tables_of_one_name_are_told() {
        let twice = schema(&["public.a", "PUBLIC.A"]);
        let told = Err("PUBLIC.A".to_owned());
        assert_eq!(twice.database(Dialect::Postgres, 300), told);
        assert!(twice.database(Dialect::Mysql, 300).is_ok());
    }
}
