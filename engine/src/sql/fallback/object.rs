//! Verbs that make, change and remove objects, and those of the server and the session.

use super::Scan;
use super::verb::{self, Verb};
use crate::action::{Effect, ResourceKind};
use crate::sql::Dialect;
use crate::sql::place::{Place, moves};
use crate::sql::setting;
use crate::sql::walk::only_tells;

impl Scan<'_, '_, '_> {
    /// CREATE, ALTER or DROP of something.
    pub(super) fn object(&mut self, effect: Effect, operation: &'static str) {
        let mut kind = ResourceKind::Object;
        let mut replaces = false;
        self.attached = None;
        while let Some(word) = self.words.word() {
            // `DROP SCHEMA public CASCADE`: the last word is the name, whatever it is.
            match verb::object(word) {
                _ if self.words.is_last_word() => break,
                // Its rows lie outside of the database.
                verb::Object::Noise if word.eq_ignore_ascii_case("external") => {
                    self.told(Effect::Import, operation);
                }
                verb::Object::Noise => {
                    replaces |= effect == Effect::Create && word.eq_ignore_ascii_case("replace");
                }
                verb::Object::Kind(named) => {
                    kind = named;
                    self.attached = verb::belongs_to_table(word).then_some((effect, operation));
                }
                verb::Object::Right => {
                    if effect == Effect::Drop {
                        self.told(effect, operation);
                    }
                    return self.told(Effect::Grant, operation);
                }
                verb::Object::Name => break,
            }
            self.words.step();
        }
        let mut names = self.names(kind);
        // `EXCHANGE TABLES a AND b`
        if effect == Effect::Alter && self.words.take(&["AND"]) {
            names.extend(self.names(kind));
        }
        self.target.clone_from(&names);
        if replaces && kind == ResourceKind::Table {
            self.found(Effect::Drop, "CREATE OR REPLACE TABLE", &names);
        }
        self.found(effect, operation, &names);
    }

    /// A second table that an ALTER is about: what a partition is exchanged with or moved to.
    pub(super) fn other_table(&mut self) -> bool {
        let names_it = (self.words.is("WITH") || self.words.is("TO"))
            && self.words.is_before(&["TABLE"])
            || self.words.is("TO") && self.words.follows_switch();
        if names_it {
            self.words.step();
            self.words.skip(&["TABLE"]);
            let names = self.names(ResourceKind::Table);
            self.found(Effect::Alter, "ALTER TABLE", &names);
        }
        names_it
    }

    /// The table that an index, a rule or a trigger belongs to.
    pub(super) fn attach(&mut self) {
        let names = self.names(ResourceKind::Table);
        if let Some((effect, operation)) = self.attached.take() {
            self.found(effect, operation, &names);
        }
    }

    /// Rights on what stands behind ON.
    pub(super) fn grant(&mut self) {
        if self.words.follows(&["REVERT", "SETUSER"]) {
            self.statement = Verb::Nothing;
            return self.told(Effect::Grant, "GRANT");
        }
        self.rights();
        // To whom: behind that a verb starts the next statement.
        if self.walker.dialect().separates_by_verb() {
            while !self.words.is_end() && !self.words.take(&["TO", "FROM"]) {
                self.words.step();
            }
            self.statement = Verb::Nothing;
        }
    }

    fn rights(&mut self) {
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

    pub(super) fn alter(&mut self) {
        const SERVER: [&str; 6] = [
            "ACCOUNT",
            "INSTANCE",
            "ORGANIZATION",
            "RESOURCE",
            "SERVICE",
            "SYSTEM",
        ];
        if self.words.is("SERVER") && self.words.is_before(&["CONFIGURATION", "AUDIT"])
            || SERVER.iter().any(|word| self.words.is(word))
        {
            return self.told(Effect::Admin, "ALTER SYSTEM");
        }
        if self.words.take(&["SESSION"]) {
            self.walker.place = Place::Unknown;
            return self.told(Effect::Session, "ALTER SESSION");
        }
        if self.words.take(&["AUTHORIZATION"]) {
            return self.told(Effect::Grant, "ALTER AUTHORIZATION");
        }
        if self.words.is("DATABASE") {
            self.told(Effect::Admin, "ALTER DATABASE");
        }
        self.object(Effect::Alter, "ALTER");
    }

    pub(super) fn drop(&mut self) {
        let in_alter = self.statement == Verb::Alter && !self.words.is_kind_of_object();
        if !in_alter {
            if self.words.take(&["OWNED"]) {
                self.told(Effect::Grant, "DROP OWNED");
                return self.told(Effect::Drop, "DROP OWNED");
            }
            return self.object(Effect::Drop, "DROP");
        }
        // A part of an ALTER; rows go with a partition.
        self.words.skip(&["IF", "EXISTS"]);
        if self.words.is("PARTITION") || self.words.is("PART") || self.words.is("DETACHED") {
            let target = self.target.clone();
            self.found(Effect::Delete, "ALTER TABLE", &target);
        }
    }

    /// Logs of the server, or what was dropped before.
    pub(super) fn purge(&mut self) {
        if self.words.take(&["BINARY", "MASTER"]) {
            return self.told(Effect::Admin, "PURGE");
        }
        self.object(Effect::Drop, "PURGE");
    }

    /// A table of ClickHouse is gone until somebody attaches it again.
    pub(super) fn detach(&mut self) {
        if self.walker.dialect() == Dialect::Clickhouse {
            return self.object(Effect::Drop, "DETACH");
        }
        self.told(Effect::Session, "DETACH");
    }

    /// Words inside a statement that give somebody rights, or take guards away.
    pub(super) fn note_rights(&mut self) {
        match self.statement {
            Verb::Alter => {
                let gives = self.words.is("OWNER") && self.words.is_before(&["TO"])
                    || self.words.is("SECURITY") && self.words.follows(&["LEVEL"])
                    || self.words.is("POLICY");
                if gives {
                    self.told(Effect::Grant, "ALTER");
                }
            }
            Verb::Set => self.set(),
            _ => {}
        }
    }

    /// A word of SET that says more than that something is set.
    fn set(&mut self) {
        if self.words.word().is_some_and(moves) {
            self.walker.place = Place::Unknown;
        }
        let word = self.words.word().unwrap_or_default();
        let effect = if word.eq_ignore_ascii_case("authorization") {
            Effect::Grant
        } else {
            setting::effect(word, None, self.walker.dialect())
        };
        if effect != Effect::Session {
            self.told(effect, "SET");
        }
    }

    /// A setting of the session, the rights it had at first, or the state of a server.
    pub(super) fn reset(&mut self) {
        self.words.skip(&["SESSION"]);
        let is_server = matches!(self.walker.dialect(), Dialect::Mysql | Dialect::Mariadb);
        let effect = if self.words.take(&["AUTHORIZATION", "ROLE"]) {
            Effect::Grant
        } else if is_server {
            Effect::Admin
        } else {
            Effect::Session
        };
        self.told(effect, "RESET");
    }

    /// Transactions start, and so do parts of a server.
    pub(super) fn start(&mut self) {
        let is_server = self.words.word().is_some() && !self.words.is("TRANSACTION");
        let effect = if is_server {
            Effect::Admin
        } else {
            Effect::Session
        };
        self.told(effect, "START");
    }

    pub(super) fn pragma(&mut self) {
        let name = self.words.name().unwrap_or_default().to_lowercase();
        if only_tells(&name) && !self.words.assigns() {
            self.has_read = true;
        } else {
            self.told(Effect::Admin, "PRAGMA");
        }
    }
}
