-- name: find
SELECT token_hash, account, source, created, last_used FROM web_session WHERE token_hash = ?

-- name: add
INSERT INTO web_session (token_hash, account, source, created, last_used) VALUES (?, ?, ?, ?, ?)

-- name: use
UPDATE web_session SET last_used = ? WHERE token_hash = ?

-- name: remove
DELETE FROM web_session WHERE token_hash = ?

-- name: remove_of
DELETE FROM web_session WHERE account = ?

-- name: remove_created_before
DELETE FROM web_session WHERE created < ?

-- name: remove_used_before
DELETE FROM web_session WHERE last_used < ?
