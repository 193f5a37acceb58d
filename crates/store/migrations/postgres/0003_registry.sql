-- The things of the registry: columns to find and to guard, the whole thing as JSON in body, and a MAC over all of it. In a list the
-- order is (area_path, id), (unit_id, id), (maker_id, id) or (name, id); each has its index.

CREATE TABLE area (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX area_place ON area (area_path, id);
CREATE INDEX area_name ON area (name, id);

CREATE TABLE designation (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    area_id   TEXT COLLATE "C" NOT NULL REFERENCES area (id),
    area_path TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL
);

CREATE INDEX designation_place ON designation (area_path, id);
CREATE INDEX designation_name ON designation (name, id);

CREATE TABLE profile_version (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version      BIGINT NOT NULL CONSTRAINT profile_version_final CHECK (version = 1),
    body         TEXT COLLATE "C" NOT NULL,
    mac          BYTEA NOT NULL,
    profile      TEXT COLLATE "C" NOT NULL,
    number       BIGINT NOT NULL CONSTRAINT profile_version_numbered CHECK (number > 0),
    effective_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX profile_version_once ON profile_version (profile, number);

CREATE TABLE unit (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    credit_code    TEXT COLLATE "C",
    name           TEXT COLLATE "C" NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL CONSTRAINT unit_state CHECK (state IN ('active', 'dissolved')),
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" NOT NULL CONSTRAINT unit_itself CHECK (unit_id = id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id)
);

CREATE UNIQUE INDEX unit_credit_code ON unit (credit_code);
CREATE INDEX unit_place ON unit (area_path, id);
CREATE INDEX unit_place_state ON unit (state, area_path, id);
CREATE INDEX unit_place_kind ON unit (kind, area_path, id);
CREATE INDEX unit_place_kind_state ON unit (kind, state, area_path, id);
CREATE INDEX unit_name ON unit (name, id);
CREATE INDEX unit_own ON unit (unit_id, id);
CREATE INDEX unit_parent ON unit (parent_unit_id, id);

CREATE TABLE account (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    mac     BYTEA NOT NULL,
    login   TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    state   TEXT COLLATE "C" NOT NULL CONSTRAINT account_state CHECK (state IN ('active', 'disabled'))
);

CREATE UNIQUE INDEX account_login ON account (login);
CREATE INDEX account_state_id ON account (state, id);
CREATE INDEX account_name ON account (name, id);

-- What an account is found by besides its login: certificates, roles. Whoever is found is believed only after a look at his row.
CREATE TABLE account_key (
    kind       TEXT COLLATE "C" NOT NULL,
    value      TEXT COLLATE "C" NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    CONSTRAINT account_key_once PRIMARY KEY (kind, value, account_id)
);

CREATE UNIQUE INDEX account_certificate ON account_key (value, kind) WHERE kind = 'certificate';
CREATE INDEX account_key_of ON account_key (account_id);

CREATE TABLE client (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    mac     BYTEA NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    state   TEXT COLLATE "C" NOT NULL CONSTRAINT client_state CHECK (state IN ('active', 'disabled'))
);

CREATE INDEX client_state_id ON client (state, id);
CREATE INDEX client_name ON client (name, id);

CREATE TABLE block (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    person    TEXT COLLATE "C" NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL
);

CREATE INDEX block_person ON block (person, id);
CREATE INDEX block_place ON block (area_path, id);
CREATE INDEX block_name ON block (name, id);

CREATE TABLE maker (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    mac         BYTEA NOT NULL,
    credit_code TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CONSTRAINT maker_state CHECK (state IN ('active', 'stopped')),
    area_path   TEXT COLLATE "C" NOT NULL,
    maker_id    TEXT COLLATE "C" NOT NULL CONSTRAINT maker_itself CHECK (maker_id = id)
);

CREATE UNIQUE INDEX maker_credit_code ON maker (credit_code);
CREATE INDEX maker_place ON maker (area_path, id);
CREATE INDEX maker_name ON maker (name, id);

CREATE TABLE application (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version         BIGINT NOT NULL,
    body            TEXT COLLATE "C" NOT NULL,
    mac             BYTEA NOT NULL,
    number          TEXT COLLATE "C",
    name            TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CONSTRAINT application_state CHECK (state IN
                    ('draft', 'submitted', 'returned', 'refused', 'approved', 'making', 'completed', 'withdrawn', 'lapsed')),
    area_path       TEXT COLLATE "C" NOT NULL,
    unit_id         TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    parent_unit_id  TEXT COLLATE "C" REFERENCES unit (id),
    maker_id        TEXT COLLATE "C" REFERENCES maker (id),
    approval_digest TEXT COLLATE "C",
    approved_by     TEXT COLLATE "C",
    follows         TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    CONSTRAINT application_approved CHECK
        (state NOT IN ('approved', 'making', 'completed') OR (approval_digest IS NOT NULL AND approved_by IS NOT NULL))
);

CREATE UNIQUE INDEX application_number ON application (number);
CREATE UNIQUE INDEX application_one_open_for_legal_name ON application (unit_id, kind)
    WHERE kind = 'legal_name' AND state NOT IN ('completed', 'withdrawn', 'lapsed');
CREATE UNIQUE INDEX application_one_open_for_seal ON application (follows, unit_id)
    WHERE state NOT IN ('completed', 'withdrawn', 'lapsed');
CREATE INDEX application_place ON application (area_path, id);
CREATE INDEX application_place_state ON application (state, area_path, id);
CREATE INDEX application_place_kind ON application (kind, area_path, id);
CREATE INDEX application_place_kind_state ON application (kind, state, area_path, id);
CREATE INDEX application_name ON application (name, id);
CREATE INDEX application_unit ON application (unit_id, id);
CREATE INDEX application_parent_unit ON application (parent_unit_id, id);
CREATE INDEX application_maker ON application (maker_id, id);
CREATE INDEX application_maker_state ON application (maker_id, state, id);

CREATE TABLE seal (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version            BIGINT NOT NULL,
    body               TEXT COLLATE "C" NOT NULL,
    mac                BYTEA NOT NULL,
    code               TEXT COLLATE "C" NOT NULL,
    number             BIGINT,
    name               TEXT COLLATE "C" NOT NULL,
    kind               TEXT COLLATE "C" NOT NULL,
    state              TEXT COLLATE "C" NOT NULL CONSTRAINT seal_state CHECK (state IN
                       ('making', 'made', 'filed', 'delivered', 'active', 'suspended', 'expired', 'canceled', 'replaced', 'void',
                        'lapsed', 'abandoned')),
    area_path          TEXT COLLATE "C" NOT NULL,
    unit_id            TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    parent_unit_id     TEXT COLLATE "C" REFERENCES unit (id),
    maker_id           TEXT COLLATE "C" NOT NULL REFERENCES maker (id),
    application_id     TEXT COLLATE "C" NOT NULL REFERENCES application (id),
    approval_digest    TEXT COLLATE "C" NOT NULL CONSTRAINT seal_approval_digest CHECK (length(approval_digest) = 64),
    approved_by        TEXT COLLATE "C" NOT NULL,
    made_by            TEXT COLLATE "C",
    filed_at           BIGINT,
    certificate_issuer TEXT COLLATE "C",
    certificate_serial TEXT COLLATE "C",
    valid_until        BIGINT,
    follows            TEXT COLLATE "C" REFERENCES seal (id),
    created_at         BIGINT NOT NULL,
    key_digest         TEXT COLLATE "C",
    CONSTRAINT seal_maker_is_not_issuer CHECK (made_by IS NULL OR made_by <> approved_by),
    CONSTRAINT seal_made CHECK
        (state IN ('making', 'abandoned') OR (made_by IS NOT NULL AND certificate_serial IS NOT NULL)),
    CONSTRAINT seal_filed_before_handover CHECK
        (state IN ('making', 'made', 'abandoned', 'void') OR filed_at IS NOT NULL)
);

CREATE UNIQUE INDEX seal_code ON seal (code) WHERE state <> 'abandoned';
CREATE UNIQUE INDEX seal_one_legal_name_in_force ON seal (unit_id, kind)
    WHERE kind = 'legal_name' AND state IN ('active', 'suspended');
CREATE UNIQUE INDEX seal_one_legal_name_in_making ON seal (kind, unit_id)
    WHERE kind = 'legal_name' AND state IN ('making', 'made', 'filed', 'delivered');
CREATE UNIQUE INDEX seal_key ON seal (key_digest);
CREATE UNIQUE INDEX seal_business_number ON seal (unit_id, kind, number) WHERE state <> 'abandoned';
CREATE INDEX seal_place ON seal (area_path, id);
CREATE INDEX seal_place_state ON seal (state, area_path, id);
CREATE INDEX seal_place_kind ON seal (kind, area_path, id);
CREATE INDEX seal_place_kind_state ON seal (kind, state, area_path, id);
CREATE INDEX seal_name ON seal (name, id);
CREATE INDEX seal_unit ON seal (unit_id, id);
CREATE INDEX seal_parent_unit ON seal (parent_unit_id, id);
CREATE INDEX seal_maker ON seal (maker_id, id);
CREATE INDEX seal_maker_state ON seal (maker_id, state, id);
CREATE INDEX seal_application ON seal (application_id, id);
CREATE INDEX seal_certificate ON seal (certificate_issuer, certificate_serial, id);

CREATE TABLE change_case (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    state          TEXT COLLATE "C" NOT NULL CONSTRAINT change_case_state CHECK (state IN ('open', 'canceled', 'completed', 'withdrawn')),
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id),
    seal_id        TEXT COLLATE "C" NOT NULL REFERENCES seal (id),
    application_id TEXT COLLATE "C" NOT NULL REFERENCES application (id)
);

CREATE UNIQUE INDEX change_case_one_for_seal ON change_case (seal_id) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX change_case_application ON change_case (application_id);
CREATE INDEX change_case_place ON change_case (area_path, id);
CREATE INDEX change_case_place_state ON change_case (state, area_path, id);
CREATE INDEX change_case_unit ON change_case (unit_id, id);
CREATE INDEX change_case_parent_unit ON change_case (parent_unit_id, id);

-- No making without approval: the seal names the approval certificate of its application and who gave it.
CREATE FUNCTION seal_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM application WHERE id = NEW.application_id
                   AND approval_digest = NEW.approval_digest AND approved_by = NEW.approved_by) THEN
        RAISE EXCEPTION 'seal_needs_approval' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER seal_needs_approval BEFORE INSERT ON seal
