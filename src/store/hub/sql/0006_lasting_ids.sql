-- Ids that are never given again: whoever has seen one means what had it then.

-- token: how devices know the order. It is random, so that none comes again in a ledger that was restored from a copy
-- and goes on from there. Orders that were there before are known to devices by their number.
ALTER TABLE node_order ADD COLUMN token TEXT NOT NULL DEFAULT '';
UPDATE node_order SET token = CAST(id AS TEXT);
CREATE UNIQUE INDEX node_order_token ON node_order (token);

-- The highest id that was given to a node and to a cluster, also when it has been removed since.
CREATE TABLE highest_id (
  what TEXT PRIMARY KEY,
  id INTEGER NOT NULL
) STRICT;
INSERT INTO highest_id (what, id) SELECT 'node', COALESCE(max(id), 0) FROM node;
INSERT INTO highest_id (what, id) SELECT 'cluster', COALESCE(max(id), 0) FROM cluster;
