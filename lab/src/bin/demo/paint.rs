//! Colours, on a terminal only.

use std::io::{IsTerminal as _, stdout};

/// Whether text gets colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    colours: bool,
}

impl Paint {
    /// Colours where a person looks, unless `NO_COLOR` asks for none.
    pub(crate) fn for_standard_output() -> Self {
        Self {
            colours: stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    /// Green.
    pub(crate) fn good(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// Red.
    pub(crate) fn bad(self, text: &str) -> String {
        self.wrap("31", text)
    }

    /// Bold.
    pub(crate) fn heading(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Grey.
    pub(crate) fn quiet(self, text: &str) -> String {
        self.wrap("2", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
