-- The rows are made from their number, so that every run starts from the same database.
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, item TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, card TEXT NOT NULL, amount_cents INTEGER NOT NULL);

WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 40)
INSERT INTO customers SELECT n, 'Customer ' || n, 'customer' || n || '@example.com',
  CASE n % 4 WHEN 0 THEN 'AT' WHEN 1 THEN 'DE' WHEN 2 THEN 'FR' ELSE 'PL' END FROM numbers;

WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120)
INSERT INTO orders SELECT n, 1 + n % 40, CASE n % 3 WHEN 0 THEN 'lamp' WHEN 1 THEN 'chair' ELSE 'desk' END,
  CASE n % 5 WHEN 0 THEN 'open' ELSE 'shipped' END FROM numbers;

WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 90)
INSERT INTO payments SELECT n, n, '**** ' || (1000 + n), 990 + 10 * n FROM numbers;
