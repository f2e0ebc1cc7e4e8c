-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 2. What caused a day's peaks, and samples on their way into day chunks.

CREATE TABLE peak(
  resource_id INTEGER NOT NULL REFERENCES resource,
  at INTEGER NOT NULL CHECK (at >= 0), -- start of the sample
  kind TEXT NOT NULL CHECK (kind IN ('cpu', 'memory', 'io')),
  rank INTEGER NOT NULL CHECK (rank >= 1),
  name TEXT NOT NULL,
  unit TEXT, -- NULL: not known
  share REAL NOT NULL CHECK (share BETWEEN 0 AND 100),
  cpu_percent REAL NOT NULL, -- of the machine in that sample
  PRIMARY KEY (resource_id, at, kind, rank)
) STRICT, WITHOUT ROWID;

CREATE VIEW peaks(resource, at, kind, rank, name, unit, share, cpu_percent) AS
SELECT r.provider_id, p.at, p.kind, p.rank, p.name, p.unit, p.share, p.cpu_percent
FROM peak p JOIN resource r ON r.id = p.resource_id;

-- A sampler adds here every minute, in order of time, and moves it into the chunks now and then:
-- rewriting a whole day's chunks for each minute would wear flash out.
CREATE TABLE recent(
  first INTEGER NOT NULL CHECK (first >= 0), -- slot of the first value
  series_id INTEGER NOT NULL REFERENCES series,
  data TEXT NOT NULL, -- JSON array, one value a step, null: no sample
  PRIMARY KEY (first, series_id)
) STRICT, WITHOUT ROWID;

DROP VIEW samples;
CREATE VIEW samples(resource, metric, statistic, ts, value) AS
SELECT r.provider_id, s.metric, s.statistic, e.ts, e.value
FROM resource r
CROSS JOIN series s ON s.resource_id = r.id
CROSS JOIN day d
CROSS JOIN chunk c ON c.id = (d.day << 32 | s.id)
CROSS JOIN chunk_each(c.data, d.day, s.step) e
UNION ALL
SELECT r.provider_id, s.metric, s.statistic, t.first + j.key * s.step, j.value
FROM recent t
CROSS JOIN series s ON s.id = t.series_id
CROSS JOIN resource r ON r.id = s.resource_id
CROSS JOIN json_each(t.data) j
WHERE j.value IS NOT NULL
UNION ALL
SELECT r.provider_id, s.metric, s.statistic, e.ts, sum(e.value)
FROM resource r
CROSS JOIN attached a ON a.instance_id = r.id
CROSS JOIN series s ON s.resource_id = a.volume_id
CROSS JOIN day d ON d.day >= a.since / 86400 AND d.day <= a.until / 86400
CROSS JOIN chunk c ON c.id = (d.day << 32 | s.id)
CROSS JOIN chunk_each(c.data, d.day, s.step) e
WHERE e.ts >= a.since AND e.ts < a.until
  AND NOT EXISTS (SELECT 1 FROM series own
                  WHERE own.resource_id = r.id AND own.metric = s.metric
                    AND own.statistic = s.statistic AND own.step = s.step)
GROUP BY r.provider_id, s.metric, s.statistic, s.step, e.ts;
