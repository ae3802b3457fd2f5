//! Colours, on a terminal only.

use std::io::{IsTerminal as _, stdout};

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
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            colours: stdout().is_terminal() && !refused,
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
