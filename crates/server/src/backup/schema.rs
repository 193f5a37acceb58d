//! The schema a backup was taken from, and whether this program knows it.

use yinxin_store::{KnownMigration, known_migrations};

use super::BackupError;
use super::manifest::{MigrationOf, SchemaOf};

/// The schema with this as its newest migration.
pub(super) fn of(version: i64) -> SchemaOf {
    let ran = known_migrations().into_iter().filter(|migration| migration.version <= version);
    let of = |migration: KnownMigration| MigrationOf {
        version: migration.version,
        name: migration.name,
        postgres: hex::encode(migration.postgres),
        sqlite: hex::encode(migration.sqlite),
    };
    SchemaOf { version, migrations: ran.map(of).collect() }
}

/// Whether this program knows the schema of a backup, which that version of the program took.
///
/// # Errors
/// `BACKUP_NEWER`, `BACKUP_SCHEMA`.
pub(super) fn fits(schema: &SchemaOf, product: &str) -> Result<(), BackupError> {
    let known = of(i64::MAX).migrations;
    let newest = known.last().map_or(0, |migration| migration.version);
    if schema.version > newest {
        return Err(BackupError::refused(
            "BACKUP_NEWER",
            format!(
                "备份的数据库结构 {} 新于本程序 {newest}：请用 {product} 或更新的版本恢复",
                schema.version
            ),
            format!(
                "the backup has the schema {}, this program {newest}: restore it with version {product} or newer",
                schema.version
            ),
        ));
    }
    // The name is for people.
    let same = |ran: &MigrationOf| {
        known.iter().any(|known| MigrationOf { name: ran.name.clone(), ..known.clone() } == *ran)
    };
    match schema.migrations.iter().find(|ran| !same(ran)) {
        None => Ok(()),
        Some(other) => Err(BackupError::refused(
            "BACKUP_SCHEMA",
            format!(
                "备份所用的结构版本 {} 与本程序不同：请用产生备份的程序版本 {product} 恢复，再升级",
                other.version
            ),
            format!(
                "migration {} of the backup is another text than this program's: restore with version {product} and upgrade then",
                other.version
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_schema_whose_every_text_this_program_knows_is_restored() {
        let now = of(i64::MAX);
        let newest = now.migrations.last().unwrap().version;
        let code =
            |schema: &SchemaOf| fits(schema, "9.9.9").map_err(|error| (error.code(), error.to_string()));
        assert_eq!(code(&of(newest)), Ok(()));
        assert_eq!(code(&of(3)), Ok(()), "one taken before upgrades");
        let (said, words) = code(&SchemaOf { version: newest + 1, ..of(newest) }).unwrap_err();
        assert_eq!(said, "BACKUP_NEWER");
        assert!(words.contains("9.9.9"), "{words}");
        for change in [
            (|migration: &mut MigrationOf| migration.sqlite.replace_range(..2, "zz")) as fn(&mut MigrationOf),
            |migration| migration.postgres.clear(),
            |migration| migration.version = 0,
        ] {
            let mut other = of(newest);
            change(&mut other.migrations[1]);
            let (said, words) = code(&other).unwrap_err();
            assert_eq!(said, "BACKUP_SCHEMA");
            assert!(words.contains("9.9.9"), "{words}");
        }
        let mut renamed = of(newest);
        renamed.migrations[1].name = "another name".to_owned();
        assert_eq!(code(&renamed), Ok(()));
    }
}
