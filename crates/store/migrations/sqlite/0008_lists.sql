-- What waits is counted in the index alone: it also holds the state that its condition names.
DROP INDEX application_review_due;
DROP INDEX application_place_due;
DROP INDEX seal_filing_due;
DROP INDEX seal_place_filing;
DROP INDEX seal_ending;
DROP INDEX seal_place_ending;
CREATE INDEX application_overdue ON application (due, area_path, state) WHERE state = 'submitted';
CREATE INDEX application_overdue_place ON application (area_path, due, state) WHERE state = 'submitted';
CREATE INDEX seal_unfiled ON seal (filing_due, area_path, state) WHERE state = 'made';
CREATE INDEX seal_unfiled_place ON seal (area_path, filing_due, state) WHERE state = 'made';
CREATE INDEX seal_ends ON seal (valid_until, area_path, state) WHERE state IN ('active', 'suspended');
CREATE INDEX seal_ends_place ON seal (area_path, valid_until, state) WHERE state IN ('active', 'suspended');

-- An order of names for every province, city and district, by the first characters of the path: from place to place, each with names
-- of its own, a part of a list cost more the more names each place had.
DROP INDEX unit_place_name;
DROP INDEX application_place_name;
DROP INDEX seal_place_name;
CREATE INDEX unit_name_province ON unit (substr(area_path, 1, 15), name, id);
CREATE INDEX unit_name_city ON unit (substr(area_path, 1, 22), name, id);
CREATE INDEX unit_name_district ON unit (substr(area_path, 1, 29), name, id);
CREATE INDEX application_name_province ON application (substr(area_path, 1, 15), name, id);
CREATE INDEX application_name_city ON application (substr(area_path, 1, 22), name, id);
CREATE INDEX application_name_district ON application (substr(area_path, 1, 29), name, id);
CREATE INDEX seal_name_province ON seal (substr(area_path, 1, 15), name, id);
CREATE INDEX seal_name_city ON seal (substr(area_path, 1, 22), name, id);
CREATE INDEX seal_name_district ON seal (substr(area_path, 1, 29), name, id);
