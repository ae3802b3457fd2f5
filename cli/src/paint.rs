//! Colours, on a terminal only.

use std::io::{IsTerminal as _, stderr, stdout};

/// Whether text gets colours.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    colours: bool,
}

impl Paint {
    /// No colours.
    #[cfg(test)]
    pub const NONE: Self = Self { colours: false };

    /// Colours where a person looks, unless `NO_COLOR` asks for none.
    pub fn for_standard_output() -> Self {
        Self::where_it_is_wanted(stdout().is_terminal())
    }

    /// The same for what goes to standard error.
    pub fn for_standard_error() -> Self {
        Self::where_it_is_wanted(stderr().is_terminal())
    }

    fn where_it_is_wanted(is_terminal: bool) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            colours: is_terminal && !refused,
        }
    }

    /// Bold.
    pub fn heading(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Red.
    pub fn bad(self, text: &str) -> String {
        self.wrap("31", text)
    }

    /// Green.
    pub fn good(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// Grey.
    pub fn quiet(self, text: &str) -> String {
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
