-- Until when a busy server asked not to be called.
ALTER TABLE slot ADD COLUMN asked_to_wait_until INTEGER NOT NULL DEFAULT 0;
