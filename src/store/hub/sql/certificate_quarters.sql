-- name: count
-- One more that ends in that quarter of an hour; after it is changed.
INSERT INTO certificate_quarter (quarter, certificates)
SELECT not_after / 900, 1 FROM certificate WHERE serial = ? AND state = 1 AND superseded = 0
ON CONFLICT (quarter) DO UPDATE SET certificates = certificate_quarter.certificates + 1

-- name: uncount
-- One less, if this one was counted; before it is changed.
UPDATE certificate_quarter SET certificates = certificates - 1
WHERE quarter = (SELECT not_after / 900 FROM certificate WHERE serial = ? AND state = 1 AND superseded = 0)

-- name: sum
SELECT CAST(COALESCE(sum(certificates), 0) AS INTEGER) FROM certificate_quarter WHERE quarter >= ? AND quarter < ?
