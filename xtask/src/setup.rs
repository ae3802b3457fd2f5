//! Finds what a command needs on this machine, and installs what it does not find.
//!
//! One file per thing. Each looks for what is there first, so that a second run starts at
//! once; each ends in the thing itself or in a failure that says how a person can get it.
//! Our own copies live in `target/tools`.

mod apt;
mod cargo_install;
mod python;

pub mod cargo_deny;
pub mod envoy;
pub mod etcd;
pub mod node;
pub mod peers;
pub mod postgraphile;
pub mod postgres;
pub mod wasm_bindgen_runner;
pub mod wasm_opt;
pub mod wasm_toolchain;

/// Says what was found or is being done.
fn say(text: impl std::fmt::Display) {
    eprintln!("    {text}");
}

/// A `major.minor` version, compared number by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u32, u32);

impl Version {
    /// The first word that is a `major.minor`, or such a version after a `v`.
    fn first_in(text: &str) -> Option<Self> {
        text.split_whitespace()
            .find_map(|word| Self::parse(word.trim_start_matches('v')))
    }

    fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.split('.');
        Some(Self(
            numbers.next()?.parse().ok()?,
            numbers.next()?.parse().ok()?,
        ))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_found_in_what_each_tool_prints() {
        assert_eq!(Version::first_in("v20.20.2\n"), Some(Version(20, 20)));
        assert_eq!(
            Version::first_in("rustc 1.96.0 (ac68faa20 2026-05-25)"),
            Some(Version(1, 96))
        );
        assert_eq!(Version::first_in("no version here"), None);
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(Version(1, 9) < Version(1, 35));
        assert!(Version(2, 0) > Version(1, 40));
    }
}
