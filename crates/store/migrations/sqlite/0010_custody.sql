-- Custody and use of seals: who keeps a seal, who may use it and how that is approved, each request with its documents, and the register
-- of every try, which is only ever added to.

CREATE TABLE custody (
    id             TEXT NOT NULL PRIMARY KEY REFERENCES seal (id),
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT custody_state CHECK (state IN ('vacant', 'offered', 'kept', 'handing_over', 'ended')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    keeper_id      TEXT,
    check_due      INTEGER
) STRICT;

CREATE INDEX custody_place ON custody (area_path, id);
CREATE INDEX custody_place_state ON custody (state, area_path, id);
CREATE INDEX custody_unit ON custody (unit_id, id);
CREATE INDEX custody_parent_unit ON custody (parent_unit_id, id);

CREATE TABLE activation (
    id             TEXT NOT NULL PRIMARY KEY REFERENCES seal (id),
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    keeper_id      TEXT NOT NULL,
    ends_at        INTEGER NOT NULL
) STRICT;

CREATE TABLE use_grant (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT use_grant_state CHECK (state IN ('live', 'used_up', 'revoked', 'over')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    seal_id        TEXT NOT NULL REFERENCES seal (id),
    grantee        TEXT NOT NULL,
    until          INTEGER NOT NULL
) STRICT;

CREATE INDEX use_grant_place ON use_grant (area_path, id);
CREATE INDEX use_grant_place_state ON use_grant (state, area_path, id);
CREATE INDEX use_grant_unit ON use_grant (unit_id, id);
CREATE INDEX use_grant_parent_unit ON use_grant (parent_unit_id, id);
CREATE INDEX use_grant_seal ON use_grant (seal_id, id);

CREATE TABLE approval_flow (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT approval_flow_state CHECK (state IN ('live', 'retired')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    name           TEXT NOT NULL
) STRICT;

CREATE INDEX approval_flow_place ON approval_flow (area_path, id);
CREATE INDEX approval_flow_place_state ON approval_flow (state, area_path, id);
CREATE INDEX approval_flow_unit ON approval_flow (unit_id, id);
CREATE INDEX approval_flow_parent_unit ON approval_flow (parent_unit_id, id);
CREATE INDEX approval_flow_unit_live ON approval_flow (unit_id, state, id);

CREATE TABLE standing (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT standing_state CHECK (state IN ('proposed', 'live', 'refused', 'used_up', 'revoked', 'over')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    seal_id        TEXT NOT NULL REFERENCES seal (id),
    client_id      TEXT NOT NULL,
    until          INTEGER NOT NULL
) STRICT;

CREATE INDEX standing_place ON standing (area_path, id);
CREATE INDEX standing_place_state ON standing (state, area_path, id);
CREATE INDEX standing_unit ON standing (unit_id, id);
CREATE INDEX standing_parent_unit ON standing (parent_unit_id, id);
CREATE INDEX standing_seal ON standing (seal_id, id);

CREATE TABLE use_request (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT use_request_state CHECK (state IN ('draft', 'pending', 'approved', 'signing', 'done', 'partial', 'refused', 'withdrawn', 'lapsed')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    seal_id        TEXT NOT NULL REFERENCES seal (id),
    number         TEXT NOT NULL,
    asked_by       TEXT NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX use_request_number ON use_request (number);
CREATE INDEX use_request_place ON use_request (area_path, id);
CREATE INDEX use_request_place_state ON use_request (state, area_path, id);
CREATE INDEX use_request_unit ON use_request (unit_id, id);
CREATE INDEX use_request_parent_unit ON use_request (parent_unit_id, id);
CREATE INDEX use_request_seal ON use_request (seal_id, id);

CREATE TABLE use_item (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT use_item_state CHECK (state IN ('waiting', 'signing', 'signed', 'failed', 'dropped')),
    request_id     TEXT NOT NULL REFERENCES use_request (id),
    place          INTEGER NOT NULL,
    digest         TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX use_item_place ON use_item (request_id, place);
CREATE INDEX use_item_request_state ON use_item (request_id, state, place);

CREATE TABLE use_record (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    seal_id        TEXT NOT NULL REFERENCES seal (id),
    request_id     TEXT REFERENCES use_request (id),
    item_id        TEXT REFERENCES use_item (id),
    result         TEXT NOT NULL CONSTRAINT use_record_result CHECK (result IN ('sealed', 'refused', 'failed')),
    asked_by       TEXT NOT NULL,
    approvers      TEXT NOT NULL,
    document_kind  TEXT NOT NULL,
    digest         TEXT NOT NULL,
    sealed_digest  TEXT,
    signals        TEXT NOT NULL,
    at             INTEGER NOT NULL
) STRICT;

CREATE INDEX use_record_at ON use_record (at, id);
CREATE INDEX use_record_seal ON use_record (seal_id, at, id);
CREATE INDEX use_record_unit ON use_record (unit_id, at, id);
CREATE INDEX use_record_parent_unit ON use_record (parent_unit_id, at, id);
CREATE INDEX use_record_person ON use_record (asked_by, at, id);
CREATE INDEX use_record_digest ON use_record (digest, at, id);
CREATE INDEX use_record_sealed ON use_record (sealed_digest, at, id);
CREATE INDEX use_record_signaled ON use_record (at, id) WHERE signals <> '';
-- A document is sealed once, whatever crashes or races come between.
CREATE UNIQUE INDEX use_record_one_outcome ON use_record (item_id) WHERE result = 'sealed';

CREATE TRIGGER custody_stays BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'custody_stays'); END;
CREATE TRIGGER use_grant_stays BEFORE DELETE ON use_grant BEGIN SELECT RAISE(ABORT, 'use_grant_stays'); END;
CREATE TRIGGER approval_flow_stays BEFORE DELETE ON approval_flow BEGIN SELECT RAISE(ABORT, 'approval_flow_stays'); END;
CREATE TRIGGER standing_stays BEFORE DELETE ON standing BEGIN SELECT RAISE(ABORT, 'standing_stays'); END;
CREATE TRIGGER use_request_stays BEFORE DELETE ON use_request BEGIN SELECT RAISE(ABORT, 'use_request_stays'); END;
CREATE TRIGGER use_item_stays BEFORE DELETE ON use_item BEGIN SELECT RAISE(ABORT, 'use_item_stays'); END;
CREATE TRIGGER use_record_stays BEFORE DELETE ON use_record BEGIN SELECT RAISE(ABORT, 'use_record_stays'); END;
-- An entry of the register never changes; only its MAC is renewed when the key of rows is.
CREATE TRIGGER use_record_is_final BEFORE UPDATE ON use_record
WHEN NEW.id <> OLD.id OR NEW.version <> OLD.version OR NEW.body <> OLD.body OR NEW.seal_id <> OLD.seal_id OR NEW.unit_id <> OLD.unit_id OR NEW.area_path <> OLD.area_path
     OR NEW.result <> OLD.result OR NEW.asked_by <> OLD.asked_by OR NEW.approvers <> OLD.approvers OR NEW.document_kind <> OLD.document_kind OR NEW.digest <> OLD.digest OR NEW.signals <> OLD.signals OR NEW.at <> OLD.at
BEGIN SELECT RAISE(ABORT, 'use_record_is_final'); END;
