-- name: add
INSERT INTO challenge (id, endpoint, secret_hash, subject, alternative_names, created, expires, used, used_by, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING

-- name: find
SELECT id, endpoint, secret_hash, subject, alternative_names, created, expires, used, used_by, note
FROM challenge WHERE id = ?

-- name: use
-- Of two that present the same challenge, one changes a row.
UPDATE challenge SET used = ?, used_by = ?
WHERE id = ? AND used IS NULL AND expires > ?

-- name: list
SELECT id, endpoint, secret_hash, subject, alternative_names, created, expires, used, used_by, note
FROM challenge WHERE endpoint = ? ORDER BY number DESC LIMIT ?

-- name: list_all
SELECT id, endpoint, secret_hash, subject, alternative_names, created, expires, used, used_by, note
FROM challenge ORDER BY number DESC LIMIT ?

-- name: remove
DELETE FROM challenge WHERE id = ?

-- name: remove_expired
-- One that leads from a certificate to its node stays.
DELETE FROM challenge
WHERE expires < ? AND NOT EXISTS (SELECT 1 FROM node_challenge WHERE node_challenge.challenge = challenge.id)
