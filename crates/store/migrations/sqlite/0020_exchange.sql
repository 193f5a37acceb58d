-- Other seal systems that are recognized, and their trust lists.

CREATE TABLE peer (
    id        TEXT NOT NULL PRIMARY KEY,
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,
    mac       BLOB NOT NULL,
    code      TEXT NOT NULL,
    area_path TEXT NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL CONSTRAINT peer_kind CHECK (kind IN ('national', 'province', 'city', 'district', 'engraving', 'business')),
    state     TEXT NOT NULL CONSTRAINT peer_state CHECK (state IN ('proposed', 'confirmed', 'suspended', 'ended'))
) STRICT;

-- One system has a code; one that ended may come back under it.
CREATE UNIQUE INDEX peer_code ON peer (code) WHERE state <> 'ended';
CREATE INDEX peer_place ON peer (area_path, id);
CREATE INDEX peer_name ON peer (name, id);
CREATE INDEX peer_relied_on ON peer (id) WHERE state IN ('confirmed', 'suspended');

CREATE TABLE peer_list (
    id          TEXT NOT NULL PRIMARY KEY REFERENCES peer (id),
    version     INTEGER NOT NULL,
    body        TEXT NOT NULL,
    mac         BLOB NOT NULL,
    number      INTEGER NOT NULL,
    next_update INTEGER NOT NULL
) STRICT;

CREATE TRIGGER peer_stays BEFORE DELETE ON peer BEGIN SELECT RAISE(ABORT, 'peer_stays'); END;
CREATE TRIGGER peer_list_stays BEFORE DELETE ON peer_list BEGIN SELECT RAISE(ABORT, 'peer_list_stays'); END;
-- What ended stays so, and a code stays that of its system.
CREATE TRIGGER peer_is_final BEFORE UPDATE ON peer
WHEN NEW.id <> OLD.id OR NEW.code <> OLD.code
     OR (OLD.state = 'ended' AND (NEW.state <> OLD.state OR NEW.version <> OLD.version))
BEGIN SELECT RAISE(ABORT, 'peer_is_final'); END;
-- An older list never takes the place of a newer one.
CREATE TRIGGER peer_list_grows BEFORE UPDATE ON peer_list
WHEN NEW.version <> OLD.version AND NEW.number <= OLD.number
BEGIN SELECT RAISE(ABORT, 'peer_list_grows'); END;
