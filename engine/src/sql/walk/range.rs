//! What the relations of a FROM list are called, where later ones may be columns of them.
//!
//! `FROM t, t.items` reads one table in BigQuery: the array of each row. Only relations of the
//! same list count, so that nothing that could be a table is left out.

use sqlparser::ast::{ObjectName, TableFactor};

use super::Walker;
use super::relation::alias_of;
use crate::sql::name;

impl Walker<'_> {
    /// Notes what a relation is called.
    pub(super) fn note_range(&mut self, relation: &TableFactor) {
        let Some(mut ranges) = self.ranges.take() else {
            return;
        };
        let alias = alias_of(relation).map(|alias| &alias.name);
        let called = match (alias, relation) {
            (Some(alias), _) => Some(alias),
            (None, TableFactor::Table { name, .. }) => name::last(name),
            (None, _) => None,
        };
        if let Some(called) = called {
            let called = name::fold_column(called, self.dialect);
            // The last part of `a.b.t` in one pair of backticks.
            ranges.extend(called.rsplit('.').next().map(str::to_owned));
        }
        self.ranges = Some(ranges);
    }

    /// Whether a name is a column of a relation before it, and no table that is known.
    pub(super) fn is_column_of_a_range(&self, name: &ObjectName) -> bool {
        let Some(ranges) = &self.ranges else {
            return false;
        };
        let idents = name::idents(name);
        let [first, _, ..] = idents.as_slice() else {
            return false;
        };
        let first = name::fold_column(first, self.dialect);
        let is_known = name::joined(name, self.dialect)
            .is_none_or(|full| self.database.resolve(&full).is_some());
        !is_known && ranges.contains(&first)
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::{Dialect, analyse};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn tables(text: &str, dialect: Dialect) -> String {
        let analysis = analyse(text, dialect).unwrap();
        let resources = analysis.actions.iter().flat_map(|action| &action.resources);
        let names: Vec<_> = resources.map(|one| one.name.as_str()).collect();
        names.join(" ")
    }

    #[test]
    fn a_column_of_a_relation_before_it_is_no_table() {
        for text in [
            "SELECT * FROM d.t, t.items",
            "SELECT * FROM d.t, T.items AS i, i.parts",
            "SELECT * FROM d.t JOIN t.items ON true",
            "SELECT * FROM `d.t`, t.items",
            "SELECT * FROM d.t AS x CROSS JOIN x.items",
        ] {
            assert_eq!(tables(text, Dialect::Bigquery), "d.t", "{text}");
        }
    }

    #[test]
    fn a_name_that_could_be_a_table_is_one() {
        for (text, expected) in [
            ("SELECT * FROM t.items, d.t", "d.t t.items"),
            ("SELECT * FROM d.t AS x, t.items", "d.t t.items"),
            ("SELECT * FROM d.t, (SELECT * FROM t.items)", "d.t t.items"),
            (
                "SELECT * FROM d.t WHERE 1 IN (SELECT a FROM t.items)",
                "d.t t.items",
            ),
            ("SELECT 1 FROM d.t; SELECT 1 FROM t.items", "d.t t.items"),
            (
                "UPDATE x SET a = 1 FROM d.t, t.items WHERE true",
                "d.t t.items x",
            ),
            (
                "WITH t AS (SELECT 1) SELECT * FROM (SELECT 1 FROM t), t.items",
                "t.items",
            ),
        ] {
            assert_eq!(tables(text, Dialect::Bigquery), expected, "{text}");
        }
        let text = "SELECT * FROM d.t, t.items";
        assert_eq!(tables(text, Dialect::Postgres), "d.t t.items");
        assert_eq!(tables(text, Dialect::Generic), "d.t t.items");
    }
}