FOR EACH ROW EXECUTE FUNCTION seal_needs_approval();

-- Refuses whatever it is set on, in the words of its argument.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER seal_approval_is_final BEFORE UPDATE ON seal FOR EACH ROW
WHEN (NEW.approval_digest <> OLD.approval_digest OR NEW.approved_by <> OLD.approved_by
      OR NEW.application_id <> OLD.application_id OR NEW.code <> OLD.code)
EXECUTE FUNCTION refuse('seal_approval_is_final');

-- Nothing of the registry is deleted.
CREATE TRIGGER seal_stays BEFORE DELETE ON seal FOR EACH ROW EXECUTE FUNCTION refuse('seal_stays');
CREATE TRIGGER application_stays BEFORE DELETE ON application FOR EACH ROW EXECUTE FUNCTION refuse('application_stays');
CREATE TRIGGER change_case_stays BEFORE DELETE ON change_case FOR EACH ROW EXECUTE FUNCTION refuse('change_case_stays');
CREATE TRIGGER unit_stays BEFORE DELETE ON unit FOR EACH ROW EXECUTE FUNCTION refuse('unit_stays');
CREATE TRIGGER account_stays BEFORE DELETE ON account FOR EACH ROW EXECUTE FUNCTION refuse('account_stays');
CREATE TRIGGER profile_version_stays BEFORE DELETE ON profile_version
FOR EACH ROW EXECUTE FUNCTION refuse('profile_version_stays');
CREATE TRIGGER profile_version_is_final BEFORE UPDATE ON profile_version FOR EACH ROW
WHEN (NEW.id <> OLD.id OR NEW.version <> OLD.version OR NEW.body <> OLD.body OR NEW.profile <> OLD.profile
      OR NEW.number <> OLD.number OR NEW.effective_at <> OLD.effective_at)
EXECUTE FUNCTION refuse('profile_version_is_final');
