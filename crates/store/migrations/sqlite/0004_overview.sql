-- Figures of an area without counting it, and what is due.

-- How many of what are in which state. What changed since it was last added up stands in tally_change: two steps at the same time
-- write rows of their own and wait for nobody. The figure is the sum of both.
CREATE TABLE tally (
    thing     TEXT NOT NULL,
    area_path TEXT NOT NULL,
    state     TEXT NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (thing, area_path, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally_change (
    seq       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    thing     TEXT NOT NULL,
    area_path TEXT NOT NULL,
    state     TEXT NOT NULL,
    count     INTEGER NOT NULL
) STRICT;

INSERT INTO tally (thing, area_path, state, count)
SELECT 'application', area_path, state, COUNT(*) FROM application GROUP BY area_path, state
UNION ALL SELECT 'change_case', area_path, state, COUNT(*) FROM change_case GROUP BY area_path, state
UNION ALL SELECT 'seal', area_path, state, COUNT(*) FROM seal GROUP BY area_path, state
UNION ALL SELECT 'unit', area_path, state, COUNT(*) FROM unit GROUP BY area_path, state;

CREATE TRIGGER application_counted AFTER INSERT ON application
BEGIN INSERT INTO tally_change (thing, area_path, state, count) VALUES ('application', NEW.area_path, NEW.state, 1); END;
CREATE TRIGGER application_recounted AFTER UPDATE ON application WHEN NEW.state <> OLD.state OR NEW.area_path <> OLD.area_path
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('application', OLD.area_path, OLD.state, -1), ('application', NEW.area_path, NEW.state, 1); END;
CREATE TRIGGER change_case_counted AFTER INSERT ON change_case
BEGIN INSERT INTO tally_change (thing, area_path, state, count) VALUES ('change_case', NEW.area_path, NEW.state, 1); END;
CREATE TRIGGER change_case_recounted AFTER UPDATE ON change_case WHEN NEW.state <> OLD.state OR NEW.area_path <> OLD.area_path
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('change_case', OLD.area_path, OLD.state, -1), ('change_case', NEW.area_path, NEW.state, 1); END;
CREATE TRIGGER seal_counted AFTER INSERT ON seal
BEGIN INSERT INTO tally_change (thing, area_path, state, count) VALUES ('seal', NEW.area_path, NEW.state, 1); END;
CREATE TRIGGER seal_recounted AFTER UPDATE ON seal WHEN NEW.state <> OLD.state OR NEW.area_path <> OLD.area_path
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('seal', OLD.area_path, OLD.state, -1), ('seal', NEW.area_path, NEW.state, 1); END;
CREATE TRIGGER unit_counted AFTER INSERT ON unit
BEGIN INSERT INTO tally_change (thing, area_path, state, count) VALUES ('unit', NEW.area_path, NEW.state, 1); END;
CREATE TRIGGER unit_recounted AFTER UPDATE ON unit WHEN NEW.state <> OLD.state OR NEW.area_path <> OLD.area_path
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('unit', OLD.area_path, OLD.state, -1), ('unit', NEW.area_path, NEW.state, 1); END;

-- When the next step is due.
ALTER TABLE application ADD COLUMN due INTEGER;
ALTER TABLE seal ADD COLUMN filing_due INTEGER;

CREATE INDEX application_review_due ON application (due, area_path) WHERE state = 'submitted';
CREATE INDEX seal_filing_due ON seal (filing_due, area_path) WHERE state = 'made';
CREATE INDEX seal_ending ON seal (valid_until, area_path) WHERE state IN ('active', 'suspended');
