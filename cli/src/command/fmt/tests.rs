//! What formatting moves, what it leaves, and that twice is once.

use std::path::Path;

use lictor_engine::document;

use super::formatted;
use crate::tree;

fn once(text: &str) -> String {
    let after = formatted(text, "test").unwrap_or_else(|failure| panic!("{failure}"));
    let twice = formatted(&after, "test").unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(after, twice, "formatting twice");
    after
}

#[test]
fn keys_go_where_they_belong_with_their_comments() {
    let before = "# The head of the file.
default: allow   # why

# What is guarded.
apis:
- sql: {at: $.q, dialect: postgres}
  # Its name.
  name: reports


rules:
# The first.
- reason: >
    # No comment, but text.

    More of it.
  # By which it is known.
  id: a
  match: {}
  effect: deny
- {match: {x: 1, a: 2}, effect: deny, reason: 'a, b', id: b}  # last
lictor: v1
# The end.
";
    let after = "# The head of the file.
lictor: v1

# What is guarded.
apis:
# Its name.
- name: reports
  sql: {at: $.q, dialect: postgres}

rules:
# The first.
# By which it is known.
- id: a
  effect: deny
  match: {}
  reason: >
    # No comment, but text.

    More of it.
- {id: b, effect: deny, match: {x: 1, a: 2}, reason: 'a, b'}  # last
default: allow   # why
# The end.
";
    assert_eq!(once(before), after);
}

#[test]
fn cases_are_formatted_too() {
    let before = "cases:\n- {expect: {decision: deny}, sql: DROP TABLE t, name: a}\n- expect: {decision: allow}\n  request: {path: /x, method: GET}\n  name: b\npolicy:\n  rules: []\n  lictor: v1\n";
    let after = "policy:\n  lictor: v1\n  rules: []\ncases:\n- {name: a, sql: DROP TABLE t, expect: {decision: deny}}\n- name: b\n  request: {method: GET, path: /x}\n  expect: {decision: allow}\n";
    assert_eq!(once(before), after);
}

#[test]
fn what_would_change_its_meaning_is_left() {
    // The alias needs its anchor above it.
    let text = "rules: &r []\nlictor: *r\n";
    assert_eq!(once(text), text);
    let text = "a: |+\n  x\n\n\nb: 1\n";
    assert!(once(text).contains("x\n\n"), "{}", once(text));
    let text = "default: \"two\n\n\n  lines  \"\nlictor: v1\n";
    assert_eq!(once(text), "lictor: v1\ndefault: \"two\n\n\n  lines  \"\n");
}

#[test]
fn white_space_is_put_in_place() {
    assert_eq!(
        once("\n\nlictor: v1  \r\n\n\n\nrules: []\n\n"),
        "lictor: v1\n\nrules: []\n"
    );
    assert_eq!(once("lictor: v1"), "lictor: v1\n");
    assert!(formatted("a: [", "test").is_err());
}

#[test]
fn no_comment_is_lost_whatever_the_order() {
    let entries = [
        "# 1\nlictor: v1\n",
        "\n# 2\n# 3\nrules:\n# 4\n- {id: x}\n  # 5\n",
        "default: allow # 6\n",
        "mode:\n  # 7\n  shadow\n",
    ];
    for first in 0..entries.len() {
        for second in 0..entries.len() {
            let mut order: Vec<usize> = (0..entries.len()).collect();
            order.swap(0, first);
            order.swap(1, second);
            let text: String = order.iter().map(|place| entries[*place]).collect();
            let after = once(&text);
            for comment in 1..=7 {
                let comment = format!("# {comment}");
                assert_eq!(
                    after.matches(&comment).count(),
                    1,
                    "{comment} in\n{after}of\n{text}"
                );
            }
            assert!(after.contains("lictor: v1\n"), "{after}");
        }
    }
}

/// Every file of the project that is a policy or holds cases.
fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

fn comments(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim);
    let mut comments: Vec<_> = lines.filter(|line| line.starts_with('#')).collect();
    comments.sort_unstable();
    comments
}

/// Whatever is done to real files: the same meaning, every comment, and the same when done again.
#[test]
fn real_files_with_lines_moved_and_gone_keep_meaning_and_comments() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = Vec::new();
    files(&root.join("policies"), &mut texts);
    files(&root.join("tests/corpus"), &mut texts);
    assert!(texts.len() > 10);
    let mut sound = 0_u32;
    let mut chance = 7_usize;
    for text in &texts {
        for _ in 0..15 {
            let mut lines: Vec<&str> = text.lines().collect();
            for _ in 0..2 {
                chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695);
                let (from, to) = (chance / 7 % lines.len(), chance / 65_537 % lines.len());
                if chance.is_multiple_of(5) && lines.len() > 1 {
                    lines.remove(from);
                } else {
                    lines.swap(from, to);
                }
            }
            let changed = lines.join("\n") + "\n";
            let Ok(before) = document::read(changed.as_bytes()) else {
                continue;
            };
            sound += 1;
            let after = once(&changed);
            let read = document::read(after.as_bytes()).unwrap();
            assert_eq!(tree::json(&before), tree::json(&read), "{changed}");
            assert_eq!(comments(&changed), comments(&after), "{changed}");
        }
    }
    assert!(sound > 50, "{sound}");
}
