-- The key of the audit chain can be changed: every row says which key its MAC is of, and the head which key the chain has come to, so
-- that no node goes back to an older one. Rows there are were written under key 1.

ALTER TABLE audit ADD COLUMN key_number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE audit_head ADD COLUMN key_number INTEGER NOT NULL DEFAULT 1;

DROP TRIGGER audit_follows;
DROP TRIGGER audit_moves_head;
DROP TRIGGER audit_head_guard;

CREATE TRIGGER audit_follows BEFORE INSERT ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev AND key_number <= NEW.key_number)
BEGIN SELECT RAISE(ABORT, 'audit_follows_head'); END;

CREATE TRIGGER audit_moves_head AFTER INSERT ON audit
BEGIN UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash, key_number = NEW.key_number WHERE id = 1; END;

-- Writing the same values again is how a transaction takes the lock.
CREATE TRIGGER audit_head_guard BEFORE UPDATE ON audit_head
WHEN NEW.id <> OLD.id OR NOT (
    (NEW.seq = OLD.seq AND NEW.hash = OLD.hash AND NEW.key_number = OLD.key_number)
    OR (NEW.seq = OLD.seq + 1
        AND EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND hash = NEW.hash AND prev = OLD.hash AND key_number = NEW.key_number)))
BEGIN SELECT RAISE(ABORT, 'audit_head_guard'); END;
