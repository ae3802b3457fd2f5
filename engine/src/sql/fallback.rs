//! A statement that the parser does not know, by its words alone.
//!
//! Guarantees that no verb of it is missed: a word that changes something counts wherever it
//! stands, unless what is around it shows that it can't be a verb there. Names are told by
//! where they stand, reach only where no word could bound it. One pass over the tokens.

mod block;
mod cursor;
mod session;
mod verb;

use std::collections::BTreeSet;

use sqlparser::ast::ObjectName;
use sqlparser::tokenizer::Token;

pub(super) use self::block::starts_block;
use self::cursor::Cursor;
use self::verb::Verb;
use super::name;
use super::walk::{Extent, Walker};
use crate::action::{Effect, Reach, Resource, ResourceKind};

/// The statement does not start with a verb that is known.
pub(super) struct Unreadable;

/// Reports what a statement would do. `words` are its tokens without white space.
pub(super) fn read(walker: &mut Walker<'_>, words: &[&Token]) -> Result<(), Unreadable> {
    let mut scan = Scan {
        words: Cursor::new(words),
        walker,
        ctes: BTreeSet::new(),
        target: Vec::new(),
        reads: BTreeSet::new(),
        statement: Verb::Nothing,
        in_block: starts_block(words),
        has_read: false,
    };
    scan.run()
}

struct Scan<'w, 'd, 't> {
    words: Cursor<'t>,
    walker: &'w mut Walker<'d>,
    /// Names that stand for queries.
    ctes: BTreeSet<String>,
    /// What the statement so far changes, for parts of it that name nothing.
    target: Vec<Resource>,
    reads: BTreeSet<Resource>,
    /// The verb of the statement that the scan is in.
    statement: Verb,
    in_block: bool,
    has_read: bool,
}

