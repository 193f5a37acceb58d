-- For PostgreSQL: SQLite counts in these indexes as they are.
SELECT 1;
