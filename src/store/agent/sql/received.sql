-- name: keep
INSERT INTO received (slot, url, fingerprint, certificate, challenge) VALUES (?, ?, ?, ?, ?)

-- name: keep_beside
INSERT INTO received_beside (slot, role, place, certificate) VALUES (?, ?, ?, ?)

-- name: find
SELECT url, fingerprint, certificate, challenge FROM received WHERE slot = ?

-- name: find_beside
SELECT certificate FROM received_beside WHERE slot = ? AND role = ? ORDER BY place

-- name: forget
DELETE FROM received WHERE slot = ?

-- name: forget_beside
DELETE FROM received_beside WHERE slot = ?