impl Scan<'_, '_, '_> {
    fn run(&mut self) -> Result<(), Unreadable> {
        while self.words.is_bracket() {
            self.words.step();
        }
        let mut told = self.in_block;
        let mut first = true;
        while !self.words.is_over() {
            let at_start = first || self.words.may_start();
            first = false;
            let verb = self.verb(at_start);
            if verb == Verb::Nothing {
                self.other_word(at_start);
                continue;
            }
            if at_start || self.statement == Verb::Nothing {
                self.statement = verb;
            }
            told = true;
            self.words.step();
            self.apply(verb);
        }
        self.flush();
        if told { Ok(()) } else { Err(Unreadable) }
    }

    /// The verb that the word is here, if it is one.
    fn verb(&self, at_start: bool) -> Verb {
        let Some(word) = self.words.word() else {
            return Verb::Nothing;
        };
        let verb = verb::of(word, at_start, self.walker.dialect().separates_by_verb());
        match verb {
            Verb::Nothing => verb,
            _ if self.words.is_part_of_a_name() || self.is_harmless(verb) => Verb::Nothing,
            verb => verb,
        }
    }

    /// Whether what is around a verb shows that it is none.
    fn is_harmless(&self, verb: Verb) -> bool {
        let words = &self.words;
        let is_event = words.follows(&["BEFORE", "AFTER", "OF", "OR"]) || words.follows_comma();
        match verb {
            // Privileges are named like verbs.
            _ if self.statement == Verb::Grant => !words.may_start(),
            Verb::Delete => is_event || words.follows(&["ON"]),
            // `FOR UPDATE` and `FOR NO KEY UPDATE` lock what they read.
            Verb::Update => {
                is_event
                    || words.follows(&["ON", "FOR"])
                    || words.follows(&["KEY"]) && words.follows_after_one("NO")
            }
            // `VACUUM (TRUNCATE FALSE)` is about files.
            Verb::Truncate if self.statement == Verb::Vacuum => true,
            // Functions of the same name.
            Verb::Insert | Verb::Truncate => is_event || words.is_called(),
            Verb::Create => words.follows(&["SHOW"]),
            _ => false,
        }
    }

    fn apply(&mut self, verb: Verb) {
        match verb {
            Verb::Nothing => {}
            Verb::Read => {
                self.has_read = true;
                if self
                    .words
                    .follows(&["FROM", "TABLE", "HANDLER", "SUMMARIZE", "PIVOT"])
                {
                    self.sources();
                }
            }
            Verb::Show => self.has_read = true,
            Verb::Insert => self.insert(),
            Verb::Update => self.change(Effect::Update, "UPDATE"),
            Verb::Delete => {
                self.words.skip(&["FROM"]);
                self.change(Effect::Delete, "DELETE");
            }
            Verb::Merge => {
                self.words.skip(&["INTO"]);
                let target = self.target_names();
                for effect in [Effect::Insert, Effect::Update, Effect::Delete] {
                    self.found(effect, "MERGE", &target);
                }
            }
            Verb::Truncate => {
                self.words.skip(&["TABLE"]);
                self.change(Effect::Truncate, "TRUNCATE");
            }
            Verb::Drop => self.drop(),
            Verb::Create => self.object(Effect::Create, "CREATE"),
            Verb::Alter => self.object(Effect::Alter, "ALTER"),
            Verb::Grant => self.grant(),
            Verb::Run => self.run_text("EXECUTE"),
            Verb::Do => self.do_block(),
            Verb::Call => self.told(Effect::Call, "CALL"),
            Verb::Copy => self.copy(),
            Verb::Export => self.told(Effect::Export, "EXPORT"),
            Verb::Import => {
                self.told(Effect::Import, "IMPORT");
                self.told(Effect::Insert, "IMPORT");
            }
            Verb::Admin => self.told(Effect::Admin, "ADMIN"),
            Verb::Vacuum => self.vacuum(),
            Verb::Session => self.told(Effect::Session, "SESSION"),
            Verb::Set => self.set(),
            Verb::Prepare => self.prepare(),
        }
    }

    /// A word that is no verb: names stand behind some of them.
    fn other_word(&mut self, at_start: bool) {
        if self.words.is_cte()
            && let Some(name) = self.words.name()
        {
            self.ctes.insert(name.to_lowercase());
        }
        if self.words.take(&["INTO"]) {
            return self.into();
        }
        if self
            .words
            .take(&["FROM", "JOIN", "USING", "STRAIGHT_JOIN", "APPLY"])
        {
            // `REVOKE … FROM role`, and the columns that a recursive query keeps its way in.
            let is_part = self.statement == Verb::Create && self.words.follows(&["USING"]);
            let is_source =
                !is_part && self.statement != Verb::Grant && !self.words.follows_a_setting();
            if is_source {
                self.sources();
            }
            return;
        }
        // The body of a function: whoever calls it later shows its name only.
        let is_body = self.statement == Verb::Create && self.words.follows(&["AS"]);
        if is_body
            && self.words.has_readable_language()
            && let Some(text) = self.words.text()
        {
            self.walker.texts.push(text.to_owned());
        }
        if self.in_block && at_start && self.words.calls_by_name() {
            self.told(Effect::Call, "CALL");
        }
        self.words.step();
    }

    fn insert(&mut self) {
        let overwrites = self.words.take(&["OVERWRITE"]);
        if overwrites && self.words.take(&["DIRECTORY", "LOCAL"]) {
            return self.told(Effect::Export, "INSERT OVERWRITE DIRECTORY");
        }
        const NOISE: [&str; 12] = [
            "ABORT",
            "DELAYED",
            "FAIL",
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
        self.found(Effect::Insert, "INSERT", &target);
    }

    /// An UPDATE, DELETE or TRUNCATE; without a name of its own it is about the target.
    fn change(&mut self, effect: Effect, operation: &'static str) {
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

    fn drop(&mut self) {
        let in_alter = self.statement == Verb::Alter && !self.words.is_kind_of_object();
        if !in_alter {
            return self.object(Effect::Drop, "DROP");
        }
        // A part of an ALTER; rows go with a partition.
        if self.words.is("PARTITION") || self.words.is("PART") {
            let target = self.target.clone();
            self.found(Effect::Delete, "ALTER TABLE", &target);
        }
    }

    /// CREATE, ALTER or DROP of something.
    fn object(&mut self, effect: Effect, operation: &'static str) {
        if self.words.take(&["SYSTEM"]) {
            return self.told(Effect::Admin, "ALTER SYSTEM");
        }
        let mut kind = ResourceKind::Object;
        while let Some(word) = self.words.word() {
            // `DROP SCHEMA public CASCADE`: the last word is the name, whatever it is.
            match verb::object(word) {
                _ if self.words.is_last_word() => break,
                verb::Object::Noise => {}
                verb::Object::Kind(named) => kind = named,
                verb::Object::Right => return self.told(Effect::Grant, operation),
                verb::Object::Name => break,
            }
            self.words.step();
        }
        let names = self.names(kind);
        self.target.clone_from(&names);
        self.found(effect, operation, &names);
    }

    /// Rights on what stands behind ON.
    fn grant(&mut self) {
        while !self.words.is_end() && !self.words.is("ON") && !self.words.is("TO") {
            self.words.step();
        }
        if !self.words.take(&["ON"]) {
            return self.told(Effect::Grant, "GRANT");
        }
        let mut kind = ResourceKind::Table;
        while let Some(word) = self.words.word() {
            match verb::object(word) {
                verb::Object::Kind(named) if !self.words.is_last_word() => kind = named,
                _ => break,
            }
            self.words.step();
        }
        let names = self.names(kind);
        self.found(Effect::Grant, "GRANT", &names);
    }

    /// `EXECUTE IMMEDIATE '…'`, `EXEC ('…')`: what a literal says is read as well.
    fn run_text(&mut self, operation: &'static str) {
        const RUNNERS: [&str; 5] = [
            "IMMEDIATE",
            "SP_CURSOROPEN",
            "SP_EXECUTESQL",
            "SP_PREPARE",
            "SP_PREPEXEC",
        ];
        let is_text = self.words.take(&RUNNERS) | self.words.take_bracket();
        match self.words.lone_text() {
            Some(text) => self.walker.texts.push(text),
            None if is_text || self.in_block && !self.words.is("FUNCTION") => {
                self.walker
                    .found(Effect::Unknown, operation, Reach::Unknown, []);
            }
            None => self.told(Effect::Call, operation),
        }
    }

    fn do_block(&mut self) {
        // `ON CONFLICT DO UPDATE`, `WHILE x DO`: what follows speaks for itself.
        if self.statement != Verb::Do {
            return;
        }
        let mut readable = true;
        if self.words.take(&["LANGUAGE"]) {
            readable = self.words.is("PLPGSQL") || self.words.is("SQL");
            self.words.step();
        }
        match self.words.text() {
            Some(text) if readable => {
                self.walker.texts.push(text.to_owned());
                self.words.step();
                if self.words.take(&["LANGUAGE"]) && !self.words.is("PLPGSQL") {
                    self.walker.found(Effect::Unknown, "DO", Reach::Unknown, []);
                }
            }
            _ => self.walker.found(Effect::Unknown, "DO", Reach::Unknown, []),
        }
    }

    fn sources(&mut self) {
        // `FROM (t)`; a query in brackets gives no name, and `USING (a)` lists columns.
        if !self.words.follows(&["USING"]) {
            while self.words.take_bracket() {}
        }
        if self.words.text().is_some() {
            let file = Resource {
                kind: ResourceKind::Location,
                name: "file".to_owned(),
            };
            self.found(Effect::Import, "SELECT", &[file]);
        }
        let names = self.named(ResourceKind::Table, false);
        self.reads.extend(names);
    }

    fn target_names(&mut self) -> Vec<Resource> {
        self.target = self.names(ResourceKind::Table);
        self.target.clone()
    }

    fn names(&mut self, kind: ResourceKind) -> Vec<Resource> {
        self.named(kind, true)
    }

    /// The names at this place, those of CTEs left out.
    fn named(&mut self, kind: ResourceKind, calls_count: bool) -> Vec<Resource> {
        let dialect = self.walker.dialect();
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
            let name = name::joined(&idents, dialect).unwrap_or_default();
            found.push(Resource { kind, name });
        }
        found
    }

    fn found(&mut self, effect: Effect, operation: &'static str, resources: &[Resource]) {
        let resources = resources.iter().cloned();
        self.walker
            .found(effect, operation, Reach::Unknown, resources);
    }

    fn told(&mut self, effect: Effect, operation: &'static str) {
        self.walker.found(effect, operation, Reach::Unknown, []);
    }

    /// Reports what is read.
    fn flush(&mut self) {
        let reads: Vec<Resource> = std::mem::take(&mut self.reads).into_iter().collect();
        if self.has_read || !reads.is_empty() {
            self.found(Effect::Read, "SELECT", &reads);
        }
    }
}

#[cfg(test)]
mod tests;
