//! SQL statements from a look-up to a data warehouse's report, one that is new each time, and
//! the worst that clients can send.

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

/// A report over facts and dimensions of the size that decision-support benchmarks have: three
/// sales channels that are summed, compared between years and joined again.
pub const WAREHOUSE: &str = "
WITH shop AS (
    SELECT c.customer_key, c.first_name, c.last_name, c.country, c.login, d.year,
        sum(((s.list_price - s.wholesale_cost - s.discount) + s.sales_price) / 2) AS total, 's' AS channel
    FROM customer c, shop_sales s, date_dim d
    WHERE c.customer_key = s.customer_key AND s.sold_date_key = d.date_key AND d.year IN (2024, 2025)
    GROUP BY c.customer_key, c.first_name, c.last_name, c.country, c.login, d.year
), mail AS (
    SELECT c.customer_key, c.first_name, c.last_name, c.country, c.login, d.year,
        sum(((s.list_price - s.wholesale_cost - s.discount) + s.sales_price) / 2) AS total, 'm' AS channel
    FROM customer c, mail_sales s, date_dim d
    WHERE c.customer_key = s.bill_customer_key AND s.sold_date_key = d.date_key AND d.year IN (2024, 2025)
    GROUP BY c.customer_key, c.first_name, c.last_name, c.country, c.login, d.year
), web AS (
    SELECT c.customer_key, c.first_name, c.last_name, c.country, c.login, d.year,
        sum(((s.list_price - s.wholesale_cost - s.discount) + s.sales_price) / 2) AS total, 'w' AS channel
    FROM customer c, web_sales s, date_dim d
    WHERE c.customer_key = s.bill_customer_key AND s.sold_date_key = d.date_key AND d.year IN (2024, 2025)
    GROUP BY c.customer_key, c.first_name, c.last_name, c.country, c.login, d.year
), every_channel AS (
    SELECT * FROM shop UNION ALL SELECT * FROM mail UNION ALL SELECT * FROM web
), returned AS (
    SELECT r.customer_key, i.category, count(DISTINCT r.ticket) AS tickets, sum(r.quantity) AS quantity,
        rank() OVER (PARTITION BY i.category ORDER BY sum(r.quantity) DESC) AS place
    FROM shop_returns r
    JOIN item i ON i.item_key = r.item_key
    LEFT JOIN reason x ON x.reason_key = r.reason_key AND x.description LIKE 'broken%'
    WHERE r.returned_date_key BETWEEN 2460311 AND 2460676
        AND i.price > (SELECT 1.2 * avg(j.price) FROM item j WHERE j.category = i.category)
    GROUP BY r.customer_key, i.category
)
SELECT now.customer_key, now.first_name, now.last_name, now.login, a.city, a.state,
    CASE WHEN before.total > 0 THEN now.total / before.total ELSE NULL END AS shop_growth,
    CASE WHEN web_before.total > 0 THEN web_now.total / web_before.total ELSE NULL END AS web_growth,
    coalesce(r.quantity, 0) AS returned, r.category,
    sum(now.total) OVER (PARTITION BY a.state ORDER BY now.total ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
FROM every_channel now
JOIN every_channel before ON before.customer_key = now.customer_key AND before.channel = 's' AND before.year = 2024
JOIN every_channel web_now ON web_now.customer_key = now.customer_key AND web_now.channel = 'w' AND web_now.year = 2025
JOIN every_channel web_before ON web_before.customer_key = now.customer_key AND web_before.channel = 'w' AND web_before.year = 2024
JOIN customer_address a ON a.customer_key = now.customer_key
LEFT JOIN returned r ON r.customer_key = now.customer_key AND r.place <= 10
WHERE now.channel = 's' AND now.year = 2025 AND before.total > 0 AND web_before.total > 0
    AND (a.state IN ('TX', 'OH', 'KY') OR a.city LIKE 'Spring%' AND a.zone BETWEEN 1 AND 9)
    AND EXISTS (SELECT 1 FROM mail m WHERE m.customer_key = now.customer_key AND m.year = 2025 AND m.total > 100)
    AND now.customer_key NOT IN (SELECT b.customer_key FROM blocked b WHERE b.since < date '2025-06-01')
    AND CASE WHEN web_before.total > 0 THEN web_now.total / web_before.total ELSE 0.0 END
        > CASE WHEN before.total > 0 THEN now.total / before.total ELSE 0.0 END
ORDER BY now.customer_key, a.state, running DESC
LIMIT 100";

/// The worst that clients can send, with a name each: at the edge of what is analysed, or just
/// beyond it.
#[must_use]
pub fn worst() -> Vec<(&'static str, String)> {
    let bomb = |prefix: &str| format!("SELECT {}1{}", prefix.repeat(30), ")".repeat(30));
    let chain =
        |link: &str, length: usize| format!("SELECT 1 FROM t WHERE a{}", link.repeat(length));
    vec![
        ("prefix bomb", bomb("b.CEIL(")),
        ("chain of AND", chain(" AND a", 1_990)),
        ("chain of OR", chain(" OR a = 1", 990)),
        (
            "list of numbers",
            format!("SELECT 1 FROM t WHERE a IN (1{})", ", 1".repeat(4_900)),
        ),
        (
            "unions",
            format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(500)),
        ),
        ("statements", "SELECT a FROM t;".repeat(64)),
        ("too many statements", "SELECT 1;".repeat(7_281)),
        (
            "subqueries",
            format!(
                "SELECT 1 FROM {}t{}",
                "(SELECT * FROM ".repeat(11),
                ") x".repeat(11)
            ),
        ),
        (
            "brackets",
            format!("INSERT INTO t VALUES {}", "(".repeat(65_000)),
        ),
        (
            "pattern",
            format!(
                "DELETE FROM t WHERE '{}' LIKE '{}'",
                "a".repeat(30_000),
                "%a".repeat(15_000)
            ),
        ),
    ]
}

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
        for statement in [SMALL, MEDIUM, LARGE, WAREHOUSE, &new_each_time(1)] {
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
