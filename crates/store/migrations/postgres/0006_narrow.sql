-- What a small area asks for must not cost more because the nation has grown, nor the nation's figures because its areas have filled.

-- For each area the sum of tally over everything in it, kept by triggers, so that programs of the schema before keep it too. An area's
-- path is a slash and seven characters for each level; there are at most eight.
CREATE TABLE tally_above (
    thing     TEXT COLLATE "C" NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    count     BIGINT NOT NULL,
    PRIMARY KEY (thing, area_path, state)
);

-- Nothing is added up between the sum and its trigger.
LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO tally_above (thing, area_path, state, count)
SELECT thing, left(area_path, n), state, SUM(count)
FROM tally CROSS JOIN generate_series(8, 57, 7) AS n WHERE n <= length(area_path) GROUP BY 1, 2, 3;

CREATE FUNCTION sum_above() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_above (thing, area_path, state, count)
    SELECT NEW.thing, left(NEW.area_path, n), NEW.state, NEW.count - CASE TG_OP WHEN 'UPDATE' THEN OLD.count ELSE 0 END
    FROM generate_series(8, length(NEW.area_path), 7) AS n
    ON CONFLICT (thing, area_path, state) DO UPDATE SET count = tally_above.count + excluded.count;
    RETURN NULL;
END $$;

CREATE TRIGGER tally_summed AFTER INSERT OR UPDATE ON tally FOR EACH ROW EXECUTE FUNCTION sum_above();

-- The same lists as by time and by name, place by place.
CREATE INDEX application_place_due ON application (area_path, due) WHERE state = 'submitted';
CREATE INDEX seal_place_filing ON seal (area_path, filing_due) WHERE state = 'made';
CREATE INDEX seal_place_ending ON seal (area_path, valid_until) WHERE state IN ('active', 'suspended');
CREATE INDEX unit_place_name ON unit (area_path, name, id);
CREATE INDEX application_place_name ON application (area_path, name, id);
CREATE INDEX seal_place_name ON seal (area_path, name, id);
