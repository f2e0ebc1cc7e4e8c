-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 5. The GPUs of an instance are parts of it, as volumes are, named INSTANCE/gpu-NUMBER. Of
-- memory on cards the fullest counts, where all else of parts is summed.

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
SELECT r.provider_id, s.metric, s.statistic, e.ts,
       CASE s.metric WHEN 'gpu_memory_used_bytes' THEN max(e.value) ELSE sum(e.value) END
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

DROP VIEW volumes;
CREATE VIEW volumes(volume, instance, device, since) AS
SELECT v.provider_id, i.provider_id, a.device, nullif(a.since, -1)
FROM attachment a
JOIN resource v ON v.id = a.volume_id
JOIN resource i ON i.id = a.instance_id
WHERE v.provider_id NOT GLOB '*/gpu-*';
