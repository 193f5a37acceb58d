//! Records of verifications: added to, searched from the newest on, and removed when their time is over.

use crate::record::{Versioned, record};
use crate::statement::Statement;
use crate::time::micros;
use crate::value::{Value, values};
use crate::{Access, StoreError, Tx};
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;
use yinxin_registry::role::Scope;
use yinxin_registry::verification::Verification;

/// What has to fit: `$4` and `$5` bounds of the area, `$6` verdict, `$7` who asked, `$8` digest, `$9` unit. It stands in a CASE, so that
/// no engine mistakes a column for the way in, or takes the few it expects to fit for a reason to sort all.
macro_rules! fitting {
    () => {
        "AND CASE WHEN area_path >= $4 AND area_path < $5 \
         AND (CAST($6 AS TEXT) IS NULL OR verdict = $6) \
         AND (CAST($7 AS TEXT) IS NULL OR COALESCE(asked_by, '') = $7) \
         AND (CAST($8 AS TEXT) IS NULL OR digest = $8) \
         AND (CAST($9 AS TEXT) IS NULL OR COALESCE(unit_id, '') = $9 OR COALESCE(parent_unit_id, '') = $9) THEN TRUE ELSE FALSE END "
    };
}

/// A search along one index: `$1` and `$2` the record to begin behind, `$3` the earliest time, `$10` how many, `$11` what the index begins
/// with.
macro_rules! newest {
    ($way:literal) => {
        concat!(
            "WHERE ",
            $way,
            "(at, id) < ($1, $2) AND at <= $1 AND at >= $3 ",
            fitting!(),
            "ORDER BY at DESC, id DESC LIMIT CAST($10 AS BIGINT)"
        )
    };
}

record! {
    Verification, "verification", key: |record| record.id.as_str(),
    columns: {
        area_path = 5: |record| record.area_path().as_str().into(),
        unit_id = 6: |record| record.by.as_ref().and_then(|by| by.unit.as_ref()).map(|unit| unit.as_str()).into(),
        parent_unit_id = 7: |record| record.by.as_ref().and_then(|by| by.parent_unit.as_ref()).map(|unit| unit.as_str()).into(),
        verdict = 8: |record| record.verdict.as_str().into(),
        asked_by = 9: |record| record.by.as_ref().map(|by| by.id.as_str()).into(),
        digest = 10: |record| record.digest.as_str().into(),
        at = 11: |record| micros(record.at).into(),
    },
    find: {
        ANY = newest!("");
        OF_UNIT = newest!("unit_id = $11 AND ");
        BELOW_UNIT = newest!("parent_unit_id = $11 AND ");
        OF_PERSON = newest!("asked_by = $11 AND ");
        OF_DIGEST = newest!("digest = $11 AND ");
        OF_SEAL = concat!(
            "JOIN verification_seal ON verification_id = id WHERE seal_code = $11 AND (seen_at, verification_id) < ($1, $2) ",
            "AND seen_at <= $1 AND seen_at >= $3 ", fitting!(), "ORDER BY seen_at DESC, verification_id DESC LIMIT CAST($10 AS BIGINT)"
        );
    },
    other: {
        FOUND = "INSERT INTO verification_seal (seal_code, seen_at, verification_id) VALUES ($1, $2, $3)";
        PRUNE = "DELETE FROM verification WHERE id IN (SELECT id FROM verification WHERE at < $1 ORDER BY at LIMIT CAST($2 AS BIGINT))";
    }
}

/// What to look for among the records.
#[derive(Debug, Clone, Default)]
pub struct VerificationFilter<'a> {
    /// Only documents in which a seal with this code was found.
    pub seal: Option<&'a str>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only this verdict: `valid`, `invalid`, `indeterminate`, `unsigned`.
    pub verdict: Option<&'a str>,
    /// Only what this account or client asked for.
    pub asked_by: Option<&'a str>,
    /// Only this document, by its digest.
    pub digest: Option<&'a str>,
    /// The record to begin behind: its time and key.
    pub before: Option<(Timestamp, &'a str)>,
    /// How many at most; 0 counts as 50.
    pub limit: u32,
}

impl Access {
    /// Records within a scope, the newest first. A maker's scope holds none.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn verifications(
        &mut self,
        scope: &Scope,
        filter: &VerificationFilter<'_>,
    ) -> Result<Vec<Versioned<Verification>>, StoreError> {
        let (area, unit) = match scope {
            Scope::All => (("", crate::list::LAST.to_owned()), None),
            Scope::Area(area) => ((area.as_str(), AreaPath::end(area)), None),
            Scope::Unit(unit) => (("", crate::list::LAST.to_owned()), Some(unit.as_str())),
            Scope::Maker(_) => return Ok(Vec::new()),
        };
        let limit = match filter.limit {
            0 => 50,
            limit => limit,
        };
        let ways: Vec<(&'static Statement, Option<&str>)> = match filter {
            VerificationFilter { seal: Some(seal), .. } => vec![(&OF_SEAL, Some(*seal))],
            VerificationFilter { digest: Some(digest), .. } => vec![(&OF_DIGEST, Some(*digest))],
            VerificationFilter { asked_by: Some(person), .. } => vec![(&OF_PERSON, Some(*person))],
            _ if unit.is_some() => vec![(&OF_UNIT, unit), (&BELOW_UNIT, unit)],
            _ => vec![(&ANY, None)],
        };
        let (before, id) = match (filter.before, filter.until) {
            (Some((at, id)), until) if until.is_none_or(|until| at < until) => (micros(at), id),
            (_, Some(until)) => (micros(until), ""),
            (_, None) => (i64::MAX, ""),
        };
        let common: &[Value<'_>] = values![
            before,
            id,
            filter.from.map_or(i64::MIN, micros),
            area.0,
            &area.1,
            filter.verdict,
            filter.asked_by,
            filter.digest,
            unit,
            i64::from(limit)
        ];
        let mut found: Vec<Versioned<Verification>> = Vec::new();
        for (statement, way) in ways {
            let mut values = common.to_vec();
            values.extend(way.map(Value::from));
            found.extend(self.find_all(statement, &values).await?);
        }
        // The way from a seal to the record has no MAC; the record has.
        found.retain(|record| filter.seal.is_none_or(|code| record.value.codes().contains(&code)));
        found.sort_by(|a, b| (b.value.at, &b.value.id).cmp(&(a.value.at, &a.value.id)));
        found.dedup_by(|a, b| a.value.id == b.value.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }
}

impl Tx {
    /// Adds a record, and the way to it from every seal that was found.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_verification(&mut self, record: &Verification) -> Result<(), StoreError> {
        self.insert_later(record).await?;
        for code in record.codes() {
            self.later(&FOUND, values![code, micros(record.at), record.id.as_str()], None).await?;
        }
        Ok(())
    }

    /// Removes records made before a moment, at most `limit`; how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prune_verifications(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.execute(&PRUNE, values![micros(before), i64::from(limit)]).await
    }
}
