-- Places of a seal that people keep under names.

CREATE TABLE place_templates (
    id        TEXT NOT NULL PRIMARY KEY REFERENCES account (id),
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,
    mac       BLOB NOT NULL,
    templates INTEGER NOT NULL CONSTRAINT place_templates_count CHECK (templates BETWEEN 0 AND 50)
) STRICT;

CREATE TRIGGER place_templates_stays BEFORE DELETE ON place_templates BEGIN SELECT RAISE(ABORT, 'place_templates_stays'); END;
