-- Figures of an area without counting it, and what is due.

-- How many of what are in which state. What changed since it was last added up stands in tally_change: two steps at the same time
-- write rows of their own and wait for nobody. The figure is the sum of both.
CREATE TABLE tally (
    thing     TEXT COLLATE "C" NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    count     BIGINT NOT NULL,
    PRIMARY KEY (thing, area_path, state)
);

CREATE TABLE tally_change (
    seq       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thing     TEXT COLLATE "C" NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    count     BIGINT NOT NULL
);

INSERT INTO tally (thing, area_path, state, count)
SELECT 'application', area_path, state, COUNT(*) FROM application GROUP BY area_path, state
UNION ALL SELECT 'change_case', area_path, state, COUNT(*) FROM change_case GROUP BY area_path, state
UNION ALL SELECT 'seal', area_path, state, COUNT(*) FROM seal GROUP BY area_path, state
UNION ALL SELECT 'unit', area_path, state, COUNT(*) FROM unit GROUP BY area_path, state;

-- Once for a statement, so that many rows written at once leave few lines.
CREATE FUNCTION count_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_change (thing, area_path, state, count)
    SELECT TG_TABLE_NAME, area_path, state, COUNT(*) FROM fresh GROUP BY area_path, state;
    RETURN NULL;
END $$;

CREATE FUNCTION count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_change (thing, area_path, state, count)
    SELECT TG_TABLE_NAME, area_path, state, SUM(change) FROM (
        SELECT area_path, state, -1 AS change FROM stale UNION ALL SELECT area_path, state, 1 FROM fresh
    ) AS moved GROUP BY area_path, state HAVING SUM(change) <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER application_counted AFTER INSERT ON application REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_new();
CREATE TRIGGER application_recounted AFTER UPDATE ON application REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_moved();
CREATE TRIGGER change_case_counted AFTER INSERT ON change_case REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_new();
CREATE TRIGGER change_case_recounted AFTER UPDATE ON change_case REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_moved();
CREATE TRIGGER seal_counted AFTER INSERT ON seal REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_new();
CREATE TRIGGER seal_recounted AFTER UPDATE ON seal REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_moved();
CREATE TRIGGER unit_counted AFTER INSERT ON unit REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_new();
CREATE TRIGGER unit_recounted AFTER UPDATE ON unit REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_moved();

-- When the next step is due.
ALTER TABLE application ADD COLUMN due BIGINT;
ALTER TABLE seal ADD COLUMN filing_due BIGINT;

CREATE INDEX application_review_due ON application (due, area_path) WHERE state = 'submitted';
CREATE INDEX seal_filing_due ON seal (filing_due, area_path) WHERE state = 'made';
CREATE INDEX seal_ending ON seal (valid_until, area_path) WHERE state IN ('active', 'suspended');
