-- name: head
SELECT sequence, hash FROM audit_head WHERE id = 1

-- name: move_head
UPDATE audit_head SET sequence = ?, hash = ? WHERE id = 1

-- name: append
INSERT INTO audit_event (sequence, at, actor, action, subject, details, hash) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: list
SELECT sequence, at, actor, action, subject, details, hash
FROM audit_event WHERE sequence > ? ORDER BY sequence LIMIT ?

-- name: newest
SELECT sequence, at, actor, action, subject, details, hash
FROM audit_event WHERE sequence < ? ORDER BY sequence DESC LIMIT ?

-- name: time_of
SELECT at FROM audit_event WHERE sequence = ?
