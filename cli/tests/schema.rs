//! The `lictor schema` command as others run it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use process::lictor;

#[test]
fn the_schema_is_printed_for_people_and_for_programs() {
    let people = lictor(&["schema"], "").ended(0);
    let program = lictor(&["schema", "--json"], "").ended(0);
    assert_eq!(people.json(), program.json());
    assert!(people.out.lines().count() > 100 && program.out.lines().count() == 1);
    let dialects = people.json();
    assert!(dialects.to_string().contains("\"clickhouse\""));
}
