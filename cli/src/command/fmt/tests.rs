//! What formatting moves, what it leaves, and that twice is once.

use super::formatted;

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
