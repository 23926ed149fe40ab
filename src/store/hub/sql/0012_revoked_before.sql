-- What a CA had revoked before it was taken over: certificates that stand in no other table. When they end nobody knows.
CREATE TABLE revoked_before (
  generation INTEGER NOT NULL,
  serial TEXT NOT NULL,
  revoked_at INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  PRIMARY KEY (generation, serial)
) STRICT;
