-- Records of verifications. They have their time and go when it is over, so nothing keeps them from being deleted; while they are
-- there, they do not change.

CREATE TABLE verification (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" REFERENCES unit (id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id),
    verdict        TEXT COLLATE "C" NOT NULL CONSTRAINT verification_verdict CHECK (verdict IN ('valid', 'invalid', 'indeterminate', 'unsigned')),
    asked_by       TEXT COLLATE "C",
    digest         TEXT COLLATE "C" NOT NULL,
    at             BIGINT NOT NULL
);

CREATE INDEX verification_at ON verification (at, id);
CREATE INDEX verification_unit ON verification (unit_id, at, id);
CREATE INDEX verification_parent_unit ON verification (parent_unit_id, at, id);
CREATE INDEX verification_person ON verification (asked_by, at, id);
CREATE INDEX verification_digest ON verification (digest, at, id);

-- The way from a seal to the documents it was found in. What counts stands in the record.
CREATE TABLE verification_seal (
    seal_code       TEXT COLLATE "C" NOT NULL,
    seen_at         BIGINT NOT NULL,
    verification_id TEXT COLLATE "C" NOT NULL REFERENCES verification (id) ON DELETE CASCADE,
    PRIMARY KEY (seal_code, seen_at, verification_id)
);

CREATE INDEX verification_seal_record ON verification_seal (verification_id);

-- Only its MAC is renewed when the key of rows is.
CREATE TRIGGER verification_is_final BEFORE UPDATE ON verification FOR EACH ROW
WHEN (NEW.id <> OLD.id OR NEW.version <> OLD.version OR NEW.body <> OLD.body OR NEW.area_path <> OLD.area_path OR NEW.verdict <> OLD.verdict OR NEW.digest <> OLD.digest
     OR NEW.at <> OLD.at OR COALESCE(NEW.asked_by, '') <> COALESCE(OLD.asked_by, '') OR COALESCE(NEW.unit_id, '') <> COALESCE(OLD.unit_id, ''))
EXECUTE FUNCTION refuse('verification_is_final');
