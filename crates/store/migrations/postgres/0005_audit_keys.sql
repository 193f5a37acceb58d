-- The key of the audit chain can be changed: every row says which key its MAC is of, and the head which key the chain has come to, so
-- that no node goes back to an older one. Rows there are were written under key 1.

ALTER TABLE audit ADD COLUMN key_number BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit_head ADD COLUMN key_number BIGINT NOT NULL DEFAULT 1;

CREATE OR REPLACE FUNCTION audit_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_head WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev
                   AND key_number <= NEW.key_number) THEN
        RAISE EXCEPTION 'audit_follows_head' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit_moves_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash, key_number = NEW.key_number WHERE id = 1;
    RETURN NULL;
END $$;

-- Writing the same values again is how a transaction takes the lock.
CREATE OR REPLACE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NOT (
        (NEW.seq = OLD.seq AND NEW.hash = OLD.hash AND NEW.key_number = OLD.key_number)
        OR (NEW.seq = OLD.seq + 1
            AND EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND hash = NEW.hash AND prev = OLD.hash
                        AND key_number = NEW.key_number))) THEN
        RAISE EXCEPTION 'audit_head_guard' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
