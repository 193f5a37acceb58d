-- Supervision of units: tickets, drills of emergency measures, rules of use.

CREATE TABLE ticket (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT ticket_state CHECK (state IN ('noted', 'open', 'answered', 'accepted', 'closed')),
    kind           TEXT NOT NULL CONSTRAINT ticket_kind CHECK (kind IN ('inspection', 'finding', 'order')),
    name           TEXT NOT NULL,
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    due            INTEGER,
    created_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX ticket_place ON ticket (area_path, id);
CREATE INDEX ticket_place_state ON ticket (state, area_path, id);
CREATE INDEX ticket_name ON ticket (name, id);
CREATE INDEX ticket_unit ON ticket (unit_id, id);
CREATE INDEX ticket_parent_unit ON ticket (parent_unit_id, id);
-- What is overdue in an area is counted in the index alone.
CREATE INDEX ticket_overdue ON ticket (due, area_path) WHERE state = 'open';

CREATE TABLE drill (
    id        TEXT NOT NULL PRIMARY KEY,
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,
    mac       BLOB NOT NULL,
    area_path TEXT NOT NULL,
    target    TEXT NOT NULL CONSTRAINT drill_target CHECK (target IN ('issuer', 'unit', 'area', 'maker')),
    state     TEXT NOT NULL CONSTRAINT drill_state CHECK (state IN ('held', 'carried_out')),
    at        INTEGER NOT NULL
) STRICT;

CREATE INDEX drill_place ON drill (area_path, id);

CREATE TABLE use_rules (
    id             TEXT NOT NULL PRIMARY KEY REFERENCES unit (id),
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    reviewed_on    TEXT NOT NULL
) STRICT;

CREATE INDEX use_rules_place ON use_rules (area_path, id);

CREATE TRIGGER ticket_stays BEFORE DELETE ON ticket BEGIN SELECT RAISE(ABORT, 'ticket_stays'); END;
CREATE TRIGGER drill_stays BEFORE DELETE ON drill BEGIN SELECT RAISE(ABORT, 'drill_stays'); END;
CREATE TRIGGER use_rules_stays BEFORE DELETE ON use_rules BEGIN SELECT RAISE(ABORT, 'use_rules_stays'); END;
-- A ticket that has ended stays as it ended.
CREATE TRIGGER ticket_is_final BEFORE UPDATE ON ticket
WHEN OLD.state IN ('noted', 'accepted', 'closed') AND (NEW.state <> OLD.state OR NEW.version <> OLD.version)
BEGIN SELECT RAISE(ABORT, 'ticket_is_final'); END;
