-- name: add_intent
INSERT INTO certificate (serial, generation, endpoint, state, subject, alternative_names, not_before, not_after,
                         key_fingerprint, reason, replaces, created, words)
VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, 0, ?, ?, ?)
ON CONFLICT (serial) DO NOTHING

-- name: add_word
INSERT INTO certificate_word (word, certificate) VALUES (?, ?)

-- name: id_of
SELECT id FROM certificate WHERE serial = ?

-- name: without_words
SELECT id, serial, subject, alternative_names FROM certificate WHERE words = '' ORDER BY id LIMIT 1000

-- name: set_words
UPDATE certificate SET words = ? WHERE id = ?

-- name: count_word
-- Whether a word is rare: no more than so many are looked at.
SELECT count(*) FROM (SELECT 1 FROM certificate_word WHERE word >= ? AND word < ? LIMIT ?) AS few

-- name: add_tbs
INSERT INTO certificate_tbs (certificate, tbs) VALUES (?, ?)

-- name: record_issued
-- Only an intent becomes a certificate: one that was revoked meanwhile stays so.
UPDATE certificate SET state = 1, fingerprint = ?
WHERE serial = ? AND state = 0

-- name: count_day
-- One more that ends on that day; after it is changed.
INSERT INTO certificate_day (day, certificates)
SELECT not_after / 86400, 1 FROM certificate WHERE serial = ? AND state = 1 AND superseded = 0
ON CONFLICT (day) DO UPDATE SET certificates = certificate_day.certificates + 1

-- name: uncount_day
-- One less, if this one was counted; before it is changed.
UPDATE certificate_day SET certificates = certificates - 1
WHERE day = (SELECT not_after / 86400 FROM certificate WHERE serial = ? AND state = 1 AND superseded = 0)

-- name: replaced_by
SELECT replaces FROM certificate WHERE serial = ?

-- name: renewals_of
SELECT serial, generation, endpoint, state, subject, alternative_names, not_before, not_after, key_fingerprint,
       fingerprint, revoked_at, reason, replaces, created, superseded
FROM certificate WHERE replaces = ? AND replaces <> '' ORDER BY id

-- name: renewed
-- Whether a certificate that renews it is good.
SELECT 1 FROM certificate WHERE replaces = ? AND replaces <> '' AND state + 0 = 1 LIMIT 1

-- name: set_superseded
UPDATE certificate SET superseded = ? WHERE serial = ?

-- name: count_state
SELECT count(*) FROM (SELECT 1 FROM certificate WHERE state = ? LIMIT ?) AS few

-- name: count_window
SELECT count(*) FROM (SELECT 1 FROM certificate WHERE not_after >= ? AND not_after < ? LIMIT ?) AS few

-- name: highest
SELECT COALESCE(max(id), 0) FROM certificate

-- name: add_der
INSERT INTO certificate_der (certificate, der) SELECT id, ? FROM certificate WHERE serial = ?

-- name: find
SELECT serial, generation, endpoint, state, subject, alternative_names, not_before, not_after, key_fingerprint,
       fingerprint, revoked_at, reason, replaces, created, superseded, tbs, der
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

-- name: release
-- Only what is on hold. What was never signed is an intent again.
UPDATE certificate SET state = CASE WHEN fingerprint IS NULL THEN 0 ELSE 1 END, revoked_at = NULL, reason = 0
WHERE serial = ? AND state = 2 AND reason = 6

-- name: note_change
-- Its generation's CRL is due.
INSERT INTO crl_change (generation, changes, listed)
SELECT generation, 1, 0 FROM certificate WHERE serial = ?
ON CONFLICT (generation) DO UPDATE SET changes = crl_change.changes + 1

-- name: revoked
SELECT serial, revoked_at, reason FROM certificate
WHERE generation = ? AND not_after >= ? AND state = 2
ORDER BY not_after

-- name: add_revoked_before
INSERT INTO revoked_before (generation, serial, revoked_at, reason) VALUES (?, ?, ?, ?)
ON CONFLICT (generation, serial) DO NOTHING

-- name: revoked_before
SELECT serial, revoked_at, reason FROM revoked_before WHERE generation = ? ORDER BY serial

-- name: count_valid_for_key
SELECT count(*) FROM certificate
WHERE key_fingerprint = ? AND not_after >= ? AND not_before <= ? AND state = 1

-- name: intents_before
SELECT serial, generation, endpoint, state, subject, alternative_names, not_before, not_after, key_fingerprint,
       fingerprint, revoked_at, reason, replaces, created, superseded, tbs
FROM certificate
JOIN certificate_tbs ON certificate_tbs.certificate = certificate.id
WHERE state = 0 AND created < ?
ORDER BY id

-- name: find_by_fingerprint
SELECT serial FROM certificate WHERE fingerprint = ?

-- name: knows
SELECT 1 FROM certificate WHERE fingerprint = ?

-- name: place
-- Where a row stands in each order.
SELECT not_after, subject FROM certificate WHERE id = ?

-- name: count_days
SELECT CAST(COALESCE(sum(certificates), 0) AS INTEGER) FROM certificate_day WHERE day >= ? AND day < ?

-- name: count_current
SELECT count(*) FROM certificate WHERE not_after >= ? AND not_after < ? AND state + 0 = 1 AND superseded = 0

-- name: count_expiring
-- Of those, what is in the last fifth of its life.
SELECT count(*) FROM certificate
WHERE not_after >= ? AND not_after < ? AND state + 0 = 1 AND superseded = 0
  AND (? - not_before) * 5 >= (not_after - not_before) * 4
