-- Orders of all nodes, newest first, by what became of them and by what was asked: no list walks through the others.
CREATE INDEX node_order_state ON node_order (state, id, finished);
CREATE INDEX node_order_verb ON node_order (verb, id);
CREATE INDEX node_order_state_verb ON node_order (state, verb, id, finished);
