-- The same from the native table with the labels of the input.
-- timed
CREATE TEMP TABLE answer AS
SELECT label, quantile_cont(value, [0.5, 0.9, 0.95, 0.99, 0.995, 1.0]) AS q
FROM labelled GROUP BY label;
-- end
COPY (SELECT label, unnest([0.5, 0.9, 0.95, 0.99, 0.995, 1.0]) AS at, unnest(q) AS value
      FROM answer) TO '${answer}' (HEADER false);
