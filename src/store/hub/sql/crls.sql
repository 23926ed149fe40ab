-- name: latest
SELECT generation, number, this_update, next_update, der
FROM crl WHERE generation = ? ORDER BY number DESC LIMIT 1

-- name: forget
-- The latest few are kept for whoever asks what was said when.
DELETE FROM crl WHERE generation = ? AND number <= ?

-- name: changes
SELECT changes, listed FROM crl_change WHERE generation = ?

-- name: note_listed
UPDATE crl_change SET listed = ? WHERE generation = ?

-- name: add
INSERT INTO crl (generation, number, this_update, next_update, der) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (generation, number) DO NOTHING
