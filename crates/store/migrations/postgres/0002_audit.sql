-- The audit chain. The triggers keep mistakes and simple attacks out; what they cannot keep out, the chain shows.

CREATE TABLE audit (
    seq        BIGINT NOT NULL PRIMARY KEY,
    prev       BYTEA NOT NULL,
    hash       BYTEA NOT NULL,
    mac        BYTEA NOT NULL,
    content    BYTEA NOT NULL,
    at         BIGINT NOT NULL,
    actor      TEXT COLLATE "C" NOT NULL,
    action     TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    area_path  TEXT COLLATE "C" NOT NULL,
    unit       TEXT COLLATE "C",
    outcome    TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL
);

CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_unit ON audit (unit, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE INDEX audit_time ON audit (at, seq);

CREATE TABLE audit_head (
    id   BIGINT NOT NULL PRIMARY KEY CONSTRAINT audit_head_one_row CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE audit_seal (
    seq       BIGINT NOT NULL PRIMARY KEY,
    hash      BYTEA NOT NULL,
    root      BYTEA NOT NULL,
    at        BIGINT NOT NULL,
    key_id    TEXT COLLATE "C" NOT NULL,
    signature BYTEA NOT NULL,
    peaks     BYTEA NOT NULL
);

CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit_append_only' USING ERRCODE = 'restrict_violation'; END $$;

CREATE FUNCTION audit_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_head WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev) THEN
        RAISE EXCEPTION 'audit_follows_head' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_moves_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
    RETURN NULL;
END $$;

-- Writing the same values again is how a transaction takes the lock.
CREATE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NOT (
        (NEW.seq = OLD.seq AND NEW.hash = OLD.hash)
        OR (NEW.seq = OLD.seq + 1
            AND EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND hash = NEW.hash AND prev = OLD.hash))) THEN
        RAISE EXCEPTION 'audit_head_guard' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_follows BEFORE INSERT ON audit
FOR EACH ROW EXECUTE FUNCTION audit_follows();

CREATE TRIGGER audit_moves_head AFTER INSERT ON audit
FOR EACH ROW EXECUTE FUNCTION audit_moves_head();

CREATE TRIGGER audit_head_guard BEFORE UPDATE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_head_guard();

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON audit_seal
FOR EACH ROW EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
