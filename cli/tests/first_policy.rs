//! The tutorial, followed step by step: its files are written, its commands run, and what they
//! print is what stands there. A line `…` stands for any lines, and so does the rest after one.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use process::Folder;

/// A block of the tutorial: what stands behind its fence, and its lines.
struct Block {
    name: String,
    text: String,
}

fn blocks(tutorial: &str) -> Vec<Block> {
    let parts = tutorial.split("```");
    let inside = parts.skip(1).step_by(2);
    inside
        .filter_map(|part| {
            let (name, text) = part.split_once('\n')?;
            Some(Block {
                name: name.to_owned(),
                text: text.to_owned(),
            })
        })
        .collect()
}

/// Runs a line as a shell would, with the command under test first on the path.
fn shell(folder: &Folder, line: &str) -> (String, i32) {
    let own = Path::new(env!("CARGO_BIN_EXE_lictor"))
        .parent()
        .expect("a folder");
    let path = env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", own.display()))
        .output()
        .expect("a shell");
    let text = String::from_utf8(output.stdout).expect("text");
    let errors = String::from_utf8(output.stderr).expect("text");
    (text + &errors, output.status.code().expect("an exit code"))
}

/// Whether lines are as expected.
fn fits(expected: &[&str], found: &[&str]) -> bool {
    match (expected.split_first(), found.split_first()) {
        (None, None) => true,
        (Some((&"…", rest)), _) => (0..=found.len()).any(|skip| fits(rest, &found[skip..])),
        (Some((line, rest)), Some((own, others))) => {
            let is_same = match line.strip_suffix('…') {
                Some(start) => own.starts_with(start),
                None => line.trim_end() == own.trim_end(),
            };
            is_same && fits(rest, others)
        }
        _ => false,
    }
}

#[test]
fn whoever_follows_the_tutorial_sees_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tutorial = fs::read_to_string(root.join("docs/first-policy.md")).expect("readable");
    let folder = Folder::new();
    let (mut commands, mut code) = (0, 0);
    for block in blocks(&tutorial) {
        if let Some(file) = block.name.strip_prefix("yaml ") {
            folder.write(file, &block.text);
            continue;
        }
        assert_eq!(block.name, "console");
        for step in format!("\n{}", block.text).split("\n$ ").skip(1) {
            let (line, expected) = step.split_once('\n').unwrap_or((step, ""));
            let (found, ended) = match line {
                "echo $?" => (format!("{code}\n"), 0),
                _ => shell(&folder, line),
            };
            commands += 1;
            code = ended;
            let expected: Vec<&str> = expected.lines().collect();
            let lines: Vec<&str> = found.lines().collect();
            assert!(
                fits(&expected, &lines),
                "$ {line}\nexpected\n{expected:#?}\nfound\n{found}"
            );
        }
    }
    assert!(commands >= 10, "{commands} commands only");
}
