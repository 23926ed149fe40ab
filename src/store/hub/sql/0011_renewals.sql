-- From a certificate to those that renew it: what is revoked later shuts out the earlier ones, too.
CREATE INDEX certificate_replaces ON certificate (replaces, id) WHERE replaces <> '';

-- superseded: a certificate that replaces it was issued, and is not revoked. Until now it was hidden behind a revoked
-- one, too.
UPDATE certificate SET superseded = 0
WHERE superseded = 1 AND NOT EXISTS (
  SELECT 1 FROM certificate AS later
  WHERE later.replaces = certificate.serial AND later.replaces <> '' AND later.state + 0 = 1);
DELETE FROM certificate_day;
INSERT INTO certificate_day (day, certificates)
SELECT not_after / 86400, count(*) FROM certificate WHERE state = 1 AND superseded = 0 GROUP BY not_after / 86400;
DELETE FROM certificate_quarter;
INSERT INTO certificate_quarter (quarter, certificates)
SELECT not_after / 900, count(*) FROM certificate WHERE state = 1 AND superseded = 0 GROUP BY not_after / 900;
