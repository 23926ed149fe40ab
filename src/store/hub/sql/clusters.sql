-- name: next_id
UPDATE highest_id SET id = id + 1 WHERE what = 'cluster'

-- name: add
INSERT INTO cluster (id, name, created) VALUES ((SELECT id FROM highest_id WHERE what = 'cluster'), ?, ?)
ON CONFLICT (name) DO NOTHING

-- name: id_of
SELECT id FROM cluster WHERE name = ?

-- name: find
SELECT id, name, created FROM cluster WHERE id = ?

-- name: list
-- There are few.
SELECT id, name, created FROM cluster ORDER BY name

-- name: rename
UPDATE cluster SET name = ? WHERE id = ?

-- name: remove
DELETE FROM cluster WHERE id = ?

-- name: release_nodes
UPDATE node SET cluster = 0 WHERE cluster = ?
