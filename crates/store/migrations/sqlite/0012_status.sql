-- What the status service lives on: a feed of seals that changed, read several times a second, and the list of seals that are or were
-- not to be used, as it was last published.

CREATE TABLE status_turn (
    id INTEGER NOT NULL PRIMARY KEY CONSTRAINT status_turn_two_rows CHECK (id IN (1, 2))
) STRICT;

INSERT INTO status_turn (id) VALUES (1), (2);

-- There is one writer: numbers appear in their order.
CREATE TABLE status_feed (
    seq     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    seal_id TEXT NOT NULL,
    code    TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE TRIGGER seal_status_begun AFTER INSERT ON seal WHEN NEW.state <> 'making'
BEGIN INSERT INTO status_feed (seal_id, code, at)
VALUES (NEW.id, NEW.code, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)); END;

-- Not where only the MAC is renewed.
CREATE TRIGGER seal_status_changed AFTER UPDATE ON seal WHEN NEW.body <> OLD.body OR NEW.state <> OLD.state
BEGIN INSERT INTO status_feed (seal_id, code, at)
VALUES (NEW.id, NEW.code, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)); END;

-- What a seal has on the list, as JSON; NULL once it is no longer there. changed_in is the number of the list from which on it stands so.
CREATE TABLE status_entry (
    code       TEXT NOT NULL PRIMARY KEY,
    entry      TEXT,
    changed_in INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX status_entry_changed ON status_entry (changed_in, code);

-- Seals there are already are looked at once.
INSERT INTO status_feed (seal_id, code, at)
SELECT id, code, 0 FROM seal WHERE state NOT IN ('making', 'made', 'filed', 'delivered', 'abandoned') ORDER BY id;
