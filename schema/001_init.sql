-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 1. README.md beside this file is the dictionary: units, identities, what the views mean.

CREATE TABLE resource(
  id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 16777215), -- 24 bits: series ids hold it
  kind INTEGER NOT NULL CHECK (kind IN (0, 1)),             -- 0 instance, 1 volume
  provider_id TEXT NOT NULL UNIQUE CHECK (length(CAST(provider_id AS BLOB)) BETWEEN 1 AND 255),
  provider TEXT, account TEXT, region TEXT, zone TEXT, name TEXT, type TEXT, state TEXT,
  architecture TEXT, platform TEXT, tenancy TEXT, hypervisor TEXT, virtualization TEXT,
  lifecycle TEXT, asg TEXT, image TEXT,
  launch_time INTEGER CHECK (launch_time >= 0),
  network_interfaces INTEGER CHECK (network_interfaces >= 0),
  volumes INTEGER CHECK (volumes >= 0),
  ena INTEGER NOT NULL DEFAULT 0 CHECK (ena IN (0, 1)),
  first_observed_at INTEGER,
  observed_at INTEGER,
  known_at BLOB -- per column above, when its value was observed
) STRICT;
CREATE INDEX resource_name ON resource(name) WHERE name IS NOT NULL;

CREATE TABLE tag(
  resource_id INTEGER NOT NULL REFERENCES resource,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (resource_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE type_seen(
  resource_id INTEGER NOT NULL REFERENCES resource,
  day INTEGER NOT NULL CHECK (day = first_at / 86400 AND day = last_at / 86400),
  type TEXT NOT NULL,
  first_at INTEGER NOT NULL CHECK (first_at >= 0),
  last_at INTEGER NOT NULL CHECK (last_at >= first_at),
  PRIMARY KEY (resource_id, day, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment(
  instance_id INTEGER NOT NULL REFERENCES resource,
  volume_id INTEGER NOT NULL REFERENCES resource,
  since INTEGER NOT NULL CHECK (since >= -1), -- -1: not known
  device TEXT,
  observed_at INTEGER NOT NULL,
  PRIMARY KEY (instance_id, volume_id, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_volume ON attachment(volume_id, since);

CREATE TABLE series(
  id INTEGER PRIMARY KEY CHECK (id >> 8 = resource_id), -- resource_id << 8 | ordinal
  resource_id INTEGER NOT NULL REFERENCES resource,
  metric TEXT NOT NULL,
  statistic TEXT NOT NULL CHECK (statistic IN ('avg', 'max', 'min', 'sum_rate')),
  step INTEGER NOT NULL CHECK (step > 0 AND 86400 % step = 0),
  first_at INTEGER, last_at INTEGER, -- slots of the first and the last sample
  UNIQUE (resource_id, metric, statistic, step)
) STRICT;

CREATE TABLE day(
  day INTEGER PRIMARY KEY CHECK (day BETWEEN 0 AND 2932896) -- to the end of the year 9999
) STRICT;

CREATE TABLE chunk(
  id INTEGER PRIMARY KEY, -- day << 32 | series_id: the chunks of a day lie together
  day INTEGER AS (id >> 32) VIRTUAL,
  series_id INTEGER AS (id & 4294967295) VIRTUAL REFERENCES series,
  n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 86400),
  vmin REAL NOT NULL, vmax REAL NOT NULL CHECK (vmax >= vmin), vsum REAL NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE collection(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  format TEXT NOT NULL,
  at INTEGER NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  crc32 INTEGER NOT NULL CHECK (crc32 BETWEEN 0 AND 4294967295),
  series INTEGER NOT NULL, fresh INTEGER NOT NULL, replaced INTEGER NOT NULL,
  unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL,
  first_rejected TEXT,
  UNIQUE (source, bytes, crc32)
) STRICT;

-- An attachment ends where the volume turns up elsewhere, unless it was seen here after that too
-- (a volume on several instances at once).
CREATE VIEW attached(instance_id, volume_id, device, since, until) AS
SELECT a.instance_id, a.volume_id, a.device, a.since,
       coalesce((SELECT min(b.since) FROM attachment b
                 WHERE b.volume_id = a.volume_id AND b.since > a.since
                   AND (b.since > a.observed_at OR b.instance_id = a.instance_id)),
                9223372036854775807)
FROM attachment a;

-- CROSS JOIN fixes the order of the loops: SQLite has no statistics to find it by.
CREATE VIEW samples(resource, metric, statistic, ts, value) AS
SELECT r.provider_id, s.metric, s.statistic, e.ts, e.value
FROM resource r
CROSS JOIN series s ON s.resource_id = r.id
CROSS JOIN day d
CROSS JOIN chunk c ON c.id = (d.day << 32 | s.id)
CROSS JOIN chunk_each(c.data, d.day, s.step) e
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

CREATE VIEW resources(resource, provider, account, region, type, name, state, first_seen,
                      last_seen) AS
SELECT r.provider_id, r.provider, r.account, r.region, r.type, r.name, r.state,
       coalesce(min(s.first_at, r.first_observed_at), s.first_at, r.first_observed_at),
       coalesce(max(s.last_at, r.observed_at), s.last_at, r.observed_at)
FROM resource r
LEFT JOIN (SELECT resource_id, min(first_at) AS first_at, max(last_at) AS last_at
           FROM series GROUP BY resource_id) s ON s.resource_id = r.id
WHERE r.kind = 0;

CREATE VIEW volumes(volume, instance, device, since) AS
SELECT v.provider_id, i.provider_id, a.device, nullif(a.since, -1)
FROM attachment a
JOIN resource v ON v.id = a.volume_id
JOIN resource i ON i.id = a.instance_id;

CREATE VIEW type_changes(resource, at, type) AS
SELECT r.provider_id, p.at, p.type
FROM (SELECT resource_id, at, type,
             lag(type) OVER (PARTITION BY resource_id ORDER BY at, type) AS before
      FROM (SELECT resource_id, first_at AS at, type FROM type_seen
            UNION SELECT resource_id, last_at, type FROM type_seen)) p
JOIN resource r ON r.id = p.resource_id
WHERE p.before IS NOT p.type;

CREATE VIEW collections(source, format, at, bytes, crc32, series, fresh, replaced, unchanged,
                        rejected, first_rejected) AS
SELECT source, format, at, bytes, crc32, series, fresh, replaced, unchanged, rejected,
       first_rejected
FROM collection;

-- What series.first_at and last_at must say, from the chunks themselves.
CREATE VIEW series_span(series_id, first_at, last_at) AS
SELECT s.id,
       (SELECT min(e.ts) FROM chunk c CROSS JOIN chunk_each(c.data, c.day, s.step) e
        WHERE c.id = (SELECT k.id FROM day d CROSS JOIN chunk k ON k.id = (d.day << 32 | s.id)
                      ORDER BY d.day LIMIT 1)),
       (SELECT max(e.ts) FROM chunk c CROSS JOIN chunk_each(c.data, c.day, s.step) e
        WHERE c.id = (SELECT k.id FROM day d CROSS JOIN chunk k ON k.id = (d.day << 32 | s.id)
                      ORDER BY d.day DESC LIMIT 1))
FROM series s;
