-- name: next_id
UPDATE highest_id SET id = id + 1 WHERE what = 'node'

-- name: add
INSERT INTO node (id, name, cluster, product, state, created, first_seen, last_seen, remote_address, agent_version,
                  clock_offset, clock_synchronised, certificate, inventory_hash, acknowledged_event, slots, failed_slots,
                  next_expiry, expiring_from)
VALUES ((SELECT id FROM highest_id WHERE what = 'node'), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO NOTHING

-- name: id_of
SELECT id FROM node WHERE name = ?

-- name: find
SELECT id, name, cluster, product, state, created, first_seen, last_seen, remote_address, agent_version, clock_offset,
       clock_synchronised, certificate, inventory_hash, acknowledged_event, slots, failed_slots, next_expiry,
       expiring_from,
       (SELECT count(*) FROM node_slot CROSS JOIN certificate
        WHERE certificate.serial = node_slot.serial AND node_slot.node = node.id AND certificate.state + 0 = 2)
FROM node WHERE id = ?

-- name: find_by_name
SELECT id, name, cluster, product, state, created, first_seen, last_seen, remote_address, agent_version, clock_offset,
       clock_synchronised, certificate, inventory_hash, acknowledged_event, slots, failed_slots, next_expiry,
       expiring_from,
       (SELECT count(*) FROM node_slot CROSS JOIN certificate
        WHERE certificate.serial = node_slot.serial AND node_slot.node = node.id AND certificate.state + 0 = 2)
FROM node WHERE name = ?

-- name: update
UPDATE node
SET name = ?, cluster = ?, product = ?, state = ?, first_seen = ?, last_seen = ?, remote_address = ?, agent_version = ?,
    clock_offset = ?, clock_synchronised = ?, certificate = ?, inventory_hash = ?, acknowledged_event = ?, slots = ?,
    failed_slots = ?, next_expiry = ?, expiring_from = ?
WHERE id = ?

-- name: seen
UPDATE node SET last_seen = ?, remote_address = ? WHERE id = ? AND last_seen < ?

-- name: remove
DELETE FROM node WHERE id = ?

-- name: remove_certificates
DELETE FROM node_certificate WHERE node = ?

-- name: remove_challenges
DELETE FROM node_challenge WHERE node = ?

-- name: remove_slots
DELETE FROM node_slot WHERE node = ?

-- name: remove_held
DELETE FROM node_held WHERE node = ?

-- name: remove_trust
DELETE FROM node_trust WHERE node = ?

-- name: remove_events
DELETE FROM node_event WHERE node = ?

-- name: release_open_orders
UPDATE node_order SET state = 5, finished = created WHERE node = ? AND state < 2

-- name: release_orders
UPDATE node_order SET node = 0 WHERE node = ?

-- name: count
SELECT count(*) FROM node

-- name: count_state
SELECT count(*) FROM node WHERE state = ?

-- name: count_unseen
SELECT count(*) FROM node WHERE state = 2 AND last_seen < ?

-- name: place_of
SELECT node, slot FROM node_certificate WHERE serial = ?

-- name: set_place
INSERT INTO node_certificate (serial, node, slot) VALUES (?, ?, ?)
ON CONFLICT (serial) DO UPDATE SET node = excluded.node, slot = excluded.slot

-- name: add_challenge
INSERT INTO node_challenge (challenge, node, slot) VALUES (?, ?, ?)
ON CONFLICT (challenge) DO NOTHING

-- name: challenges
SELECT challenge FROM node_challenge WHERE node = ? AND slot = ? ORDER BY challenge

-- name: challenges_of_node
SELECT challenge, slot FROM node_challenge WHERE node = ? ORDER BY slot, challenge

-- name: place_by_challenge
SELECT node_challenge.node, node_challenge.slot
FROM challenge JOIN node_challenge ON node_challenge.challenge = challenge.id
WHERE challenge.used_by = ?

-- name: place_by_request
-- The challenge let a request wait for a person, which became this certificate.
SELECT node_challenge.node, node_challenge.slot
FROM enrolment JOIN challenge ON challenge.used_by = 'request ' || CAST(enrolment.id AS TEXT)
               JOIN node_challenge ON node_challenge.challenge = challenge.id
WHERE enrolment.serial = ?
