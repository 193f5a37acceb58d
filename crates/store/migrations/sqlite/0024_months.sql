-- What was done month by month (Beijing time), for supervision: seals filed, uses, verifications. Noted as the figures of 0004 are, so that
-- a chart costs the same however much there is; `state` holds the month.

INSERT INTO tally (thing, area_path, state, count)
SELECT 'month.filed', area_path, strftime('%Y-%m', filed_at / 1000000, 'unixepoch', '+8 hours'), COUNT(*)
FROM seal WHERE filed_at IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'month.' || result, area_path, strftime('%Y-%m', at / 1000000, 'unixepoch', '+8 hours'), COUNT(*)
FROM use_record GROUP BY 1, 2, 3
UNION ALL SELECT 'month.strange', area_path, strftime('%Y-%m', at / 1000000, 'unixepoch', '+8 hours'), COUNT(*)
FROM use_record WHERE signals <> '' GROUP BY 2, 3
UNION ALL SELECT 'month.' || verdict, area_path, strftime('%Y-%m', at / 1000000, 'unixepoch', '+8 hours'), COUNT(*)
FROM verification GROUP BY 1, 2, 3;

CREATE TRIGGER seal_filed_by_month AFTER UPDATE ON seal WHEN NEW.filed_at IS NOT NULL AND OLD.filed_at IS NULL
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('month.filed', NEW.area_path, strftime('%Y-%m', NEW.filed_at / 1000000, 'unixepoch', '+8 hours'), 1); END;
CREATE TRIGGER use_record_by_month AFTER INSERT ON use_record
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('month.' || NEW.result, NEW.area_path, strftime('%Y-%m', NEW.at / 1000000, 'unixepoch', '+8 hours'), 1); END;
CREATE TRIGGER use_record_strange_by_month AFTER INSERT ON use_record WHEN NEW.signals <> ''
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('month.strange', NEW.area_path, strftime('%Y-%m', NEW.at / 1000000, 'unixepoch', '+8 hours'), 1); END;
CREATE TRIGGER verification_by_month AFTER INSERT ON verification
BEGIN INSERT INTO tally_change (thing, area_path, state, count)
VALUES ('month.' || NEW.verdict, NEW.area_path, strftime('%Y-%m', NEW.at / 1000000, 'unixepoch', '+8 hours'), 1); END;
