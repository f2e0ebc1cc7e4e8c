-- Six quantiles of every series by window functions; Debian's sqlite3 has no percentile().
WITH ranked AS (
    SELECT series, value, row_number() OVER (PARTITION BY series ORDER BY value) - 1 AS k,
           count(*) OVER (PARTITION BY series) - 1 AS last
    FROM sample),
wanted(q) AS (VALUES (0.5), (0.9), (0.95), (0.99), (0.995), (1.0)),
place AS (
    SELECT series, q, value, k, last * q AS h, CAST(last * q AS INTEGER) AS low
    FROM ranked, wanted
    WHERE k IN (CAST(last * q AS INTEGER), CAST(last * q AS INTEGER) + 1)),
answer AS (
    SELECT series, q, sum(value * CASE WHEN k = low THEN 1 - (h - low) ELSE h - low END) AS value
    FROM place GROUP BY series, q)
SELECT s.resource, s.metric, s.statistic, a.q, printf('%.17g', a.value)
FROM answer a JOIN series s ON s.id = a.series;
