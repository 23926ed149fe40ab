-- What was asked by an order, by its SHA-256: only the same order is answered with the result that is kept. Those that
-- were there before have none, and are done again when they come again.

ALTER TABLE hub_order ADD COLUMN content BLOB NOT NULL DEFAULT x'';
