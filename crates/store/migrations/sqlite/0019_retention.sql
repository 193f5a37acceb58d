-- How long contents of documents are kept, lists of disposal, and who else refers to the same bytes.

CREATE TABLE retention_rule (
    id        TEXT NOT NULL PRIMARY KEY REFERENCES unit (id),
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,
    mac       BLOB NOT NULL,
    area_path TEXT NOT NULL
) STRICT;

CREATE TABLE dossier (
    id             TEXT NOT NULL PRIMARY KEY REFERENCES use_request (id),
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT dossier_state CHECK (state IN ('current', 'kept', 'listed', 'deleting', 'disposed')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    kept_until     INTEGER,
    held           INTEGER NOT NULL
) STRICT;

CREATE INDEX dossier_due ON dossier (unit_id, kept_until, id) WHERE state = 'kept' AND held = 0;

CREATE TABLE disposal (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT disposal_state CHECK (state IN ('proposed', 'approved', 'disposing', 'done', 'refused', 'withdrawn')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    created_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX disposal_place ON disposal (area_path, id);
CREATE INDEX disposal_place_state ON disposal (state, area_path, id);
CREATE INDEX disposal_unit ON disposal (unit_id, id);
CREATE INDEX disposal_parent_unit ON disposal (parent_unit_id, id);

-- Contents are kept under their digest: the same bytes may be another document's, too. What is about to be deleted stands here first, then
-- it is asked who else refers to it; who brings bytes is on record first, then asks whether they are about to be deleted. One of the two
-- sees the other, whichever node each is on.
CREATE TABLE content_going (
    digest     TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES use_request (id)
) STRICT;

CREATE INDEX content_going_request ON content_going (request_id);

-- Contents that something besides a document of a request refers to: materials of applications that are OFD, as such documents are.
CREATE TABLE content_claim (
    digest TEXT NOT NULL,
    owner  TEXT NOT NULL,
    PRIMARY KEY (digest, owner)
) STRICT;

CREATE INDEX use_item_digest ON use_item (digest) WHERE json_extract(body, '$.disposed.at') IS NULL;
CREATE INDEX use_item_sealed ON use_item (json_extract(body, '$.sealed.digest')) WHERE state = 'signed' AND json_extract(body, '$.disposed.at') IS NULL;

INSERT INTO content_claim (digest, owner)
SELECT DISTINCT m.value ->> 'digest', a.id FROM application a, json_each(a.body, '$.content.materials') AS m
WHERE m.value ->> 'media_type' = 'application/ofd';

-- Requests that ended before this: each gets its dossier by a job, as later ones do.
INSERT INTO job (id, queue, kind, subject, payload, state, run_at, attempts, created_at)
SELECT 'job_' || substr(id, 5), 'clock', 'clock', id || '#job_' || substr(id, 5), '{"effect":"clock","name":"use_kept","at":"1970-01-01T00:00:00Z"}', 'waiting',
       created_at, 0, created_at
FROM use_request WHERE state IN ('done', 'partial', 'refused', 'withdrawn', 'lapsed') ORDER BY id;

CREATE TRIGGER retention_rule_stays BEFORE DELETE ON retention_rule BEGIN SELECT RAISE(ABORT, 'retention_rule_stays'); END;
CREATE TRIGGER dossier_stays BEFORE DELETE ON dossier BEGIN SELECT RAISE(ABORT, 'dossier_stays'); END;
CREATE TRIGGER disposal_stays BEFORE DELETE ON disposal BEGIN SELECT RAISE(ABORT, 'disposal_stays'); END;
-- What is gone stays gone, and what came of a list stays what it was.
CREATE TRIGGER dossier_is_final BEFORE UPDATE ON dossier
WHEN OLD.state = 'disposed' AND (NEW.state <> OLD.state OR NEW.version <> OLD.version)
BEGIN SELECT RAISE(ABORT, 'dossier_is_final'); END;
CREATE TRIGGER disposal_is_final BEFORE UPDATE ON disposal
WHEN OLD.state IN ('done', 'refused', 'withdrawn') AND (NEW.state <> OLD.state OR NEW.version <> OLD.version)
BEGIN SELECT RAISE(ABORT, 'disposal_is_final'); END;
