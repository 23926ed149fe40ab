-- name: add_slot
INSERT INTO node_slot (node, name, service, stage, active, subject, serial, not_before, not_after, renew_at,
                       next_attempt, last_error, csr, failed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (node, name) DO NOTHING

-- name: slots
SELECT name, service, stage, active, subject, serial, not_before, not_after, renew_at, next_attempt, last_error, csr
FROM node_slot WHERE node = ? ORDER BY name

-- name: add_held
INSERT INTO node_held (node, slot, sha256, installed_at) VALUES (?, ?, ?, ?)
ON CONFLICT (node, slot, sha256) DO NOTHING

-- name: held
SELECT sha256, slot, installed_at FROM node_held WHERE node = ? ORDER BY slot, sha256

-- name: add_trust
INSERT INTO node_trust (node, store, sha256) VALUES (?, ?, ?)
ON CONFLICT (node, store, sha256) DO NOTHING

-- name: trust
SELECT store, sha256 FROM node_trust WHERE node = ? ORDER BY store, sha256

-- name: foreign_of
SELECT sha256, subject, issuer, not_before, not_after, der, reported FROM foreign_certificate WHERE sha256 = ?

-- name: add_foreign
INSERT INTO foreign_certificate (sha256, subject, issuer, not_before, not_after, der, reported)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (sha256) DO NOTHING

-- name: nodes_after
SELECT id FROM node WHERE id > ? ORDER BY id LIMIT ?

-- name: note_reported
-- Found by what these nodes have; most were noted not long ago.
UPDATE foreign_certificate SET reported = ? WHERE +reported < ? AND sha256 IN (
  SELECT sha256 FROM node_trust WHERE node > ? AND node <= ?
  UNION ALL SELECT sha256 FROM node_held WHERE node > ? AND node <= ?
  UNION ALL SELECT active FROM node_slot WHERE node > ? AND node <= ?)

-- name: forget_foreign
DELETE FROM foreign_certificate WHERE sha256 IN (
  SELECT sha256 FROM foreign_certificate WHERE reported < ? LIMIT ?)

-- name: count_slots
SELECT count(*) FROM node_slot WHERE failed >= 0

-- name: count_failed_slots
SELECT count(*) FROM node_slot WHERE failed = 1

-- name: count_revoked_slots
-- Each certificate is looked up by what the slots hold, so that it does not matter how many there are.
SELECT count(*)
FROM node_slot CROSS JOIN certificate CROSS JOIN node
WHERE certificate.serial = node_slot.serial AND node.id = node_slot.node
  AND node_slot.serial > '' AND certificate.state + 0 = 2 AND node.state + 0 <> 3

-- name: add_event
INSERT INTO node_event (node, number, at, slot, what, text) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (node, number) DO NOTHING

-- name: forget_events
DELETE FROM node_event WHERE node = ? AND number <= ?

-- name: newest_event
SELECT max(number) FROM node_event WHERE node = ?

-- name: events
SELECT number, at, slot, what, text FROM node_event WHERE node = ? AND number < ? ORDER BY number DESC LIMIT ?
