-- What lists of certificates, searches and the overview need, so that none of them walks through the table.

-- superseded: a certificate that replaces it was issued. words: those of ca::search_words, each behind a space.
ALTER TABLE certificate ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE certificate ADD COLUMN words TEXT NOT NULL DEFAULT '';
-- Those that were there before words were: the ledger gives them theirs when it opens.
CREATE INDEX certificate_wordless ON certificate (id) WHERE words = '';
UPDATE certificate SET superseded = 1
WHERE serial IN (SELECT replaces FROM certificate WHERE state = 1 AND replaces <> '');

-- In the order of expiry and of subjects, with all that a list's filters look at.
DROP INDEX certificate_expiry;
CREATE INDEX certificate_expiry ON certificate (not_after, id, state, superseded, not_before, endpoint);
CREATE INDEX certificate_subject ON certificate (subject, id, state, superseded, not_after, not_before, endpoint);
CREATE INDEX certificate_fingerprint ON certificate (fingerprint);

-- Without rowid, or each word would stand in the table and once more in the index of its key.
CREATE TABLE certificate_word (
  word TEXT NOT NULL,
  certificate INTEGER NOT NULL,
  PRIMARY KEY (word, certificate)
) STRICT, WITHOUT ROWID;

-- How many issued certificates, neither revoked nor superseded, end on each day (counted since 1970).
CREATE TABLE certificate_day (
  day INTEGER PRIMARY KEY,
  certificates INTEGER NOT NULL
) STRICT;
INSERT INTO certificate_day (day, certificates)
SELECT not_after / 86400, count(*) FROM certificate WHERE state = 1 AND superseded = 0 GROUP BY not_after / 86400;
