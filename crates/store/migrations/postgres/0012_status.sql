-- What the status service lives on: a feed of seals that changed, read by every node several times a second, and the list of seals that
-- are or were not to be used, as it was last published.

CREATE TABLE status_turn (
    id BIGINT NOT NULL PRIMARY KEY CONSTRAINT status_turn_two_rows CHECK (id IN (1, 2))
);

INSERT INTO status_turn (id) VALUES (1), (2);

CREATE TABLE status_feed (
    seq     BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seal_id TEXT COLLATE "C" NOT NULL,
    code    TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL
);

-- The number is drawn at the very end of the transaction and under a lock that is held until it has ended: whoever sees a number has seen
-- every lower one that will ever appear, so that a reader may go on behind the highest it saw.
CREATE FUNCTION status_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM id FROM status_turn WHERE id = 1 FOR UPDATE;
    INSERT INTO status_feed (seal_id, code, at)
    VALUES (NEW.id, NEW.code, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER seal_status_begun AFTER INSERT ON seal DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.state <> 'making') EXECUTE FUNCTION status_noted();

-- Not where only the MAC is renewed.
CREATE CONSTRAINT TRIGGER seal_status_changed AFTER UPDATE ON seal DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.body <> OLD.body OR NEW.state <> OLD.state) EXECUTE FUNCTION status_noted();

-- What a seal has on the list, as JSON; NULL once it is no longer there. changed_in is the number of the list from which on it stands so.
CREATE TABLE status_entry (
    code       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    entry      TEXT COLLATE "C",
    changed_in BIGINT NOT NULL
);

CREATE INDEX status_entry_changed ON status_entry (changed_in, code);

-- Seals there are already are looked at once.
INSERT INTO status_feed (seal_id, code, at)
SELECT id, code, 0 FROM seal WHERE state NOT IN ('making', 'made', 'filed', 'delivered', 'abandoned') ORDER BY id;
