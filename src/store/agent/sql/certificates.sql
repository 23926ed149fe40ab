-- name: forget
DELETE FROM certificate WHERE slot = ? AND sha256 = ?

-- name: add
INSERT INTO certificate (sha256, slot, der, installed_at) VALUES (?, ?, ?, ?)

-- name: remove_old
DELETE FROM certificate WHERE slot = ? AND id NOT IN
  (SELECT kept.id FROM certificate AS kept WHERE kept.slot = ? ORDER BY kept.id DESC LIMIT ?)

-- name: list
SELECT sha256, slot, der, installed_at FROM certificate ORDER BY id DESC
