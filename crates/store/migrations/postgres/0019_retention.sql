-- How long contents of documents are kept, lists of disposal, and who else refers to the same bytes.

CREATE TABLE retention_rule (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES unit (id),
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL
);

CREATE TABLE dossier (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES use_request (id),
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    state          TEXT COLLATE "C" NOT NULL CONSTRAINT dossier_state CHECK (state IN ('current', 'kept', 'listed', 'deleting', 'disposed')),
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id),
    kept_until     BIGINT,
    held           BIGINT NOT NULL
);

CREATE INDEX dossier_due ON dossier (unit_id, kept_until, id) WHERE state = 'kept' AND held = 0;

CREATE TABLE disposal (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    state          TEXT COLLATE "C" NOT NULL CONSTRAINT disposal_state CHECK (state IN ('proposed', 'approved', 'disposing', 'done', 'refused', 'withdrawn')),
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id),
    created_at     BIGINT NOT NULL
);

CREATE INDEX disposal_place ON disposal (area_path, id);
CREATE INDEX disposal_place_state ON disposal (state, area_path, id);
CREATE INDEX disposal_unit ON disposal (unit_id, id);
CREATE INDEX disposal_parent_unit ON disposal (parent_unit_id, id);

-- Contents are kept under their digest: the same bytes may be another document's, too. What is about to be deleted stands here first, then
-- it is asked who else refers to it; who brings bytes is on record first, then asks whether they are about to be deleted. One of the two
-- sees the other, whichever node each is on.
CREATE TABLE content_going (
    digest     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    request_id TEXT COLLATE "C" NOT NULL REFERENCES use_request (id)
);

CREATE INDEX content_going_request ON content_going (request_id);

-- Contents that something besides a document of a request refers to: materials of applications that are OFD, as such documents are.
CREATE TABLE content_claim (
    digest TEXT COLLATE "C" NOT NULL,
    owner  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (digest, owner)
);

CREATE INDEX use_item_digest ON use_item (digest) WHERE (body::json #>> '{disposed,at}') IS NULL;
CREATE INDEX use_item_sealed ON use_item ((body::json #>> '{sealed,digest}')) WHERE state = 'signed' AND (body::json #>> '{disposed,at}') IS NULL;

INSERT INTO content_claim (digest, owner)
SELECT DISTINCT m ->> 'digest', a.id FROM application a, json_array_elements(a.body::json #> '{content,materials}') AS m
WHERE m ->> 'media_type' = 'application/ofd';

-- Requests that ended before this: each gets its dossier by a job, as later ones do.
INSERT INTO job (id, queue, kind, subject, payload, state, run_at, attempts, created_at)
SELECT 'job_' || substr(id, 5), 'clock', 'clock', id || '#job_' || substr(id, 5), '{"effect":"clock","name":"use_kept","at":"1970-01-01T00:00:00Z"}', 'waiting',
       created_at, 0, created_at
FROM use_request WHERE state IN ('done', 'partial', 'refused', 'withdrawn', 'lapsed') ORDER BY id;

CREATE TRIGGER retention_rule_stays BEFORE DELETE ON retention_rule FOR EACH ROW EXECUTE FUNCTION refuse('retention_rule_stays');
CREATE TRIGGER dossier_stays BEFORE DELETE ON dossier FOR EACH ROW EXECUTE FUNCTION refuse('dossier_stays');
CREATE TRIGGER disposal_stays BEFORE DELETE ON disposal FOR EACH ROW EXECUTE FUNCTION refuse('disposal_stays');
-- What is gone stays gone, and what came of a list stays what it was.
CREATE TRIGGER dossier_is_final BEFORE UPDATE ON dossier FOR EACH ROW
WHEN (OLD.state = 'disposed' AND (NEW.state <> OLD.state OR NEW.version <> OLD.version))
EXECUTE FUNCTION refuse('dossier_is_final');
CREATE TRIGGER disposal_is_final BEFORE UPDATE ON disposal FOR EACH ROW
WHEN (OLD.state IN ('done', 'refused', 'withdrawn') AND (NEW.state <> OLD.state OR NEW.version <> OLD.version))
EXECUTE FUNCTION refuse('disposal_is_final');
