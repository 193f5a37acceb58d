#!/bin/sh
# Brings a registry seeded on SQLite to PostgreSQL, row by row as it is: the keys stay the same, so every MAC and the chain of the log
# stay good. In two steps, so that the file may be deleted between them.
#
#   to_postgres.sh pack FOLDER             writes FOLDER/rows/*.gz from FOLDER/registry.db
#   to_postgres.sh unpack FOLDER URL       fills the empty database at URL, which `yinxin migrate` has run on
set -eu
cd "$2"
case $1 in
pack)
    mkdir -p rows
    for table in $(sqlite3 registry.db "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"); do
        about="FROM pragma_table_info('$table')"
        names=$(sqlite3 registry.db "SELECT group_concat(name, ', ') $about")
        values=$(sqlite3 registry.db "SELECT group_concat(CASE type WHEN 'BLOB' THEN '''\\x'' || hex(' || name || ')' ELSE name END, ', ') $about")
        echo "$names" > "rows/$table.columns"
        sqlite3 -readonly -csv -nullvalue '\N' registry.db "SELECT $values FROM $table" | gzip -1 > "rows/$table.gz"
    done
    ;;
unpack)
    sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
    again=$(sql "$3" -c "SELECT indexdef || ';' FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE INDEX%'")
    sql "$3" -c "SELECT 'DROP INDEX ' || indexname || ';' FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE INDEX%'" | sql "$3"
    # Rules and foreign keys were kept where the rows come from.
    sql "$3" -c "SET session_replication_role = replica" -c "TRUNCATE $(ls rows/*.gz | xargs -n 1 basename -s .gz | paste -s -d ,) CASCADE"
    for rows in rows/*.gz; do
        table=$(basename "$rows" .gz)
        gzip -dc "$rows" | sql "$3" -c "SET session_replication_role = replica" \
            -c "COPY $table ($(cat "rows/$table.columns")) FROM STDIN WITH (FORMAT csv, NULL '\N')"
    done
    for table in job tally_change; do
        sql "$3" -c "SELECT setval(pg_get_serial_sequence('$table', 'seq'), (SELECT COALESCE(MAX(seq), 0) + 1 FROM $table))" > /dev/null
    done
    echo "$again" | sql "$3"
    sql "$3" -c "VACUUM ANALYZE"
    ;;
esac
