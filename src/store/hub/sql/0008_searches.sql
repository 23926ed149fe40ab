-- From what slots hold to what became of it since.
CREATE INDEX node_slot_serial ON node_slot (serial, node);

-- Searches in the audit trail, each in the order of time. Events of one second are in that of their sequence, which
-- stands at the end of every index.
CREATE INDEX audit_event_at ON audit_event (at);
CREATE INDEX audit_event_action ON audit_event (action, at);
CREATE INDEX audit_event_actor ON audit_event (actor, at);
CREATE INDEX audit_event_subject ON audit_event (subject, at);
