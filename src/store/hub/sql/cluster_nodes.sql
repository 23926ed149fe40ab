-- name: summaries
-- The number stands for a node without certificates, which comes last.
SELECT cluster, count(*), CAST(sum(slots) AS INTEGER),
       CAST(sum(CASE WHEN state = 3 THEN 0 ELSE failed_slots END) AS INTEGER),
       min(CASE WHEN state = 3 THEN 9223372036854775807 ELSE next_expiry END),
       min(CASE WHEN state = 3 THEN 9223372036854775807 ELSE expiring_from END)
FROM node WHERE cluster > 0 GROUP BY cluster ORDER BY cluster

-- name: summary
SELECT cluster, count(*), CAST(sum(slots) AS INTEGER),
       CAST(sum(CASE WHEN state = 3 THEN 0 ELSE failed_slots END) AS INTEGER),
       min(CASE WHEN state = 3 THEN 9223372036854775807 ELSE next_expiry END),
       min(CASE WHEN state = 3 THEN 9223372036854775807 ELSE expiring_from END)
FROM node WHERE cluster = ? GROUP BY cluster

-- name: revoked_slots
-- The cluster of each: there are few.
SELECT node.cluster
FROM node_slot CROSS JOIN certificate CROSS JOIN node
WHERE certificate.serial = node_slot.serial AND node.id = node_slot.node
  AND node_slot.serial > '' AND certificate.state + 0 = 2 AND node.state + 0 <> 3 AND node.cluster + 0 > 0

-- name: count_revoked_slots
SELECT count(*)
FROM node CROSS JOIN node_slot CROSS JOIN certificate
WHERE node_slot.node = node.id AND certificate.serial = node_slot.serial
  AND node.cluster = ? AND node.state + 0 <> 3 AND certificate.state + 0 = 2

-- name: nodes
-- All that are in any cluster, from the index alone.
SELECT id, cluster FROM node WHERE cluster > 0

-- name: ends
-- Each certificate is looked up by what the slots hold, so that it does not matter how many there are.
SELECT node_slot.serial, node_slot.not_after, node_slot.node
FROM node_slot CROSS JOIN certificate
WHERE certificate.serial = node_slot.serial
  AND node_slot.not_after >= ? AND node_slot.not_after < ? AND node_slot.serial > ''
  AND certificate.state + 0 = 1 AND certificate.superseded = 0
ORDER BY node_slot.not_after, node_slot.serial

-- name: trust
SELECT node.id, node_trust.store, node_trust.sha256
FROM node CROSS JOIN node_trust
WHERE node_trust.node = node.id AND node.cluster = ?

-- name: count_slots
-- Whether a cluster is small: no more than so many are looked at.
SELECT count(*) FROM (SELECT 1 FROM node CROSS JOIN node_slot
                      WHERE node_slot.node = node.id AND node.cluster = ? LIMIT ?) AS few

-- name: count_orders
SELECT count(*) FROM (SELECT 1 FROM node CROSS JOIN node_order
                      WHERE node_order.node = node.id AND node.cluster = ? LIMIT ?) AS few
