-- name: find
SELECT acknowledged_event FROM link WHERE id = 1

-- name: save
UPDATE link SET acknowledged_event = ? WHERE id = 1
