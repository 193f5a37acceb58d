-- What was done month by month (Beijing time), for supervision: seals filed, uses, verifications. Noted as the figures of 0004 are, so that
-- a chart costs the same however much there is; `state` holds the month.

CREATE FUNCTION month_of(micros BIGINT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(timestamp '1970-01-01 08:00:00' + (micros / 1000000) * interval '1 second', 'YYYY-MM')
$$;

INSERT INTO tally (thing, area_path, state, count)
SELECT 'month.filed', area_path, month_of(filed_at), COUNT(*) FROM seal WHERE filed_at IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'month.' || result, area_path, month_of(at), COUNT(*) FROM use_record GROUP BY 1, 2, 3
UNION ALL SELECT 'month.strange', area_path, month_of(at), COUNT(*) FROM use_record WHERE signals <> '' GROUP BY 2, 3
UNION ALL SELECT 'month.' || verdict, area_path, month_of(at), COUNT(*) FROM verification GROUP BY 1, 2, 3;

CREATE FUNCTION count_filed_by_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_change (thing, area_path, state, count)
    SELECT 'month.filed', fresh.area_path, month_of(fresh.filed_at), COUNT(*) FROM fresh JOIN stale ON stale.id = fresh.id
    WHERE fresh.filed_at IS NOT NULL AND stale.filed_at IS NULL GROUP BY 2, 3;
    RETURN NULL;
END $$;

CREATE FUNCTION count_uses_by_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_change (thing, area_path, state, count)
    SELECT 'month.' || result, area_path, month_of(at), COUNT(*) FROM fresh GROUP BY 1, 2, 3
    UNION ALL SELECT 'month.strange', area_path, month_of(at), COUNT(*) FROM fresh WHERE signals <> '' GROUP BY 2, 3;
    RETURN NULL;
END $$;

CREATE FUNCTION count_verifications_by_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_change (thing, area_path, state, count)
    SELECT 'month.' || verdict, area_path, month_of(at), COUNT(*) FROM fresh GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE TRIGGER seal_filed_by_month AFTER UPDATE ON seal REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_filed_by_month();
CREATE TRIGGER use_record_by_month AFTER INSERT ON use_record REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_uses_by_month();
CREATE TRIGGER verification_by_month AFTER INSERT ON verification REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION count_verifications_by_month();
