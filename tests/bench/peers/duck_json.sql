-- The AWS CLI's files into a table of samples.
-- timed
CREATE TABLE sample AS
SELECT r.Label AS label, unnest(r."Timestamps") AS ts, unnest(r."Values") AS value
FROM (SELECT unnest(MetricDataResults) AS r
      FROM read_json('${files}', maximum_object_size = 1000000000, columns = {
          MetricDataResults: 'STRUCT(Label VARCHAR, "Timestamps" TIMESTAMP[], "Values" DOUBLE[])[]'}));
-- end
COPY (SELECT regexp_replace(label, '^[^ ]* ', '') AS series, count(*) AS n, sum(value) AS total
      FROM sample GROUP BY 1 ORDER BY 1) TO '${answer}' (HEADER false);
