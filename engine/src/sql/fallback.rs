//! A statement that the parser does not know, by its words alone.
//!
//! Guarantees that no verb of it is missed: a word that changes something counts wherever it
//! stands, unless what is around it shows that it can't be a verb there. Names are told by
//! where they stand, reach only where no word could bound it. One pass over the tokens.

mod block;
mod called;
mod code;
mod cursor;
mod data;
mod foreign;
mod object;
mod verb;

use std::collections::BTreeSet;

use sqlparser::tokenizer::Token;

pub(super) use self::block::starts_block;
use self::cursor::Cursor;
pub(super) use self::foreign::is_foreign;
use self::verb::Verb;
use super::gap::Gap;
use super::place::Place;
use super::walk::{Walker, location};
use crate::action::{Effect, Reach, Resource};

/// Why a statement can't be read by its words.
pub(super) enum Unreadable {
    /// It does not start with a verb that is known.
    NoVerb,
    /// Reading it would cost too much.
    TooMuch,
}

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
        attached: None,
        starts: true,
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
    /// What is done to an object that belongs to the table behind ON.
    attached: Option<(Effect, &'static str)>,
    /// Whether a statement starts here, whatever comes before.
    starts: bool,
    has_read: bool,
}

impl Scan<'_, '_, '_> {
    fn run(&mut self) -> Result<(), Unreadable> {
        while self.words.is_bracket() {
            self.words.step();
        }
        // What an unknown verb does can't be told, whatever verbs come behind it.
        if !self.in_block && self.verb(true) == Verb::Nothing {
            return Err(Unreadable::NoVerb);
        }
        if is_foreign(self.words.word(), self.walker.dialect()) {
            self.unknown("EXECUTE", Gap::NotParsed);
        }
        while !self.words.is_over() {
            let at_start = std::mem::take(&mut self.starts) || self.words.may_start();
            let verb = self.verb(at_start);
            if self.words.follows_end() && is_foreign(self.words.word(), self.walker.dialect()) {
                self.unknown("EXECUTE", Gap::NotParsed);
            }
            if verb == Verb::Nothing {
                self.other_word(at_start);
                continue;
            }
            if at_start || self.statement == Verb::Nothing {
                self.statement = verb;
            }
            self.words.step();
            self.apply(verb);
        }
        self.flush();
        if self.words.is_spent() {
            return Err(Unreadable::TooMuch);
        }
        Ok(())
    }

    /// The verb that the word is here, if it is one.
    fn verb(&self, at_start: bool) -> Verb {
        let Some(word) = self.words.word() else {
            return Verb::Nothing;
        };
        let verb = verb::of(word, at_start, self.walker.dialect().separates_by_verb());
        match verb {
            Verb::Nothing => verb,
            _ if self.words.is_part_of_a_name() || self.is_harmless(verb, at_start) => {
                Verb::Nothing
            }
            verb => verb,
        }
    }

    /// Whether what is around a verb shows that it is none.
    fn is_harmless(&self, verb: Verb, at_start: bool) -> bool {
        let words = &self.words;
        // `ON DELETE CASCADE`; `SET NOCOUNT ON` ends with the same word.
        let is_made = matches!(self.statement, Verb::Create | Verb::Alter);
        let is_event = words.follows(&["BEFORE", "AFTER", "OF", "OR"]) || words.follows_comma();
        match verb {
            // Privileges are named like verbs.
            _ if self.statement == Verb::Grant => !words.may_start(),
            Verb::Update | Verb::Drop if words.is_before_histogram() => true,
            Verb::Delete => is_event || words.follows(&["ON"]) && is_made,
            // `FOR UPDATE` and `FOR NO KEY UPDATE` lock what they read.
            Verb::Update => {
                is_event
                    || words.follows(&["FOR"])
                    || words.follows(&["ON"]) && is_made
                    || words.follows(&["KEY"]) && words.follows_after_one("NO")
            }
            // `VACUUM (TRUNCATE FALSE)` is about files.
            Verb::Truncate if self.statement == Verb::Vacuum => true,
            // Functions of the same name.
            Verb::Insert | Verb::Truncate => is_event || words.is_called(),
            // A column that goes by another name: `* REPLACE (a AS b)`, `* REPLACE a AS b`.
            Verb::Replace => words.is_called() || !at_start && !words.replaces_rows(),
            Verb::Apply => !words.is_before(&["CHANGES"]),
            Verb::Alter if words.is_called() => true,
            // Inside a statement it joins, or names what a change compares with.
            Verb::Opaque => words.is("USING") && self.statement != Verb::Nothing,
            Verb::Call => !at_start && !words.is_before_name(),
            Verb::Merge => words.is_before(&["JOIN", "UNION"]),
            // `RETURN` ends a query over a graph.
            Verb::Flow => self.statement == Verb::Read && !self.in_block,
            Verb::Create => words.follows(&["SHOW"]),
            _ => false,
        }
    }

    fn apply(&mut self, verb: Verb) {
        match verb {
            Verb::Nothing => {}
            Verb::Read => self.read(),
            Verb::Show => self.has_read = true,
            Verb::Insert | Verb::Replace => self.insert(verb),
            Verb::Update => self.change(Effect::Update, "UPDATE"),
            Verb::Delete => {
                self.words.skip(&["FROM"]);
                self.change(Effect::Delete, "DELETE");
            }
            Verb::Merge => self.merge("MERGE", &["INTO"]),
            Verb::Apply => self.merge("APPLY CHANGES", &["CHANGES", "INTO"]),
            Verb::Truncate => {
                self.words.skip(&["TABLE"]);
                self.change(Effect::Truncate, "TRUNCATE");
            }
            Verb::Drop => self.drop(),
            Verb::Create => self.object(Effect::Create, "CREATE"),
            Verb::Alter => self.alter(),
            Verb::Grant => self.grant(),
            Verb::Run => self.execute(),
            Verb::Do => self.do_block(),
            Verb::Call => self.call(),
            Verb::Copy => self.copy(),
            Verb::Export => self.told(Effect::Export, "EXPORT"),
            Verb::Unload => self.unload(),
            Verb::Import => {
                self.told(Effect::Import, "IMPORT");
                self.told(Effect::Insert, "IMPORT");
            }
            Verb::Add => {
                self.told(Effect::Import, "ADD");
                self.told(Effect::Admin, "ADD");
            }
            Verb::Restore => self.restore(),
            Verb::Admin => self.told(Effect::Admin, "ADMIN"),
            Verb::Vacuum => self.vacuum(),
            Verb::Session | Verb::Flow => {
                if self.words.follows(&["USE"]) {
                    self.walker.place = Place::Unknown;
                }
                self.told(Effect::Session, "SESSION");
            }
            Verb::Start => self.start(),
            Verb::Detach => self.detach(),
            Verb::Purge => self.purge(),
            Verb::Remove => self.found(Effect::Delete, "REMOVE", &[location("stage")]),
            Verb::Pragma => self.pragma(),
            Verb::Set => self.told(Effect::Session, "SET"),
            Verb::Reset => self.reset(),
            Verb::Prepare => self.prepare(),
            Verb::Opaque => self.unknown("UNKNOWN", Gap::NotParsed),
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
        if self.attached.is_some() && self.words.take(&["ON"]) {
            return self.attach();
        }
        if self.statement == Verb::Alter && self.other_table() {
            return;
        }
        self.note_code(at_start);
        self.note_called();
        self.note_rights();
        self.words.step();
    }

    fn found(&mut self, effect: Effect, operation: &'static str, resources: &[Resource]) {
        let resources = resources.iter().cloned();
        self.walker
            .found(effect, operation, Reach::Unknown, resources);
    }

    fn told(&mut self, effect: Effect, operation: &'static str) {
        self.walker.found(effect, operation, Reach::Unknown, []);
    }

    fn unknown(&mut self, operation: &'static str, gap: Gap) {
        self.walker.gaps.insert(gap);
        self.told(Effect::Unknown, operation);
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
