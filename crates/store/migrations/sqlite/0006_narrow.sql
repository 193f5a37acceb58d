-- What a small area asks for must not cost more because the nation has grown, nor the nation's figures because its areas have filled.

-- For each area the sum of tally over everything in it, kept by triggers, so that programs of the schema before keep it too. An area's
-- path is a slash and seven characters for each level; there are at most eight.
CREATE TABLE tally_above (
    thing     TEXT NOT NULL,
    area_path TEXT NOT NULL,
    state     TEXT NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (thing, area_path, state)
) STRICT, WITHOUT ROWID;

INSERT INTO tally_above (thing, area_path, state, count)
SELECT thing, substr(area_path, 1, column1), state, SUM(count)
FROM tally JOIN (VALUES (8), (15), (22), (29), (36), (43), (50), (57)) ON column1 <= length(area_path) GROUP BY 1, 2, 3;

CREATE TRIGGER tally_summed AFTER INSERT ON tally
BEGIN
    INSERT INTO tally_above (thing, area_path, state, count)
    SELECT NEW.thing, substr(NEW.area_path, 1, column1), NEW.state, NEW.count
    FROM (VALUES (8), (15), (22), (29), (36), (43), (50), (57)) WHERE column1 <= length(NEW.area_path)
    ON CONFLICT (thing, area_path, state) DO UPDATE SET count = count + excluded.count;
END;
CREATE TRIGGER tally_summed_again AFTER UPDATE ON tally
BEGIN
    INSERT INTO tally_above (thing, area_path, state, count)
    SELECT NEW.thing, substr(NEW.area_path, 1, column1), NEW.state, NEW.count - OLD.count
    FROM (VALUES (8), (15), (22), (29), (36), (43), (50), (57)) WHERE column1 <= length(NEW.area_path)
    ON CONFLICT (thing, area_path, state) DO UPDATE SET count = count + excluded.count;
END;

-- The same lists as by time and by name, place by place.
CREATE INDEX application_place_due ON application (area_path, due) WHERE state = 'submitted';
CREATE INDEX seal_place_filing ON seal (area_path, filing_due) WHERE state = 'made';
CREATE INDEX seal_place_ending ON seal (area_path, valid_until) WHERE state IN ('active', 'suspended');
CREATE INDEX unit_place_name ON unit (area_path, name, id);
CREATE INDEX application_place_name ON application (area_path, name, id);
CREATE INDEX seal_place_name ON seal (area_path, name, id);
