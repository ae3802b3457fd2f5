//! The worst texts of SQL that we know of: what hides a statement, what doubles the work with
//! each level, what nests deep enough to exhaust a stack, what fills memory.

/// What may become of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It drops the table `orders` in some database: it must not pass.
    Stopped,
    /// It may pass or not, as long as it costs this one call at most.
    Either,
}

/// A text with what it is, in a few words.
#[derive(Debug, Clone)]
pub struct Worst {
    /// What it is.
    pub what: String,
    /// The text.
    pub text: String,
    /// What may become of it.
    pub fate: Fate,
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Worst> {
    let groups = [hidden(), doubling(), chains(), nested(), large()];
    groups.into_iter().flatten().collect()
}

fn worst(what: impl Into<String>, text: impl Into<String>, fate: Fate) -> Worst {
    Worst {
        what: what.into(),
        text: text.into(),
        fate,
    }
}

fn hidden() -> Vec<Worst> {
    let texts = [
        ("END", "SELECT 1 END; DROP TABLE orders"),
        (
            "END in a block",
            "BEGIN SELECT 1 END; DROP TABLE orders; END",
        ),
        ("carriage return", "SELECT 1 --\r; DROP TABLE orders"),
        ("version comment", "SELECT 1 /*! ; DROP TABLE orders */"),
        (
            "MariaDB's version comment",
            "SELECT 1 /*M! ; DROP TABLE orders */",
        ),
        (
            "comment in a comment",
            "SELECT 1 /* /* */; DROP TABLE orders; /* */ */",
        ),
        ("dollars", "SELECT 1$$; DROP TABLE orders; SELECT 1$$"),
        ("backslash", "SELECT '\\'; DROP TABLE orders; --'"),
        (
            "backslash and quote",
            "SELECT '\\''; DROP TABLE orders; --'",
        ),
        ("EXECUTE IMMEDIATE", "EXECUTE IMMEDIATE 'DROP TABLE orders'"),
        ("DO", "DO $$ BEGIN DROP TABLE orders; END $$"),
    ];
    let texts = texts.into_iter();
    texts
        .map(|(what, text)| worst(what, text, Fate::Stopped))
        .collect()
}

/// Each level is parsed twice by a parser that looks ahead.
fn doubling() -> Vec<Worst> {
    let prefixes = [
        "b.CEIL(",
        "b.FLOOR(",
        "b.TRIM(",
        "b.SUBSTRING(",
        "b.SUBSTR(",
        "b.NOT(",
        "b.INTERVAL(",
        "POSITION(",
    ];
    let texts = prefixes.iter().flat_map(|prefix| {
        [12, 24, 40].map(|depth| {
            let text = format!("SELECT {}1{}", prefix.repeat(depth), ")".repeat(depth));
            worst(format!("{depth} of {prefix}"), text, Fate::Either)
        })
    });
    texts.collect()
}

/// Trees that lean to one side are built in a loop and freed by recursion.
fn chains() -> Vec<Worst> {
    let links = [
        " AND a",
        " OR a",
        " || a",
        "::int",
        " -> a",
        " LIKE a",
        " IS NULL",
        " COLLATE c",
        " + a",
        " REGEXP a",
        " DIV a",
    ];
    let in_conditions = links.iter().flat_map(|link| {
        [240, 1_990, 9_000].map(|length| {
            let mut chain = link.repeat(length);
            chain.truncate(65_000);
            let text = format!("SELECT 1 FROM orders WHERE a{chain}");
            worst(format!("{length} of{link}"), text, Fate::Either)
        })
    });
    let members = [510, 1_020, 3_000].into_iter().flat_map(|length| {
        let selects = format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(length));
        let ctes: Vec<_> = (0..length)
            .map(|at| format!("c{at} AS (SELECT 1)"))
            .collect();
        let ctes = format!("WITH {} SELECT 1", ctes.join(", "));
        [
            worst(format!("{length} of UNION"), selects, Fate::Either),
            worst(format!("{length} CTEs"), ctes, Fate::Either),
        ]
    });
    in_conditions.chain(members).collect()
}

fn nested() -> Vec<Worst> {
    let shapes = [
        ("brackets", "SELECT ", "(", "1", ")"),
        (
            "subqueries",
            "SELECT * FROM ",
            "(SELECT * FROM ",
            "orders",
            ") x",
        ),
        ("scalar subqueries", "SELECT ", "(SELECT ", "1", ")"),
        (
            "EXISTS",
            "SELECT 1 WHERE ",
            "EXISTS (SELECT 1 WHERE ",
            "true",
            ")",
        ),
        ("joins", "SELECT * FROM ", "(orders JOIN ", "orders", ")"),
        ("CTEs", "", "WITH a AS (", "SELECT 1", ") SELECT 1"),
        ("CASE", "SELECT ", "CASE WHEN a THEN ", "1", " END"),
        ("NOT", "SELECT ", "NOT ", "1", ""),
        ("types", "SELECT a::", "ARRAY<", "int", ">"),
        ("EXPLAIN", "", "EXPLAIN ", "SELECT 1", ""),
        ("blocks", "", "BEGIN ", "SELECT 1; ", "END; "),
        (
            "MATCH_RECOGNIZE",
            "SELECT * FROM orders MATCH_RECOGNIZE (PATTERN (",
            "(",
            "A",
            ")",
        ),
    ];
    let texts = shapes
        .into_iter()
        .flat_map(|(what, start, open, inside, close)| {
            [12, 24, 31, 500, 2_500].map(|depth| {
                let text = format!(
                    "{start}{}{inside}{}",
                    open.repeat(depth),
                    close.repeat(depth)
                );
                let end = if what == "MATCH_RECOGNIZE" {
                    ") DEFINE A AS true)"
                } else {
                    ""
                };
                worst(format!("{depth} {what}"), text + end, Fate::Either)
            })
        });
    texts.collect()
}

fn large() -> Vec<Worst> {
    let texts = [
        ("64 statements", "SELECT 1;".repeat(64)),
        ("64 KiB of statements", "SELECT 1;".repeat(7_281)),
        (
            "64 KiB of one number",
            format!("SELECT {}", "1".repeat(65_500)),
        ),
        (
            "64 KiB of one string",
            format!("SELECT '{}'", "x".repeat(65_500)),
        ),
        (
            "rows that never close",
            format!("INSERT INTO orders VALUES {}", "(".repeat(65_500)),
        ),
        (
            "brackets that never close",
            format!("INSERT INTO orders {}", "(".repeat(65_500)),
        ),
        (
            "a list",
            format!("SELECT 1 WHERE a IN ({}1)", "1,".repeat(4_900)),
        ),
        (
            "a longer list",
            format!("SELECT 1 WHERE a IN ({}1)", "1,".repeat(32_000)),
        ),
        ("words", "a ".repeat(32_000)),
        ("quotes", "''".repeat(32_000)),
        ("comments", "/**/".repeat(16_000)),
        ("semicolons", ";".repeat(65_500)),
        (
            "a pattern",
            format!(
                "SELECT 1 WHERE '{}' LIKE '{}'",
                "a".repeat(30_000),
                "%a".repeat(15_000)
            ),
        ),
    ];
    let texts = texts.into_iter();
    texts
        .map(|(what, text)| worst(what, text, Fate::Either))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lictor_engine::limits::SQL_TEXT_BYTES;

    #[test]
    fn no_text_is_refused_for_its_length_alone() {
        for worst in all() {
            assert!(worst.text.len() <= SQL_TEXT_BYTES, "{}", worst.what);
        }
    }
}
