-- Who may use the web pages, and who is signed in. "user" and "session" are words of SQL.

-- role: 0 auditor, 1 operator, 2 administrator. failures: sign-ins that failed since the last one that did not.
CREATE TABLE account (
  name TEXT PRIMARY KEY,
  role INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  must_change_password INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  locked_until INTEGER,
  created INTEGER NOT NULL,
  last_sign_in INTEGER
) STRICT;

-- The token itself is known to the browser only.
CREATE TABLE web_session (
  token_hash BLOB PRIMARY KEY,
  account TEXT NOT NULL,
  source TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL
) STRICT;
CREATE INDEX web_session_account ON web_session (account);
CREATE INDEX web_session_created ON web_session (created);
CREATE INDEX web_session_last_used ON web_session (last_used);
