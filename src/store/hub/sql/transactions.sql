-- name: find_by_key
SELECT id, endpoint, signer_key, transaction_id, state, renewal, request_hash, request, subject, alternative_names,
       key_type, source, serial, replaces, reason, fail_info, created, updated
FROM enrolment WHERE endpoint = ? AND signer_key = ? AND transaction_id = ?

-- name: find_by_id
SELECT id, endpoint, signer_key, transaction_id, state, renewal, request_hash, request, subject, alternative_names,
       key_type, source, serial, replaces, reason, fail_info, created, updated
FROM enrolment WHERE id = ?

-- name: latest_for_key
SELECT id, endpoint, signer_key, transaction_id, state, renewal, request_hash, request, subject, alternative_names,
       key_type, source, serial, replaces, reason, fail_info, created, updated
FROM enrolment
WHERE id = (SELECT max(id) FROM enrolment WHERE endpoint = ? AND signer_key = ?)

-- name: count_valid_issued
SELECT count(*) FROM enrolment
JOIN certificate ON certificate.serial = enrolment.serial
WHERE enrolment.endpoint = ? AND enrolment.signer_key = ? AND enrolment.state + 0 = 1
  AND certificate.state <> 2 AND certificate.not_after >= ? AND certificate.not_before <= ?

-- name: add
INSERT INTO enrolment (endpoint, signer_key, transaction_id, state, renewal, request_hash, request, subject,
                       alternative_names, key_type, source, serial, replaces, reason, fail_info, created, updated)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (endpoint, signer_key, transaction_id) DO NOTHING

-- name: id_of
-- RETURNING would say it, too, at the price of a temporary table in SQLite.
SELECT id FROM enrolment WHERE endpoint = ? AND signer_key = ? AND transaction_id = ?

-- name: approve
UPDATE enrolment SET state = 1, serial = ?, updated = ?
WHERE id = ? AND state = 0

-- name: reject
-- What was asked for stands in the other columns; the sealed request is not needed any more.
UPDATE enrolment SET state = 2, fail_info = ?, reason = ?, updated = ?, request = ?
WHERE id = ? AND state = 0

-- name: exists
SELECT 1 FROM enrolment WHERE id = ?

-- name: list
SELECT id, endpoint, signer_key, transaction_id, state, renewal, request_hash, request, subject, alternative_names,
       key_type, source, serial, replaces, reason, fail_info, created, updated
FROM enrolment WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?

-- name: list_all
SELECT id, endpoint, signer_key, transaction_id, state, renewal, request_hash, request, subject, alternative_names,
       key_type, source, serial, replaces, reason, fail_info, created, updated
FROM enrolment WHERE id < ? ORDER BY id DESC LIMIT ?

-- name: count
SELECT count(*) FROM enrolment WHERE state = ?

-- name: forget
-- The highest id stays: SQLite would give it to the next request.
DELETE FROM enrolment
WHERE id IN (SELECT id FROM enrolment WHERE state = 2 ORDER BY id LIMIT 10000)
  AND updated < ? AND id <> (SELECT max(id) FROM enrolment)
