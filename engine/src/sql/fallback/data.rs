//! Verbs that read, change and move rows.
//!
//! A change whose own words name nothing (`ON CONFLICT DO UPDATE`) is about the target of the
//! statement it stands in.

use sqlparser::ast::ObjectName;

use super::Scan;
use super::verb::Verb;
use crate::action::{Effect, Reach, Resource, ResourceKind};
use crate::sql::Dialect;
use crate::sql::gap::Gap;
use crate::sql::walk::{Extent, location};

impl Scan<'_, '_, '_> {
    pub(super) fn read(&mut self) {
        const TABLE_NEXT: [&str; 9] = [
            "FROM",
            "GRAPH",
            "HANDLER",
            "PIVOT",
            "PIVOT_LONGER",
            "PIVOT_WIDER",
            "SUMMARIZE",
            "TABLE",
            "UNPIVOT",
        ];
        self.has_read = true;
        if self.words.follows(&TABLE_NEXT) {
            self.sources();
        }
    }

    pub(super) fn insert(&mut self, verb: Verb) {
        // `ALTER TABLE t REPLACE PARTITION p FROM u`
        if verb == Verb::Replace && self.statement == Verb::Alter {
            let target = self.target.clone();
            self.found(Effect::Delete, "ALTER TABLE", &target);
            return self.found(Effect::Insert, "ALTER TABLE", &target);
        }
        let overwrites = self.words.take(&["OVERWRITE"]);
        if overwrites && self.words.take(&["DIRECTORY", "LOCAL"]) {
            return self.told(Effect::Export, "INSERT OVERWRITE DIRECTORY");
        }
        const NOISE: [&str; 14] = [
            "ABORT",
            "ALL",
            "DELAYED",
            "FAIL",
            "FIRST",
            "HIGH_PRIORITY",
            "IGNORE",
            "INTO",
            "LOW_PRIORITY",
            "OR",
            "REPLACE",
            "ROLLBACK",
            "TABLE",
            "OVERWRITE",
        ];
        self.words.skip(&NOISE);
        if self.words.take(&["FUNCTION"]) {
            return self.told(Effect::Export, "INSERT INTO FUNCTION");
        }
        let target = self.target_names();
        if overwrites {
            self.found(Effect::Delete, "INSERT OVERWRITE", &target);
        }
        if verb == Verb::Replace {
            self.found(Effect::Update, "REPLACE", &target);
        }
        self.found(Effect::Insert, "INSERT", &target);
    }

    /// An UPDATE, DELETE or TRUNCATE.
    pub(super) fn change(&mut self, effect: Effect, operation: &'static str) {
        const NOISE: [&str; 10] = [
            "ABORT",
            "FAIL",
            "FROM",
            "IGNORE",
            "LOW_PRIORITY",
            "ONLY",
            "OR",
            "QUICK",
            "REPLACE",
            "ROLLBACK",
        ];
        self.words.skip(&NOISE);
        self.words.skip_top();
        self.words.skip(&["FROM"]);
        let inherits = self.words.is("SET") || self.words.is("WHERE");
        let target = if inherits {
            self.target.clone()
        } else {
            self.target_names()
        };
        // Not even a word that could bound it.
        const BOUNDS: [&str; 9] = [
            "CURRENT", "FROM", "JOIN", "LIMIT", "ON", "ORDER", "SELECT", "USING", "WHERE",
        ];
        let extent = match effect {
            Effect::Truncate => Extent::from(Reach::All),
            // `ON CONFLICT DO UPDATE` is bounded by the rows of its INSERT.
            _ if inherits => Extent::UNKNOWN,
            _ if self.words.first_of(&BOUNDS).is_none() && !self.in_block => Extent::WHOLE,
            _ => Extent::UNKNOWN,
        };
        self.walker.found(effect, operation, extent, target);
    }

    /// Adds, changes and removes rows of what stands behind some words.
    pub(super) fn merge(&mut self, operation: &'static str, noise: &[&str]) {
        self.words.skip(noise);
        let target = self.target_names();
        for effect in [Effect::Insert, Effect::Update, Effect::Delete] {
            self.found(effect, operation, &target);
        }
    }

    /// COPY: out where TO stands, in otherwise.
    pub(super) fn copy(&mut self) {
        // `COPY FROM DATABASE a TO b` does both.
        if self.words.is("FROM") {
            self.has_read = true;
            self.told(Effect::Export, "COPY FROM DATABASE");
            return self.told(Effect::Import, "COPY FROM DATABASE");
        }
        let into = self.words.take(&["INTO"]);
        let names = self.names(ResourceKind::Table);
        if into {
            // A place outside has no name: `@stage`, `'s3://…'`.
            if names.is_empty() {
                return self.told(Effect::Export, "COPY INTO");
            }
            self.found(Effect::Insert, "COPY INTO", &names);
            return self.told(Effect::Import, "COPY INTO");
        }
        if self.words.is_bracket() && !names.is_empty() {
            self.words.leave_bracket();
        }
        let way = self.words.first_of(&["TO", "FROM"]);
        if self.words.take(&["TO", "FROM"]) {
            self.words.step();
        }
        match way {
            Some("TO") => {
                self.reads.extend(names);
                self.has_read = true;
                self.told(Effect::Export, "COPY");
            }
            _ => {
                self.found(Effect::Insert, "COPY", &names);
                self.told(Effect::Import, "COPY");
            }
        }
    }

    /// RESTORE puts back what was: a table of Delta, else whole databases.
    pub(super) fn restore(&mut self) {
        self.told(Effect::Import, "RESTORE");
        if self.words.take(&["TABLE"]) {
            let target = self.target_names();
            self.found(Effect::Update, "RESTORE", &target);
            return self.found(Effect::Delete, "RESTORE", &target);
        }
        self.told(Effect::Admin, "RESTORE");
    }

    /// `VACUUM INTO 'file'` of SQLite writes the whole database there.
    pub(super) fn vacuum(&mut self) {
        let exports = self.words.first_of(&["INTO"]).is_some();
        let effect = if exports {
            Effect::Export
        } else {
            Effect::Admin
        };
        self.told(effect, "VACUUM");
    }

    /// `SELECT … INTO`: a table, variables or a file.
    pub(super) fn into(&mut self) {
        if self.words.take(&["OUTFILE", "DUMPFILE"]) {
            return self.told(Effect::Export, "INTO OUTFILE");
        }
        // Transact-SQL has no other way to fill variables than to set them.
        let fills = self.in_block && !self.walker.dialect().separates_by_verb();
        if fills || self.words.is_variable() {
            return self.told(Effect::Session, "SELECT INTO");
        }
        let names = self.names(ResourceKind::Table);
        match self.statement {
            Verb::Import => self.found(Effect::Insert, "LOAD DATA", &names),
            // Every branch of an `INSERT ALL` has its own.
            Verb::Insert | Verb::Replace => self.found(Effect::Insert, "INSERT", &names),
            _ => self.found(Effect::Create, "SELECT INTO", &names),
        }
    }

    pub(super) fn sources(&mut self) {
        if self.words.take(&["INFILE"]) {
            return self.told(Effect::Import, "FROM INFILE");
        }
        // `FROM (t)`; a query in brackets gives no name, and `USING (a)` lists columns.
        if !self.words.follows(&["USING"]) {
            while self.words.take_bracket() {}
        }
        let is_file = self.words.text().is_some();
        let has_stages = self.walker.dialect() == Dialect::Snowflake;
        if is_file || has_stages && self.words.is_at_sign() {
            let place = location(if is_file { "file" } else { "stage" });
            return self.found(Effect::Import, "SELECT", &[place]);
        }
        if self.words.is_made_at_run_time() {
            return self.unknown("SELECT", Gap::NameMadeAtRunTime);
        }
        let names = self.named(ResourceKind::Table, false);
        self.reads.extend(names);
        for function in self.words.take_called() {
            self.walker.calls(&ObjectName::from(function));
        }
    }

    fn target_names(&mut self) -> Vec<Resource> {
        self.target = self.names(ResourceKind::Table);
        self.target.clone()
    }

    pub(super) fn names(&mut self, kind: ResourceKind) -> Vec<Resource> {
        self.named(kind, true)
    }

    /// The names at this place, those of CTEs left out.
    fn named(&mut self, kind: ResourceKind, calls_count: bool) -> Vec<Resource> {
        let mut found = Vec::new();
        for idents in self.words.names(calls_count) {
            let is_cte = matches!(idents.as_slice(), [only] if self.ctes.contains(&only.value.to_lowercase()));
            if is_cte {
                continue;
            }
            let idents = ObjectName::from(idents);
            if let Some(place) = self.walker.location_of(&idents) {
                self.found(Effect::Import, "SELECT", &[place]);
                continue;
            }
            found.push(self.walker.resource(kind, &idents));
        }
        found
    }
}
