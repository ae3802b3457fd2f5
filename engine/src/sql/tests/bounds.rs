//! The worst texts cost little, whatever the stack they meet.

use super::{Dialect, told};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Texts that are analysed or refused, without hanging and without overflowing a stack.
fn worst() -> Vec<String> {
    let mut texts = Vec::new();
    for function in [
        "CEIL",
        "FLOOR",
        "TRIM",
        "SUBSTRING",
        "SUBSTR",
        "NOT",
        "INTERVAL",
        "POSITION",
    ] {
        let open = format!("b.{function}(").repeat(30);
        texts.push(format!("SELECT {open}1{}", ")".repeat(30)));
    }
    for link in [
        "AND a",
        "OR a",
        "|| a",
        "::int",
        "-> a",
        "LIKE a",
        "IS NULL",
        "COLLATE c",
        "+ a",
        "DIV a",
        "REGEXP a",
        "= a",
        "XOR a",
        "ISNULL",
        "AT TIME ZONE a",
        "UNION SELECT a",
        "[1]",
        ". a",
        "BETWEEN 1 AND 2",
        "IS DISTINCT FROM a",
    ] {
        for length in [240, 900, 1_900, 9_000] {
            let chain = format!(" {link}").repeat(length);
            let chain: String = chain.chars().take(65_000).collect();
            texts.push(format!("SELECT 1 WHERE a{chain}"));
        }
    }
    for (open, inside, close) in [
        ("(", "1", ")"),
        ("(SELECT ", "1", ")"),
        ("f(", "1", ")"),
        ("NOT ", "1", ""),
        ("- ", "1", ""),
        ("~", "1", ""),
        ("CAST(", "1", " AS int)"),
        ("CASE WHEN a THEN ", "1", " END"),
        ("ARRAY[", "1", "]"),
        ("{'a': ", "1", "}"),
        ("EXISTS (SELECT 1 WHERE ", "true", ")"),
        ("a IN (SELECT a FROM t WHERE ", "true", ")"),
        ("a = (b OR ", "true", ")"),
        ("INTERVAL ", "'1' DAY", ""),
        ("PRIOR ", "a", ""),
        ("x -> ", "1", ""),
    ] {
        for depth in [12, 19, 30, 39, 3_000] {
            texts.push(format!(
                "SELECT 1 WHERE {}{inside}{}",
                open.repeat(depth),
                close.repeat(depth)
            ));
        }
    }
    for depth in [10, 12, 13, 20, 39, 3_000] {
        let nest = |open: &str, inside: &str, close: &str| {
            format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
        };
        texts.push(format!(
            "SELECT * FROM {}",
            nest("(SELECT * FROM ", "t", ") x")
        ));
        texts.push(format!("SELECT * FROM {}", nest("(t JOIN ", "u", ")")));
        texts.push(nest("WITH a AS (", "SELECT 1", ") SELECT 1"));
        texts.push(nest("EXPLAIN ", "SELECT 1", ""));
        texts.push(nest("PREPARE a AS ", "SELECT 1", ""));
        texts.push(nest("BEGIN ", "SELECT 1; ", "END; "));
        texts.push(nest("IF a THEN ", "SELECT 1; ", "END IF; "));
        texts.push(format!("SELECT a::{}", nest("ARRAY<", "int", ">")));
        texts.push(format!(
            "CREATE TABLE t (a {})",
            nest("STRUCT<a ", "int", ">")
        ));
        texts.push(format!(
            "SELECT * FROM t MATCH_RECOGNIZE (PATTERN ({}) DEFINE A AS true)",
            nest("(", "A", ")")
        ));
        texts.push(format!(
            "SELECT * FROM a{}",
            " JOIN b".repeat(depth) + &" ON true".repeat(depth)
        ));
        texts.push(format!(
            "SELECT * FROM t{}",
            " PIVOT(sum(a) FOR b IN (1))".repeat(depth)
        ));
    }
    texts.push("SELECT 1;".repeat(7_000));
    texts.push(format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(900)));
    texts.push(format!("INSERT INTO t {}", "(".repeat(60_000)));
    texts.push(format!("SELECT 1 WHERE a IN ({}1)", "1, ".repeat(4_900)));
    texts.push(format!("SELECT '{}'", "x".repeat(65_000)));
    texts.push(format!(
        "SELECT 1 WHERE '{}' LIKE '{}'",
        "a".repeat(30_000),
        "%a".repeat(15_000)
    ));
    texts
}

#[test]
fn the_limits_refuse_with_their_code() {
    let chain = |length: usize| format!("SELECT a{}", " + a".repeat(length));
    for (text, code) in [
        ("SELECT 1;".repeat(65), "sql.too_many_statements"),
        (format!("SELECT '{}'", "x".repeat(65_536)), "sql.too_long"),
        (format!("SELECT {}1", "1,".repeat(6_000)), "sql.too_complex"),
        (chain(2_100), "sql.too_complex"),
        (format!("SELECT {}", "(".repeat(41)), "sql.too_deep"),
        (
            format!("{}SELECT 1", "EXPLAIN ".repeat(1_000)),
            "sql.too_deep",
        ),
        (
            format!("SELECT {}1{}", "b.CEIL(".repeat(30), ")".repeat(30)),
            "sql.too_deep",
        ),
    ] {
        assert_eq!(told(&text, Dialect::Postgres), code);
    }
    for honest in [
        "SELECT 1;".repeat(64),
        format!("SELECT {}1", "1,".repeat(4_000)),
        chain(1_900),
        format!("SELECT {}1{}", "(".repeat(12), ")".repeat(12)),
    ] {
        assert_eq!(told(&honest, Dialect::Postgres), "read none");
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::thread;
    use std::time::{Duration, Instant};

    use super::{Dialect, told, worst};

    /// The stack that the wasm linker gives by default.
    const STACK_BYTES: usize = 1024 * 1024;

    #[test]
    fn the_worst_texts_fit_a_stack_of_one_mebibyte() {
        // One for each way in which dialects parse on their own.
        for dialect in [
            Dialect::Postgres,
            Dialect::Mysql,
            Dialect::Mssql,
            Dialect::Snowflake,
            Dialect::Generic,
        ] {
            let walk = move || {
                worst()
                    .iter()
                    .filter(|text| told(text, dialect).is_empty())
                    .count()
            };
            let walked = thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn(walk)
                .map(|walk| walk.join().ok());
            assert_eq!(walked.ok().flatten(), Some(0), "{}", dialect.name());
        }
    }

    /// Generous by two orders of magnitude for a busy machine and an unoptimised build: what
    /// it catches is work that doubles with every level.
    #[test]
    fn no_text_takes_long() {
        for text in worst() {
            let start = Instant::now();
            told(&text, Dialect::Postgres);
            assert!(
                start.elapsed() < Duration::from_secs(3),
                "{} bytes",
                text.len()
            );
        }
    }
}
