-- The same from parquet of one column a metric.
CREATE TEMP MACRO six(x) AS quantile_cont(x, [0.5, 0.9, 0.95, 0.99, 0.995, 1.0]);
-- timed
CREATE TEMP TABLE answer AS
SELECT machine, six(cpu_average) AS a, six(cpu_maximum) AS b, six(read_bytes) AS c,
       six(read_ops) AS d, six(write_bytes) AS e, six(net_in) AS f, six(net_out) AS g,
       six(memory) AS h
FROM read_parquet('${parquet}') GROUP BY machine;
-- end
COPY (SELECT s.label, unnest([0.5, 0.9, 0.95, 0.99, 0.995, 1.0]) AS at, unnest(k.q) AS value
      FROM (SELECT machine * 8 + unnest([0, 1, 2, 3, 4, 5, 6, 7]) AS id,
                   unnest([a, b, c, d, e, f, g, h]) AS q FROM answer) k
      JOIN series s ON s.id = k.id) TO '${answer}' (HEADER false);
