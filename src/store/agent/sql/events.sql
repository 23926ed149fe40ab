-- name: add
INSERT INTO event (at, slot, what, text) VALUES (?, ?, ?, ?)

-- name: remove_old
DELETE FROM event WHERE number <= (SELECT max(number) FROM event) - ?

-- name: after
SELECT number, at, slot, what, text FROM event WHERE number > ? ORDER BY number LIMIT ?

-- name: latest
SELECT number, at, slot, what, text FROM event ORDER BY number DESC LIMIT ?

-- name: latest_of_slot
SELECT number, at, slot, what, text FROM event WHERE slot = ? ORDER BY number DESC LIMIT ?
