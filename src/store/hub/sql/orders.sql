-- name: add
INSERT INTO node_order (node, verb, slot, parameters, certificates, state, created, created_by, deadline, finished,
                        text, data, token)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: highest_id
SELECT max(id) FROM node_order

-- name: find
SELECT id, node, verb, slot, parameters, certificates, state, created, created_by, deadline, finished, text, data,
       token
FROM node_order WHERE id = ?

-- name: find_by_token
SELECT id, node, verb, slot, parameters, certificates, state, created, created_by, deadline, finished, text, data,
       token
FROM node_order WHERE token = ?

-- name: open
SELECT id, node, verb, slot, parameters, certificates, state, created, created_by, deadline, finished, text, data,
       token
FROM node_order WHERE node = ? AND state < 2 ORDER BY id LIMIT ?

-- name: count_open
SELECT count(*) FROM node_order WHERE node = ? AND state < 2

-- name: update
UPDATE node_order SET state = ?, finished = ?, text = ?, data = ? WHERE id = ?

-- name: overdue
-- One that was delivered has a while longer, which the second time takes off.
SELECT id, node, verb, slot, parameters, certificates, state, created, created_by, deadline, finished, text, data,
       token
FROM node_order WHERE deadline < ? AND state < 2 AND (state = 0 OR deadline < ?) ORDER BY deadline LIMIT 500

-- name: count_failed
SELECT count(*) FROM node_order WHERE state = 3 AND finished >= ?

-- name: forget
-- The highest id stays, so that none is given twice.
DELETE FROM node_order WHERE state = ? AND finished < ? AND id <> (SELECT max(id) FROM node_order)
