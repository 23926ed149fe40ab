-- name: add_intent
INSERT INTO certificate (serial, generation, endpoint, state, subject, alternative_names, not_before, not_after,
                         key_fingerprint, reason, replaces, created)
VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, 0, ?, ?)
ON CONFLICT (serial) DO NOTHING

-- name: add_tbs
INSERT INTO certificate_tbs (certificate, tbs) SELECT id, ? FROM certificate WHERE serial = ?

-- name: record_issued
-- Only an intent becomes a certificate: one that was revoked meanwhile stays so.
UPDATE certificate SET state = 1, fingerprint = ?
WHERE serial = ? AND state = 0

-- name: add_der
INSERT INTO certificate_der (certificate, der) SELECT id, ? FROM certificate WHERE serial = ?

-- name: find
SELECT serial, generation, endpoint, state, subject, alternative_names, not_before, not_after, key_fingerprint,
       fingerprint, revoked_at, reason, replaces, created, tbs, der
FROM certificate
LEFT JOIN certificate_tbs ON certificate_tbs.certificate = certificate.id
LEFT JOIN certificate_der ON certificate_der.certificate = certificate.id
WHERE serial = ?

-- name: exists
SELECT 1 FROM certificate WHERE serial = ?

-- name: revoke
-- Once, or again if it was only on hold (reason 6).
UPDATE certificate SET state = 2, revoked_at = ?, reason = ?
WHERE serial = ? AND (state <> 2 OR reason = 6)

-- name: revoked
SELECT serial, revoked_at, reason FROM certificate
WHERE generation = ? AND not_after >= ? AND state = 2
ORDER BY not_after

-- name: count_valid_for_key
SELECT count(*) FROM certificate
WHERE key_fingerprint = ? AND not_after >= ? AND not_before <= ? AND state = 1

-- name: intents_before
SELECT serial, generation, endpoint, state, subject, alternative_names, not_before, not_after, key_fingerprint,
       fingerprint, revoked_at, reason, replaces, created, tbs
FROM certificate
JOIN certificate_tbs ON certificate_tbs.certificate = certificate.id
WHERE state = 0 AND created < ?
ORDER BY id
