-- One slice of a fleet, three times: as rows of a native table with the labels of the input, the same
-- with small integers for series, sorted, and as parquet of one column a metric. A series is
-- 8 * machine + the place of its label among those of its machine.
CREATE TABLE IF NOT EXISTS series(id INTEGER, label VARCHAR);
CREATE TABLE IF NOT EXISTS sample(series INTEGER, ts INTEGER, value DOUBLE);
CREATE TABLE IF NOT EXISTS labelled(label VARCHAR, ts TIMESTAMP, value DOUBLE);
CREATE TEMP TABLE raw AS
SELECT r.Label AS label, r."Timestamps" AS stamps, r."Values" AS vals
FROM (SELECT unnest(MetricDataResults) AS r
      FROM read_json('${files}', maximum_object_size = 1000000000, columns = {
          MetricDataResults: 'STRUCT(Label VARCHAR, "Timestamps" TIMESTAMP[], "Values" DOUBLE[])[]'}));
INSERT INTO labelled SELECT label, unnest(stamps), unnest(vals) FROM raw;
CREATE TEMP TABLE named AS
SELECT label, ${first} * 8 + row_number() OVER (ORDER BY label) - 1 AS id FROM raw;
INSERT INTO series SELECT id, label FROM named;
CREATE TEMP TABLE slice AS
SELECT n.id::INTEGER AS series, epoch(unnest(r.stamps))::INTEGER AS ts, unnest(r.vals) AS value
FROM raw r JOIN named n USING (label);
INSERT INTO sample SELECT * FROM slice ORDER BY series, ts;
COPY (SELECT series >> 3 AS machine, ts,
             max(value) FILTER (series & 7 = 0) AS cpu_average,
             max(value) FILTER (series & 7 = 1) AS cpu_maximum,
             max(value) FILTER (series & 7 = 2) AS read_bytes,
             max(value) FILTER (series & 7 = 3) AS read_ops,
             max(value) FILTER (series & 7 = 4) AS write_bytes,
             max(value) FILTER (series & 7 = 5) AS net_in,
             max(value) FILTER (series & 7 = 6) AS net_out,
             max(value) FILTER (series & 7 = 7) AS memory
      FROM slice GROUP BY 1, 2 ORDER BY 1, 2) TO '${parquet}' (FORMAT parquet);
CHECKPOINT;
