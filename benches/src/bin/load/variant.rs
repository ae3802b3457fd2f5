//! What stands between jwt_authn and the router, and what a client must get because of it.

use std::path::PathBuf;
use std::{env, io};

use lictor_benches::{document, policy};
use lictor_lab::workspace;

/// Rules of lictor's document, none of which can match.
const RULES: usize = 10;

/// Recommended where speed counts: see `docs/operations.md`.
const TEXT_LINE: &str = include_str!("../../../../envoy/text_line.yaml");
const RECORD_AS_TEXT: &str = "record: {as: member}\n";

const OBJECT_LINE: &str = include_str!("../../../load/object_line.yaml");
const RECORD_AS_OBJECT: &str = "record: {as: struct}\n";

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
    /// Lictor letting the call through, its record logged from an object.
    Object,
    /// Lictor with a hundred rules as people write them; not part of the rounds.
    Hundred,
}

impl Variant {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Empty,
        Self::Allowing,
        Self::Denying,
        Self::Object,
    ];

    /// The name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "no filter",
            Self::Empty => "empty filter",
            Self::Allowing => "lictor allowing",
            Self::Denying => "lictor denying",
            Self::Object => "lictor allowing, record as object",
            Self::Hundred => "lictor with a hundred rules",
        }
    }

    /// The status that every call must get.
    pub const fn status(self) -> u16 {
        match self {
            Self::None | Self::Empty | Self::Allowing | Self::Object | Self::Hundred => 200,
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
            Self::Allowing | Self::Denying | Self::Object | Self::Hundred => {
                workspace::module().map(Some)
            }
        }
    }

    /// The module's configuration.
    pub fn policy(self) -> String {
        match self {
            Self::None | Self::Empty => "nothing".to_owned(),
            Self::Allowing => RECORD_AS_TEXT.to_owned() + &document::text(RULES),
            Self::Denying => RECORD_AS_TEXT.to_owned() + &document::text_that_denies(RULES),
            Self::Object => RECORD_AS_OBJECT.to_owned() + &document::text(RULES),
            Self::Hundred => RECORD_AS_TEXT.to_owned() + &policy::hundred(),
        }
    }

    /// The access log's format.
    pub const fn log_format(self) -> &'static str {
        match self {
            Self::None | Self::Empty | Self::Allowing | Self::Denying | Self::Hundred => TEXT_LINE,
            Self::Object => OBJECT_LINE,
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
