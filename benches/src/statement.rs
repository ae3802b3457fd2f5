//! SQL statements of three sizes, and one that is new each time.

/// A look-up by key.
pub const SMALL: &str = "SELECT name FROM customers WHERE id = 7";

/// Two tables in about 190 characters: what the load bench sends.
pub const MEDIUM: &str = "SELECT o.id, o.status, o.total, c.name, c.city FROM orders o \
    JOIN customers c ON c.id = o.customer_id \
    WHERE o.status = 'open' AND o.total > 250 AND c.country = 'NL' ORDER BY o.id LIMIT 50";

/// A report over several tables, with subqueries, aggregates and a window.
pub const LARGE: &str = "
WITH spent AS (
    SELECT p.customer_id, extract(year FROM p.paid_at) AS year, sum(p.amount * (1 - p.discount)) AS amount
    FROM payments p
    JOIN orders o ON o.id = p.order_id
    WHERE p.paid_at >= date '2025-01-01' AND p.paid_at < date '2026-01-01' AND o.status IN ('open', 'sent', 'done')
    GROUP BY p.customer_id, extract(year FROM p.paid_at)
    HAVING sum(p.amount) > 1000
), ranked AS (
    SELECT s.customer_id, s.year, s.amount,
        rank() OVER (PARTITION BY s.year ORDER BY s.amount DESC) AS place
    FROM spent s
)
SELECT c.name, n.name AS nation, r.name AS region, k.year, k.amount,
    CASE WHEN k.amount > 100000 THEN 'large' WHEN k.amount > 10000 THEN 'middle' ELSE 'small' END AS size,
    (SELECT count(*) FROM orders o WHERE o.customer_id = c.id AND o.status = 'done') AS done,
    coalesce(sum(i.quantity) FILTER (WHERE i.returned), 0) AS returned
FROM ranked k
JOIN customers c ON c.id = k.customer_id
JOIN nations n ON n.id = c.nation_id
JOIN regions r ON r.id = n.region_id
LEFT JOIN orders o ON o.customer_id = c.id
LEFT JOIN items i ON i.order_id = o.id AND i.shipped_at BETWEEN date '2025-01-01' AND date '2025-12-31'
WHERE k.place <= 100
    AND r.name LIKE 'EU%'
    AND EXISTS (SELECT 1 FROM contacts t WHERE t.customer_id = c.id AND t.email IS NOT NULL)
    AND c.id NOT IN (SELECT b.customer_id FROM blocked b WHERE b.since < date '2025-06-01')
GROUP BY c.id, c.name, n.name, r.name, k.year, k.amount
ORDER BY k.year, k.amount DESC
LIMIT 200 OFFSET 0";

/// [`MEDIUM`] with a column name and a number of its own, so that no cache of texts, nor of
/// texts without their literals, has seen it.
#[must_use]
pub fn new_each_time(number: u64) -> String {
    MEDIUM
        .replacen("o.total,", &format!("o.total AS t{number:09},"), 1)
        .replacen("250", &number.to_string(), 1)
}

/// [`MEDIUM`] with a number of its own, as programs send it that put values into the text.
#[must_use]
pub fn new_literals_each_time(number: u64) -> String {
    MEDIUM.replacen("250", &format!("{number:012}"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lictor_engine::sql::{Dialect, analyse};

    #[test]
    fn every_statement_is_a_read_that_the_engine_understands() {
        for statement in [SMALL, MEDIUM, LARGE, &new_each_time(1)] {
            let analysis = analyse(statement, Dialect::Postgres).expect("it can be read");
            let effects: Vec<_> = analysis
                .actions
                .iter()
                .map(|action| action.effect.name())
                .collect();
            assert_eq!(effects, ["read"], "{statement}");
        }
    }

    #[test]
    fn new_statements_differ_in_more_than_their_literals() {
        let fingerprint = |number| {
            let analysis =
                analyse(&new_each_time(number), Dialect::Postgres).expect("it can be read");
            analysis
                .actions
                .into_iter()
                .find_map(|action| action.fingerprint)
        };
        assert!(fingerprint(1).is_some());
        assert_ne!(fingerprint(1), fingerprint(2));
    }
}
