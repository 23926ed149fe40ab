-- name: find
SELECT name, role, password_hash, must_change_password, disabled, failures, locked_until, created, last_sign_in
FROM account WHERE name = ?

-- name: all
SELECT name, role, password_hash, must_change_password, disabled, failures, locked_until, created, last_sign_in
FROM account ORDER BY name

-- name: add
INSERT INTO account (name, role, password_hash, must_change_password, disabled, failures, locked_until, created,
                     last_sign_in)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO NOTHING

-- name: change
UPDATE account SET role = ?, password_hash = ?, must_change_password = ?, disabled = ?, failures = ?,
                   locked_until = ?, last_sign_in = ?
WHERE name = ?

-- name: remove
DELETE FROM account WHERE name = ?
