-- name: all
SELECT name, settings FROM endpoint ORDER BY name

-- name: put
INSERT INTO endpoint (name, settings) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET settings = excluded.settings

-- name: remove
DELETE FROM endpoint WHERE name = ?
