//! What stands between jwt_authn and the router, and what a client must get because of it.

use std::path::PathBuf;
use std::{env, io};

use lictor_benches::document;
use lictor_lab::workspace;

/// Rules of lictor's document, none of which can match.
const RULES: usize = 10;

/// A filter, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// No filter.
    None,
    /// A filter that holds the body and does nothing else.
    Empty,
    /// Lictor, with rules that let the call through.
    Allowing,
    /// Lictor, with a rule that refuses it.
    Denying,
}

impl Variant {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 4] = [Self::None, Self::Empty, Self::Allowing, Self::Denying];

    /// The name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "no filter",
            Self::Empty => "empty filter",
            Self::Allowing => "lictor allowing",
            Self::Denying => "lictor denying",
        }
    }

    /// The status that every call must get.
    pub const fn status(self) -> u16 {
        match self {
            Self::None | Self::Empty | Self::Allowing => 200,
            Self::Denying => 403,
        }
    }

    /// The module, where there is one.
    ///
    /// # Errors
    ///
    /// When it was not built.
    pub fn module(self) -> io::Result<Option<PathBuf>> {
        match self {
            Self::None => Ok(None),
            Self::Empty => empty_filter().map(Some),
            Self::Allowing | Self::Denying => workspace::module().map(Some),
        }
    }

    /// The module's configuration.
    pub fn policy(self) -> String {
        match self {
            Self::None | Self::Empty => "nothing".to_owned(),
            Self::Allowing => document::text(RULES),
            Self::Denying => document::text_that_denies(RULES),
        }
    }
}

fn empty_filter() -> io::Result<PathBuf> {
    let path = env::var_os("EMPTY_FILTER_WASM").map_or_else(
        || workspace::target().join("empty-filter.wasm"),
        PathBuf::from,
    );
    path.canonicalize().map_err(|cause| {
        let message = format!(
            "`{}` is missing: `cargo xtask bench` builds it",
            path.display()
        );
        io::Error::new(cause.kind(), message)
    })
}
