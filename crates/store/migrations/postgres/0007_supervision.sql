-- Supervision of makers: what the issuing department found there, ordered, and what came of it.

CREATE TABLE supervision (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    maker_id  TEXT COLLATE "C" NOT NULL REFERENCES maker (id),
    area_path TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL CONSTRAINT supervision_kind CHECK (kind IN ('inspection', 'finding', 'order')),
    state     TEXT COLLATE "C" NOT NULL CONSTRAINT supervision_state CHECK (state IN ('noted', 'open', 'done'))
);

CREATE INDEX supervision_maker ON supervision (maker_id, id);
CREATE INDEX supervision_place ON supervision (area_path, id);
CREATE INDEX supervision_name ON supervision (name, id);
