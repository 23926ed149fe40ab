-- name: list
SELECT store, sha256, der FROM trust ORDER BY store, sha256

-- name: add
INSERT INTO trust (store, sha256, der) VALUES (?, ?, ?) ON CONFLICT (store, sha256) DO NOTHING

-- name: remove
DELETE FROM trust WHERE store = ? AND sha256 = ?
