-- What waits in a province, city or district is counted in the index alone: PostgreSQL does so only where the column behind the
-- expression is in the index too.
DROP INDEX application_overdue_province;
CREATE INDEX application_overdue_province ON application (substr(area_path, 1, 15), due) INCLUDE (area_path) WHERE state = 'submitted';
DROP INDEX application_overdue_city;
CREATE INDEX application_overdue_city ON application (substr(area_path, 1, 22), due) INCLUDE (area_path) WHERE state = 'submitted';
DROP INDEX application_overdue_district;
CREATE INDEX application_overdue_district ON application (substr(area_path, 1, 29), due) INCLUDE (area_path) WHERE state = 'submitted';
DROP INDEX seal_unfiled_province;
CREATE INDEX seal_unfiled_province ON seal (substr(area_path, 1, 15), filing_due) INCLUDE (area_path) WHERE state = 'made';
DROP INDEX seal_unfiled_city;
CREATE INDEX seal_unfiled_city ON seal (substr(area_path, 1, 22), filing_due) INCLUDE (area_path) WHERE state = 'made';
DROP INDEX seal_unfiled_district;
CREATE INDEX seal_unfiled_district ON seal (substr(area_path, 1, 29), filing_due) INCLUDE (area_path) WHERE state = 'made';
DROP INDEX seal_ends_province;
CREATE INDEX seal_ends_province ON seal (substr(area_path, 1, 15), valid_until) INCLUDE (area_path) WHERE state IN ('active', 'suspended');
DROP INDEX seal_ends_city;
CREATE INDEX seal_ends_city ON seal (substr(area_path, 1, 22), valid_until) INCLUDE (area_path) WHERE state IN ('active', 'suspended');
DROP INDEX seal_ends_district;
CREATE INDEX seal_ends_district ON seal (substr(area_path, 1, 29), valid_until) INCLUDE (area_path) WHERE state IN ('active', 'suspended');
