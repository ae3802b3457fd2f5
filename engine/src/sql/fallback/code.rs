//! Verbs that run something: procedures, prepared statements, SQL in strings, blocks.
//!
//! SQL that is made at run time is unknown.

use super::Scan;
use super::verb::{self, Verb};
use crate::action::{Effect, ResourceKind};
use crate::sql::Dialect;
use crate::sql::function::{self, Reaching};
use crate::sql::gap::Gap;
use crate::sql::name;
use crate::sql::walk::{location, runs_its_text};

impl Scan<'_, '_, '_> {
    /// `EXECUTE IMMEDIATE '…'`, `EXEC ('…')`, `EXEC procedure`.
    pub(super) fn execute(&mut self) {
        // `EXECUTE AS USER`: with the rights of somebody else.
        if self.words.take(&["AS"]) {
            // Of a procedure it says whose rights it will have.
            let effect = if self.statement == Verb::Create {
                Effect::Create
            } else {
                Effect::Grant
            };
            return self.told(effect, "EXECUTE AS");
        }
        let is_text = self.words.take(&["IMMEDIATE"]) | self.words.take_bracket();
        // What a database makes of a trigger's `EXECUTE FUNCTION` is made then.
        let by_name = !self.in_block
            || self.words.is("FUNCTION")
            || self.walker.dialect().separates_by_verb();
        match self.words.lone_text() {
            Some(text) => {
                self.walker.texts.push(text);
                if self.words.goes_elsewhere() {
                    self.told(Effect::Unknown, "EXECUTE");
                }
            }
            None if is_text || !by_name => self.unknown("EXECUTE", Gap::TextMadeAtRunTime),
            None => self.procedure("EXECUTE"),
        }
    }

    pub(super) fn call(&mut self) {
        self.procedure("CALL");
    }

    /// The procedure or the prepared statement of the name at this place.
    fn procedure(&mut self, operation: &'static str) {
        self.words.skip_result();
        self.words.skip(&["FUNCTION", "PROCEDURE", "TASK"]);
        let Some(idents) = self.words.dotted() else {
            return self.told(Effect::Call, operation);
        };
        let last = idents.last().map(|ident| ident.value.to_lowercase());
        let last = last.unwrap_or_default();
        if operation == "EXECUTE" && self.walker.is_prepared(&idents) {
            return self.told(Effect::Session, operation);
        }
        if runs_its_text(&last) {
            self.words.take_bracket();
            self.words.skip_result();
            match self.words.lone_text() {
                Some(text) => self.walker.texts.push(text),
                None => self.unknown(operation, Gap::TextMadeAtRunTime),
            }
            return;
        }
        let dialect = self.walker.dialect();
        if last.starts_with('@') {
            self.unknown(operation, Gap::NameMadeAtRunTime);
        }
        let function = crate::action::Resource {
            kind: ResourceKind::Function,
            name: name::joined_idents(&idents, dialect),
        };
        let known = function::named(&last, dialect).map(|(_, reaching)| reaching);
        match known {
            Some(Reaching::Does(Effect::Read)) => self.has_read = true,
            Some(reaching) => self.found(
                reaching.effect(),
                operation,
                std::slice::from_ref(&function),
            ),
            None => {}
        }
        if !matches!(known, Some(Reaching::Does(Effect::Read))) {
            self.found(Effect::Call, operation, &[function]);
        }
    }

    pub(super) fn do_block(&mut self) {
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
                    self.unknown("DO", Gap::TextUnreadable);
                }
            }
            _ => self.unknown("DO", Gap::TextUnreadable),
        }
    }

    pub(super) fn prepare(&mut self) {
        self.told(Effect::Session, "PREPARE");
        if self.words.is("TRANSACTION") {
            return;
        }
        let name = self.words.ident();
        self.words.step();
        if !self.words.take(&["FROM"]) {
            if !self.words.is("AS") && !self.words.is_bracket() {
                self.unknown("PREPARE", Gap::TextMadeAtRunTime);
            }
            return;
        }
        if let Some(text) = self.words.lone_text() {
            self.walker.texts.push(text);
        } else if self.words.word().is_some_and(verb::starts) {
            self.starts = true;
        } else {
            return self.unknown("PREPARE", Gap::TextMadeAtRunTime);
        }
        // In a block it may or may not be prepared here.
        if let Some(name) = name.filter(|_| !self.in_block) {
            self.walker.prepares(&name);
        }
    }

    /// `UNLOAD ('SELECT …') TO …`
    pub(super) fn unload(&mut self) {
        self.told(Effect::Export, "UNLOAD");
        self.words.take_bracket();
        self.walker.texts.extend(self.words.lone_text());
    }

    /// Code that a word other than a verb runs or brings.
    pub(super) fn note_code(&mut self, at_start: bool) {
        // The rows of a dictionary of ClickHouse lie where its source says.
        if self.statement == Verb::Create
            && self.walker.dialect() == Dialect::Clickhouse
            && self.words.is("SOURCE")
            && self.words.is_called()
        {
            let is_program = self.words.is_around(&["EXECUTABLE", "EXECUTABLEPOOL"]);
            let is_file = self.words.is_around(&["FILE"]);
            let is_place = self.words.is_around(&["HTTP"]);
            let place = match (is_file, is_place) {
                (true, _) => "file",
                (_, true) => "url",
                _ => "server",
            };
            self.found(Effect::Import, "CREATE DICTIONARY", &[location(place)]);
            if is_program {
                self.unknown("CREATE DICTIONARY", Gap::NotParsed);
            }
        }
        // The body of a function: whoever calls it later shows its name only.
        let is_body = self.statement == Verb::Create && self.words.follows(&["AS"]);
        if is_body
            && let Some(text) = self.words.text()
            && self.words.has_readable_language()
        {
            self.walker.texts.push(text.to_owned());
        }
        // Blocks of Oracle call by the name alone.
        if self.in_block && at_start && self.words.calls_by_name() {
            self.told(Effect::Call, "CALL");
        }
        // Tools run what comes behind GO apart, where SQL Server needs no EXEC.
        if self.words.follows(&["GO"])
            && self.walker.dialect().separates_by_verb()
            && self.words.word().is_some_and(|word| !verb::starts(word))
        {
            self.unknown("EXECUTE", Gap::NotParsed);
        }
        // `WITH p AS PROCEDURE () … CALL p()` of Snowflake.
        if self.words.is("PROCEDURE") && self.words.follows(&["AS"]) {
            self.unknown("CALL", Gap::TextUnreadable);
        }
    }
}
