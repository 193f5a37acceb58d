-- Supervision of units: tickets, drills of emergency measures, rules of use.

CREATE TABLE ticket (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    state          TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_state CHECK (state IN ('noted', 'open', 'answered', 'accepted', 'closed')),
    kind           TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_kind CHECK (kind IN ('inspection', 'finding', 'order')),
    name           TEXT COLLATE "C" NOT NULL,
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id),
    due            BIGINT,
    created_at     BIGINT NOT NULL
);

CREATE INDEX ticket_place ON ticket (area_path, id);
CREATE INDEX ticket_place_state ON ticket (state, area_path, id);
CREATE INDEX ticket_name ON ticket (name, id);
CREATE INDEX ticket_unit ON ticket (unit_id, id);
CREATE INDEX ticket_parent_unit ON ticket (parent_unit_id, id);
-- What is overdue in an area is counted in the index alone.
CREATE INDEX ticket_overdue ON ticket (due, area_path) WHERE state = 'open';

CREATE TABLE drill (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    target    TEXT COLLATE "C" NOT NULL CONSTRAINT drill_target CHECK (target IN ('issuer', 'unit', 'area', 'maker')),
    state     TEXT COLLATE "C" NOT NULL CONSTRAINT drill_state CHECK (state IN ('held', 'carried_out')),
    at        BIGINT NOT NULL
);

CREATE INDEX drill_place ON drill (area_path, id);

CREATE TABLE use_rules (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES unit (id),
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id),
    reviewed_on    TEXT COLLATE "C" NOT NULL
);

CREATE INDEX use_rules_place ON use_rules (area_path, id);

CREATE TRIGGER ticket_stays BEFORE DELETE ON ticket FOR EACH ROW EXECUTE FUNCTION refuse('ticket_stays');
CREATE TRIGGER drill_stays BEFORE DELETE ON drill FOR EACH ROW EXECUTE FUNCTION refuse('drill_stays');
CREATE TRIGGER use_rules_stays BEFORE DELETE ON use_rules FOR EACH ROW EXECUTE FUNCTION refuse('use_rules_stays');
-- A ticket that has ended stays as it ended.
CREATE TRIGGER ticket_is_final BEFORE UPDATE ON ticket FOR EACH ROW
WHEN (OLD.state IN ('noted', 'accepted', 'closed') AND (NEW.state <> OLD.state OR NEW.version <> OLD.version))
EXECUTE FUNCTION refuse('ticket_is_final');
