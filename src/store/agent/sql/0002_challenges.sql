-- Challenges by their SHA-256: which the authority refused last, and which what was received was asked for with.

ALTER TABLE slot ADD COLUMN refused_challenge BLOB NOT NULL DEFAULT x'';
ALTER TABLE received ADD COLUMN challenge BLOB NOT NULL DEFAULT x'';
