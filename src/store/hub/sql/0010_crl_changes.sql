-- How often certificates of a generation were revoked or released, and how many of these changes its latest CRL has. A
-- CRL is due while the two differ: what a crash leaves between a revocation and its CRL.
CREATE TABLE crl_change (
  generation INTEGER PRIMARY KEY,
  changes INTEGER NOT NULL,
  listed INTEGER NOT NULL
) STRICT;
-- Nobody knows what a crash left before: each generation gets a fresh CRL.
INSERT INTO crl_change (generation, changes, listed)
SELECT generation, 1, 0 FROM crl WHERE generation > 0 GROUP BY generation;
