-- What the agent remembers. Times are seconds since 1970 in UTC. Nothing here is secret: keys are in the slots' folders.

-- The columns from active_sha256 on are NULL together.
CREATE TABLE slot (
  name TEXT PRIMARY KEY,
  phase TEXT NOT NULL,
  method TEXT NOT NULL,
  next_attempt INTEGER NOT NULL,
  decided INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  polls INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  given_out_until INTEGER NOT NULL,
  clock_was_wrong INTEGER NOT NULL,
  spent_challenge BLOB NOT NULL,
  active_sha256 BLOB,
  not_before INTEGER,
  not_after INTEGER,
  installed_at INTEGER,
  renew_at INTEGER
) STRICT;

CREATE TABLE received (
  slot TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  certificate BLOB NOT NULL
) STRICT;

-- role: 0 a certificate of the chain, 1 an authority's.
CREATE TABLE received_beside (
  slot TEXT NOT NULL,
  role INTEGER NOT NULL,
  place INTEGER NOT NULL,
  certificate BLOB NOT NULL,
  PRIMARY KEY (slot, role, place)
) STRICT;

CREATE TABLE certificate (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL,
  slot TEXT NOT NULL,
  der BLOB NOT NULL,
  installed_at INTEGER NOT NULL,
  UNIQUE (slot, sha256)
) STRICT;

CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  slot TEXT NOT NULL,
  what TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX event_slot ON event (slot, number);

CREATE TABLE trust (
  store TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  der BLOB NOT NULL,
  PRIMARY KEY (store, sha256)
) STRICT;

-- result: JSON as the hub gets it; NULL while the order is under way.
CREATE TABLE hub_order (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  begun INTEGER NOT NULL,
  result TEXT,
  acknowledged INTEGER NOT NULL
) STRICT;

CREATE TABLE link (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  acknowledged_event INTEGER NOT NULL
) STRICT;
INSERT INTO link (id, acknowledged_event) VALUES (1, 0);
