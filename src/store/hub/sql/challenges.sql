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

-- name: id_used_by
SELECT id FROM challenge WHERE used_by = ? LIMIT 1

-- name: hand_over
UPDATE challenge SET used_by = ? WHERE used_by = ?

-- name: list
SELECT id, endpoint, secret_hash, subject, alternative_names, created, expires, used, used_by, note, number
FROM challenge WHERE endpoint = ? AND number < ? ORDER BY number DESC LIMIT ?

-- name: list_all
SELECT id, endpoint, secret_hash, subject, alternative_names, created, expires, used, used_by, note, number
FROM challenge WHERE number < ? ORDER BY number DESC LIMIT ?

-- name: remove
DELETE FROM challenge WHERE id = ?

-- name: place_expired
-- What led from a certificate to its node by way of a challenge leads there without it from now on.
INSERT INTO node_certificate (serial, node, slot)
SELECT challenge.used_by, node_challenge.node, node_challenge.slot
FROM challenge JOIN node_challenge ON node_challenge.challenge = challenge.id
WHERE challenge.expires < ? AND challenge.used IS NOT NULL AND substr(challenge.used_by, 1, 8) <> 'request '
ON CONFLICT (serial) DO NOTHING

-- name: place_expired_requests
-- The same, where a request that had to wait became a certificate.
INSERT INTO node_certificate (serial, node, slot)
SELECT enrolment.serial, node_challenge.node, node_challenge.slot
FROM challenge JOIN node_challenge ON node_challenge.challenge = challenge.id
               JOIN enrolment ON enrolment.id = CASE WHEN substr(challenge.used_by, 1, 8) = 'request '
                                                     THEN CAST(substr(challenge.used_by, 9) AS INTEGER) END
WHERE challenge.expires < ? AND enrolment.serial <> ''
ON CONFLICT (serial) DO NOTHING

-- name: forget_expired_places
-- One whose request waits still is needed when it is granted.
DELETE FROM node_challenge
WHERE challenge IN (
  SELECT id FROM challenge
  WHERE expires < ? AND NOT EXISTS (SELECT 1 FROM enrolment
                                    WHERE enrolment.id = CASE WHEN substr(challenge.used_by, 1, 8) = 'request '
                                                              THEN CAST(substr(challenge.used_by, 9) AS INTEGER) END
                                      AND enrolment.state = 0))

-- name: remove_expired
DELETE FROM challenge
WHERE expires < ? AND NOT EXISTS (SELECT 1 FROM node_challenge WHERE node_challenge.challenge = challenge.id)
