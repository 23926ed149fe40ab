-- When some node was last known to report the certificate: what none has reported for long is forgotten. Of those that
-- are there already nobody knows; those that nodes still have are found at the first look.
ALTER TABLE foreign_certificate ADD COLUMN reported INTEGER NOT NULL DEFAULT 0;
CREATE INDEX foreign_certificate_reported ON foreign_certificate (reported);
