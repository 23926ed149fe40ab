-- What a cluster's own page and the timeline of the overview need.

-- Of every slot that has a certificate, when that ends: a window of days is read without the rows.
CREATE INDEX node_slot_end ON node_slot (not_after, serial, node);

-- A cluster's nodes with all that is summed up of them.
DROP INDEX node_cluster;
CREATE INDEX node_cluster ON node (cluster, state, slots, failed_slots, next_expiry, expiring_from);

-- As certificate_day, for each quarter of an hour (counted since 1970): days begin on one in every zone.
CREATE TABLE certificate_quarter (
  quarter INTEGER PRIMARY KEY,
  certificates INTEGER NOT NULL
) STRICT;
INSERT INTO certificate_quarter (quarter, certificates)
SELECT not_after / 900, count(*) FROM certificate WHERE state = 1 AND superseded = 0 GROUP BY not_after / 900;
