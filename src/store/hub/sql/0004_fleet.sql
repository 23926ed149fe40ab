-- The fleet: nodes, what they said about themselves, and what they are asked to do. Fingerprints are SHA-256 in
-- lower-case hexadecimal.

CREATE TABLE cluster (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL
) STRICT;

-- state: 0 expected, 1 waiting, 2 admitted, 3 blocked. cluster 0: none. last_seen 0: never. expiring_from and
-- next_expiry of a node without certificates are far in the future, so that they are in order with the others.
CREATE TABLE node (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  cluster INTEGER NOT NULL,
  product TEXT NOT NULL,
  state INTEGER NOT NULL,
  created INTEGER NOT NULL,
  first_seen INTEGER,
  last_seen INTEGER NOT NULL,
  remote_address TEXT NOT NULL,
  agent_version TEXT NOT NULL,
  clock_offset INTEGER,
  clock_synchronised INTEGER NOT NULL,
  certificate TEXT NOT NULL,
  inventory_hash TEXT NOT NULL,
  acknowledged_event INTEGER NOT NULL,
  slots INTEGER NOT NULL,
  failed_slots INTEGER NOT NULL,
  next_expiry INTEGER NOT NULL,
  expiring_from INTEGER NOT NULL
) STRICT;
CREATE INDEX node_last_seen ON node (last_seen, id);
CREATE INDEX node_product ON node (product, id);
CREATE INDEX node_next_expiry ON node (next_expiry, id);
CREATE INDEX node_state ON node (state, last_seen);
CREATE INDEX node_cluster ON node (cluster);

-- Which node and slot a certificate (by its serial) and a challenge are for.
CREATE TABLE node_certificate (
  serial TEXT PRIMARY KEY,
  node INTEGER NOT NULL,
  slot TEXT NOT NULL
) STRICT;
CREATE INDEX node_certificate_node ON node_certificate (node);
CREATE TABLE node_challenge (
  challenge TEXT PRIMARY KEY,
  node INTEGER NOT NULL,
  slot TEXT NOT NULL
) STRICT;
CREATE INDEX node_challenge_node ON node_challenge (node, slot, challenge);
-- From a certificate to the challenge that it used up, by itself or through a request that waited.
CREATE INDEX challenge_used_by ON challenge (used_by);
CREATE INDEX enrolment_serial ON enrolment (serial);

CREATE TABLE node_slot (
  node INTEGER NOT NULL,
  name TEXT NOT NULL,
  service TEXT NOT NULL,
  stage TEXT NOT NULL,
  active TEXT NOT NULL,
  subject TEXT NOT NULL,
  serial TEXT NOT NULL,
  not_before INTEGER,
  not_after INTEGER,
  renew_at INTEGER,
  next_attempt INTEGER,
  last_error TEXT NOT NULL,
  csr TEXT NOT NULL,
  failed INTEGER NOT NULL,
  PRIMARY KEY (node, name)
) STRICT;
CREATE INDEX node_slot_failed ON node_slot (failed);
CREATE TABLE node_held (
  node INTEGER NOT NULL,
  slot TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  installed_at INTEGER,
  PRIMARY KEY (node, slot, sha256)
) STRICT;
CREATE TABLE node_trust (
  node INTEGER NOT NULL,
  store TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (node, store, sha256)
) STRICT;
-- Certificates of others that nodes hold or trust; many nodes have the same ones.
CREATE TABLE foreign_certificate (
  sha256 TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  issuer TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  der BLOB NOT NULL
) STRICT;

CREATE TABLE node_event (
  node INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  slot TEXT NOT NULL,
  what TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (node, number)
) STRICT;

-- "order" is a word of SQL. state: 0 queued, 1 delivered, 2 done, 3 failed, 4 expired, 5 cancelled. node 0: the node was
-- removed. The certificates are base64.
CREATE TABLE node_order (
  id INTEGER PRIMARY KEY,
  node INTEGER NOT NULL,
  verb TEXT NOT NULL,
  slot TEXT NOT NULL,
  parameters TEXT NOT NULL,
  certificates TEXT NOT NULL,
  state INTEGER NOT NULL,
  created INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  deadline INTEGER NOT NULL,
  finished INTEGER,
  text TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX node_order_node ON node_order (node, id);
CREATE INDEX node_order_open ON node_order (node, id) WHERE state < 2;
CREATE INDEX node_order_deadline ON node_order (deadline) WHERE state < 2;
CREATE INDEX node_order_finished ON node_order (state, finished);
