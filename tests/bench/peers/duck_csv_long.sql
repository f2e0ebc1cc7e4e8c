-- A CSV of one row a sample into a table of samples.
-- timed
CREATE TABLE sample AS SELECT * FROM read_csv('${files}', header = true, columns = {
    series: 'VARCHAR', epoch: 'BIGINT', value: 'DOUBLE'});
-- end
COPY (SELECT regexp_replace(series, '^[^/]*/', '') AS metric, count(*), sum(value)
      FROM sample GROUP BY 1) TO '${answer}' (HEADER false);
