-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 3. What a live source has asked for, so that a metric which never answers is not asked for
-- from its beginning every night.

CREATE TABLE asked(
  resource_id INTEGER PRIMARY KEY REFERENCES resource,
  from_at INTEGER NOT NULL CHECK (from_at >= 0),
  until_at INTEGER NOT NULL CHECK (until_at > from_at) -- half open, as all windows
) STRICT;
