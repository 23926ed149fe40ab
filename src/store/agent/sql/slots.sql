-- name: list
SELECT name, phase, method, next_attempt, decided, failures, polls, rejected, last_error, given_out_until,
  clock_was_wrong, spent_challenge, refused_challenge, active_sha256, not_before, not_after, installed_at, renew_at,
  asked_to_wait_until
FROM slot ORDER BY name

-- name: save
INSERT INTO slot (name, phase, method, next_attempt, decided, failures, polls, rejected, last_error, given_out_until,
  clock_was_wrong, spent_challenge, refused_challenge, active_sha256, not_before, not_after, installed_at, renew_at,
  asked_to_wait_until)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET phase = excluded.phase, method = excluded.method,
  next_attempt = excluded.next_attempt, decided = excluded.decided, failures = excluded.failures,
  polls = excluded.polls, rejected = excluded.rejected, last_error = excluded.last_error,
  given_out_until = excluded.given_out_until, clock_was_wrong = excluded.clock_was_wrong,
  spent_challenge = excluded.spent_challenge, refused_challenge = excluded.refused_challenge,
  active_sha256 = excluded.active_sha256, not_before = excluded.not_before, not_after = excluded.not_after,
  installed_at = excluded.installed_at, renew_at = excluded.renew_at,
  asked_to_wait_until = excluded.asked_to_wait_until

-- name: forget
DELETE FROM slot WHERE name = ?
