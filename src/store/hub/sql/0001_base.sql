-- What the hub keeps. Times are seconds since 1970 in UTC; serials are lower-case hexadecimal; lists are JSON.

-- state: 0 intended, 1 issued, 2 revoked. The bytes stand in tables of their own, so that lists need not read past them.
CREATE TABLE certificate (
  id INTEGER PRIMARY KEY,
  serial TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL,
  endpoint TEXT NOT NULL,
  state INTEGER NOT NULL,
  subject TEXT NOT NULL,
  alternative_names TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  key_fingerprint BLOB NOT NULL,
  fingerprint BLOB,
  revoked_at INTEGER,
  reason INTEGER NOT NULL,
  replaces TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX certificate_key ON certificate (key_fingerprint, not_after);
CREATE INDEX certificate_endpoint ON certificate (endpoint, id);
CREATE INDEX certificate_state ON certificate (state, id);
-- Covers the filters that go with a time of expiry, so that a window of a month is read without the rows.
CREATE INDEX certificate_expiry ON certificate (not_after, state, endpoint, id);
CREATE INDEX certificate_revoked ON certificate (generation, not_after) WHERE state = 2;

CREATE TABLE certificate_tbs (
  certificate INTEGER PRIMARY KEY,
  tbs BLOB NOT NULL
) STRICT;
CREATE TABLE certificate_der (
  certificate INTEGER PRIMARY KEY,
  der BLOB NOT NULL
) STRICT;

CREATE TABLE challenge (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  endpoint TEXT NOT NULL,
  secret_hash BLOB NOT NULL,
  subject TEXT,
  alternative_names TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  used INTEGER,
  used_by TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;
CREATE INDEX challenge_endpoint ON challenge (endpoint, number);
CREATE INDEX challenge_expires ON challenge (expires);

CREATE TABLE crl (
  generation INTEGER NOT NULL,
  number INTEGER NOT NULL,
  this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  der BLOB NOT NULL,
  PRIMARY KEY (generation, number)
) STRICT;

-- A SCEP transaction; "transaction" is a word of SQL. state: 0 pending, 1 issued, 2 rejected.
CREATE TABLE enrolment (
  id INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL,
  signer_key BLOB NOT NULL,
  transaction_id BLOB NOT NULL,
  state INTEGER NOT NULL,
  renewal INTEGER NOT NULL,
  request_hash BLOB NOT NULL,
  subject TEXT NOT NULL,
  alternative_names TEXT NOT NULL,
  key_type TEXT NOT NULL,
  source TEXT NOT NULL,
  serial TEXT NOT NULL,
  replaces TEXT NOT NULL,
  reason TEXT NOT NULL,
  fail_info INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  request BLOB NOT NULL,
  UNIQUE (endpoint, signer_key, transaction_id)
) STRICT;
CREATE INDEX enrolment_state ON enrolment (state, id);

CREATE TABLE endpoint (
  name TEXT PRIMARY KEY,
  settings TEXT NOT NULL
) STRICT;

CREATE TABLE audit_event (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
-- One row: the last event, so that a trail whose end was cut off is told from a short one.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  hash BLOB
) STRICT;
INSERT INTO audit_head (id, sequence) VALUES (1, 0);
