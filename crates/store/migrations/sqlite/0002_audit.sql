-- The audit chain. The triggers keep mistakes and simple attacks out; what they cannot keep out, the chain shows.

CREATE TABLE audit (
    seq        INTEGER NOT NULL PRIMARY KEY,
    prev       BLOB NOT NULL,
    hash       BLOB NOT NULL,
    mac        BLOB NOT NULL,
    content    BLOB NOT NULL,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    area_path  TEXT NOT NULL,
    unit       TEXT,
    outcome    TEXT NOT NULL,
    request_id TEXT NOT NULL
) STRICT;

CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_unit ON audit (unit, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE INDEX audit_time ON audit (at, seq);

CREATE TABLE audit_head (
    id   INTEGER NOT NULL PRIMARY KEY CONSTRAINT audit_head_one_row CHECK (id = 1),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE audit_seal (
    seq       INTEGER NOT NULL PRIMARY KEY,
    hash      BLOB NOT NULL,
    root      BLOB NOT NULL,
    at        INTEGER NOT NULL,
    key_id    TEXT NOT NULL,
    signature BLOB NOT NULL,
    peaks     BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;

CREATE TRIGGER audit_follows BEFORE INSERT ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev)
BEGIN SELECT RAISE(ABORT, 'audit_follows_head'); END;

CREATE TRIGGER audit_moves_head AFTER INSERT ON audit
BEGIN UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1; END;

-- Writing the same values again is how a transaction takes the lock.
CREATE TRIGGER audit_head_guard BEFORE UPDATE ON audit_head
WHEN NEW.id <> OLD.id OR NOT (
    (NEW.seq = OLD.seq AND NEW.hash = OLD.hash)
    OR (NEW.seq = OLD.seq + 1
        AND EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND hash = NEW.hash AND prev = OLD.hash)))
BEGIN SELECT RAISE(ABORT, 'audit_head_guard'); END;

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;

CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;

CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
