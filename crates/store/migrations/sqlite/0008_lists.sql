-- What waits is counted in the index alone: it also holds the state that its condition names. One for the nation, one for each
-- province, city and district, by the first characters of the path.
DROP INDEX application_review_due;
DROP INDEX application_place_due;
DROP INDEX seal_filing_due;
DROP INDEX seal_place_filing;
DROP INDEX seal_ending;
DROP INDEX seal_place_ending;
CREATE INDEX application_overdue ON application (due, area_path, state) WHERE state = 'submitted';
CREATE INDEX application_overdue_province ON application (substr(area_path, 1, 15), due, state) WHERE state = 'submitted';
CREATE INDEX application_overdue_city ON application (substr(area_path, 1, 22), due, state) WHERE state = 'submitted';
CREATE INDEX application_overdue_district ON application (substr(area_path, 1, 29), due, state) WHERE state = 'submitted';
CREATE INDEX seal_unfiled ON seal (filing_due, area_path, state) WHERE state = 'made';
CREATE INDEX seal_unfiled_province ON seal (substr(area_path, 1, 15), filing_due, state) WHERE state = 'made';
CREATE INDEX seal_unfiled_city ON seal (substr(area_path, 1, 22), filing_due, state) WHERE state = 'made';
CREATE INDEX seal_unfiled_district ON seal (substr(area_path, 1, 29), filing_due, state) WHERE state = 'made';
CREATE INDEX seal_ends ON seal (valid_until, area_path, state) WHERE state IN ('active', 'suspended');
CREATE INDEX seal_ends_province ON seal (substr(area_path, 1, 15), valid_until, state) WHERE state IN ('active', 'suspended');
CREATE INDEX seal_ends_city ON seal (substr(area_path, 1, 22), valid_until, state) WHERE state IN ('active', 'suspended');
CREATE INDEX seal_ends_district ON seal (substr(area_path, 1, 29), valid_until, state) WHERE state IN ('active', 'suspended');

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
