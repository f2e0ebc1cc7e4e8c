-- Six quantiles of every series, from the native table of one row a sample.
-- timed
CREATE TEMP TABLE answer AS
SELECT series, quantile_cont(value, [0.5, 0.9, 0.95, 0.99, 0.995, 1.0]) AS q
FROM sample GROUP BY series;
-- end
COPY (SELECT s.label, unnest([0.5, 0.9, 0.95, 0.99, 0.995, 1.0]) AS at, unnest(a.q) AS value
      FROM answer a JOIN series s ON s.id = a.series) TO '${answer}' (HEADER false);
