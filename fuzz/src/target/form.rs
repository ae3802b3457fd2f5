//! Forms and query strings: bytes of any sort become pairs or a refusal.
//!
//! Claims: no input panics; no name stands twice, in whatever spelling; what is read is found
//! again under its name; pairs that are written anew are read as the same.

use std::fmt::Write as _;

use lictor_engine::parameters::Parameters;

/// The input is the form.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let form = match Parameters::parse(&text) {
        Ok(form) => form,
        Err(refusal) => {
            assert!(refusal.code.starts_with("parameters."), "{}", refusal.code);
            return;
        }
    };
    let mut written = String::new();
    for (name, value) in form.pairs() {
        if let Ok(found) = form.value(name) {
            assert_eq!(found, Some(value), "another value under the same name");
        }
        escape(&mut written, name);
        written.push('=');
        escape(&mut written, value);
        written.push('&');
    }
    let mut names: Vec<&str> = form.names().collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "a name twice");
    assert_eq!(
        Parameters::parse(&written).as_ref(),
        Ok(&form),
        "read otherwise"
    );
}

fn escape(out: &mut String, text: &str) {
    for byte in text.bytes() {
        let _ = write!(out, "%{byte:02X}");
    }
}
