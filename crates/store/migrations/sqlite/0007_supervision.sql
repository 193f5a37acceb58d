-- Supervision of makers: what the issuing department found there, ordered, and what came of it.

CREATE TABLE supervision (
    id        TEXT NOT NULL PRIMARY KEY,
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,
    mac       BLOB NOT NULL,
    maker_id  TEXT NOT NULL REFERENCES maker (id),
    area_path TEXT NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL CONSTRAINT supervision_kind CHECK (kind IN ('inspection', 'finding', 'order')),
    state     TEXT NOT NULL CONSTRAINT supervision_state CHECK (state IN ('noted', 'open', 'done'))
) STRICT;

CREATE INDEX supervision_maker ON supervision (maker_id, id);
CREATE INDEX supervision_place ON supervision (area_path, id);
CREATE INDEX supervision_name ON supervision (name, id);
