//! Statements that move data or change the session, by their words.

use super::Scan;
use super::verb::Verb;
use crate::action::{Effect, Reach, ResourceKind};

impl Scan<'_, '_, '_> {
    /// COPY: out where TO stands, in otherwise.
    pub(super) fn copy(&mut self) {
        let into = self.words.take(&["INTO"]);
        let names = self.names(ResourceKind::Table);
        if into {
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

    /// `VACUUM INTO 'file'` of SQLite writes the whole database there.
    pub(super) fn vacuum(&mut self) {
        let exports = self.words.first_of(&["INTO"]).is_some();
        self.told(
            if exports {
                Effect::Export
            } else {
                Effect::Admin
            },
            "VACUUM",
        );
    }

    pub(super) fn set(&mut self) {
        const SERVER: [&str; 3] = ["GLOBAL", "PERSIST", "PERSIST_ONLY"];
        const RIGHTS: [&str; 4] = ["AUTHORIZATION", "PASSWORD", "ROLE", "SESSION_AUTHORIZATION"];
        self.words.skip(&["LOCAL", "SESSION"]);
        let effect = if self.words.take(&SERVER) {
            Effect::Admin
        } else if self.words.take(&RIGHTS) {
            Effect::Grant
        } else {
            Effect::Session
        };
        self.told(effect, "SET");
    }

    pub(super) fn prepare(&mut self) {
        self.told(Effect::Session, "PREPARE");
        self.words.step();
        if self.words.take(&["FROM"]) {
            match self.words.lone_text() {
                Some(text) => self.walker.texts.push(text),
                None => self
                    .walker
                    .found(Effect::Unknown, "PREPARE", Reach::Unknown, []),
            }
        }
    }

    /// `SELECT … INTO`: a table, variables or a file.
    pub(super) fn into(&mut self) {
        if self.words.is("OUTFILE") || self.words.is("DUMPFILE") {
            self.words.step();
            return self.told(Effect::Export, "INTO OUTFILE");
        }
        let names = self.names(ResourceKind::Table);
        match self.statement {
            Verb::Import => {
                self.found(Effect::Insert, "LOAD DATA", &names);
            }
            _ if self.in_block || names.is_empty() => self.told(Effect::Session, "SELECT INTO"),
            _ => self.found(Effect::Create, "SELECT INTO", &names),
        }
    }
}
