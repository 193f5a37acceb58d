-- Other seal systems that are recognized, and their trust lists.

CREATE TABLE peer (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    code      TEXT COLLATE "C" NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL CONSTRAINT peer_kind CHECK (kind IN ('national', 'province', 'city', 'district', 'engraving', 'business')),
    state     TEXT COLLATE "C" NOT NULL CONSTRAINT peer_state CHECK (state IN ('proposed', 'confirmed', 'suspended', 'ended'))
);

-- One system has a code; one that ended may come back under it.
CREATE UNIQUE INDEX peer_code ON peer (code) WHERE state <> 'ended';
CREATE INDEX peer_place ON peer (area_path, id);
CREATE INDEX peer_name ON peer (name, id);
CREATE INDEX peer_relied_on ON peer (id) WHERE state IN ('confirmed', 'suspended');

CREATE TABLE peer_list (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES peer (id),
    version     BIGINT NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    mac         BYTEA NOT NULL,
    number      BIGINT NOT NULL,
    next_update BIGINT NOT NULL
);

CREATE TRIGGER peer_stays BEFORE DELETE ON peer FOR EACH ROW EXECUTE FUNCTION refuse('peer_stays');
CREATE TRIGGER peer_list_stays BEFORE DELETE ON peer_list FOR EACH ROW EXECUTE FUNCTION refuse('peer_list_stays');
-- What ended stays so, and a code stays that of its system.
CREATE TRIGGER peer_is_final BEFORE UPDATE ON peer FOR EACH ROW
WHEN (NEW.id <> OLD.id OR NEW.code <> OLD.code
     OR (OLD.state = 'ended' AND (NEW.state <> OLD.state OR NEW.version <> OLD.version)))
EXECUTE FUNCTION refuse('peer_is_final');
-- An older list never takes the place of a newer one.
CREATE TRIGGER peer_list_grows BEFORE UPDATE ON peer_list FOR EACH ROW
WHEN (NEW.version <> OLD.version AND NEW.number <= OLD.number)
EXECUTE FUNCTION refuse('peer_list_grows');
