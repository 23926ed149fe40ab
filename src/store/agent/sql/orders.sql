-- name: find
SELECT begun, result, content FROM hub_order WHERE id = ?

-- name: remove_other
DELETE FROM hub_order WHERE id = ? AND content <> ?

-- name: begin
INSERT INTO hub_order (id, content, begun, result, acknowledged) VALUES (?, ?, ?, NULL, 0) ON CONFLICT (id) DO NOTHING

-- name: remove_old
DELETE FROM hub_order WHERE result IS NOT NULL AND number <= (SELECT max(number) FROM hub_order) - ?

-- name: finish
UPDATE hub_order SET result = ?, acknowledged = 0 WHERE id = ?

-- name: unacknowledged
SELECT result FROM hub_order WHERE result IS NOT NULL AND acknowledged = 0 ORDER BY number LIMIT ?

-- name: acknowledge
UPDATE hub_order SET acknowledged = 1 WHERE id = ?
