-- Places of a seal that people keep under names.

CREATE TABLE place_templates (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES account (id),
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    templates BIGINT NOT NULL CONSTRAINT place_templates_count CHECK (templates BETWEEN 0 AND 50)
);

CREATE TRIGGER place_templates_stays BEFORE DELETE ON place_templates FOR EACH ROW EXECUTE FUNCTION refuse('place_templates_stays');
