//! The register of uses: only ever added to, searched from the newest on.

use crate::record::{Versioned, read, record};
use crate::statement::Statement;
use crate::time::micros;
use crate::value::{Owned, Value, values};
use crate::{Access, Bounded, StoreError};
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;
use yinxin_registry::role::Scope;
use yinxin_registry::usage::record::{UseRecord, UseResult};

/// A search along one index: `$1` and `$2` the entry to begin behind, `$3` the earliest time, `$4` and `$5` bounds of the area, `$6` to
/// `$10` and `$12` to `$14` what has to fit, `$11` how many, `$15` what the index begins with. What has to fit stands in a CASE, so that no
/// engine mistakes a column for the way in, or takes the few it expects to fit for a reason to sort all.
macro_rules! newest {
    ($way:literal) => {
        concat!(
            "WHERE ",
            $way,
            "(at, id) < ($1, $2) AND at <= $1 AND at >= $3 AND CASE WHEN area_path >= $4 AND area_path < $5 ",
            "AND (CAST($6 AS TEXT) IS NULL OR result = $6) ",
            "AND (CAST($7 AS TEXT) IS NULL OR document_kind = $7) ",
            "AND (CAST($8 AS TEXT) IS NULL OR asked_by = $8) ",
            "AND (CAST($9 AS TEXT) IS NULL OR approvers LIKE '% ' || $9 || ' %') ",
            "AND (CAST($10 AS TEXT) IS NULL OR digest = $10 OR sealed_digest = $10) ",
            "AND (CAST($12 AS TEXT) IS NULL OR signals <> '') ",
            "AND (CAST($13 AS TEXT) IS NULL OR unit_id = $13 OR COALESCE(parent_unit_id, '') = $13) ",
            "AND (CAST($14 AS TEXT) IS NULL OR seal_id = $14) THEN TRUE ELSE FALSE END ",
            "ORDER BY at DESC, id DESC LIMIT CAST($11 AS BIGINT)"
        )
    };
}

record! {
    UseRecord, "use_record", key: |record| record.id.as_str(),
    columns: {
        area_path = 5: |record| record.area_path.as_str().into(),
        unit_id = 6: |record| record.unit.as_str().into(),
        parent_unit_id = 7: |record| record.parent_unit.as_ref().map(|unit| unit.as_str()).into(),
        seal_id = 8: |record| record.seal.as_str().into(),
        request_id = 9: |record| record.request.as_ref().map(|request| request.as_str()).into(),
        item_id = 10: |record| record.item.as_ref().map(|item| item.as_str()).into(),
        result = 11: |record| record.result.as_str().into(),
        asked_by = 12: |record| record.asked_by.id.as_str().into(),
        approvers = 13: |record| people(record).into(),
        document_kind = 14: |record| record.document_kind.as_str().into(),
        digest = 15: |record| record.document_digest.as_str().into(),
        sealed_digest = 16: |record| sealed(record).into(),
        signals = 17: |record| signals(record).into(),
        at = 18: |record| micros(record.at).into(),
    },
    find: {
        ANY = newest!("");
        STRANGE = newest!("signals <> '' AND ");
        OF_SEAL = newest!("seal_id = $15 AND ");
        OF_UNIT = newest!("unit_id = $15 AND ");
        BELOW_UNIT = newest!("parent_unit_id = $15 AND ");
        OF_PERSON = newest!("asked_by = $15 AND ");
        OF_DIGEST = newest!("digest = $15 AND ");
        OF_SEALED = newest!("sealed_digest = $15 AND ");
        OF_ITEM = "WHERE item_id = $1 AND result = 'sealed'";
        MAKING = "WHERE sealed_digest = $1 ORDER BY at DESC, id DESC LIMIT 1";
    },
    other: {
        COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM use_record WHERE seal_id = $1 AND at > $3 AND (result || '') = $2 LIMIT CAST($4 AS BIGINT)) AS part";
        STRANGE_SINCE = "SELECT COUNT(*) FROM (SELECT 1 FROM use_record WHERE signals <> '' AND at >= $1 \
                         AND area_path >= $2 AND area_path < $3 LIMIT CAST($4 AS BIGINT)) AS part";
    }
}

/// Each between spaces, so that one is found by its own key alone.
fn people(record: &UseRecord) -> String {
    record.approved_by.iter().fold(" ".to_owned(), |text, by| text + &by.id + " ")
}

fn sealed(record: &UseRecord) -> Option<&str> {
    match &record.result {
        UseResult::Sealed { digest } => Some(digest),
        UseResult::Refused { .. } | UseResult::Failed { .. } => None,
    }
}

fn signals(record: &UseRecord) -> String {
    record.signals.iter().map(|signal| signal.as_str()).collect::<Vec<_>>().join(" ")
}

/// What to look for in the register.
#[derive(Debug, Clone, Default)]
pub struct UseFilter<'a> {
    /// Only this seal.
    pub seal: Option<&'a str>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only this result: `sealed`, `refused`, `failed`.
    pub result: Option<&'a str>,
    /// Only this kind of document.
    pub document_kind: Option<&'a str>,
    /// Only what this account or client asked for.
    pub asked_by: Option<&'a str>,
    /// Only what this account approved.
    pub approved_by: Option<&'a str>,
    /// Only this document, by its digest before or after.
    pub digest: Option<&'a str>,
    /// Only entries that something was strange about.
    pub strange: bool,
    /// The entry to begin behind: its time and key.
    pub before: Option<(Timestamp, &'a str)>,
    /// How many at most; 0 counts as 50.
    pub limit: u32,
}

fn limit(filter: &UseFilter<'_>) -> u32 {
    match filter.limit {
        0 => 50,
        limit => limit,
    }
}

/// What was found on several ways, each entry once, the newest first.
pub(crate) fn newest_first(found: &mut Vec<Versioned<UseRecord>>, limit: u32) {
    found.sort_by(|a, b| (b.value.at, &b.value.id).cmp(&(a.value.at, &a.value.id)));
    found.dedup_by(|a, b| a.value.id == b.value.id);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
}

/// The statements of a search, each along one index, with their values.
pub(crate) fn ways(scope: &Scope, filter: &UseFilter<'_>) -> Vec<(&'static Statement, Vec<Owned>)> {
    let (area, unit) = match scope {
        Scope::All => (("", crate::list::LAST.to_owned()), None),
        Scope::Area(area) => ((area.as_str(), AreaPath::end(area)), None),
        Scope::Unit(unit) => (("", crate::list::LAST.to_owned()), Some(unit.as_str())),
        Scope::Maker(_) => return Vec::new(),
    };
    let ways: Vec<(&'static Statement, Option<&str>)> = match filter {
        UseFilter { seal: Some(seal), .. } => vec![(&OF_SEAL, Some(*seal))],
        UseFilter { digest: Some(digest), .. } => {
            vec![(&OF_DIGEST, Some(*digest)), (&OF_SEALED, Some(*digest))]
        }
        UseFilter { asked_by: Some(person), .. } => vec![(&OF_PERSON, Some(*person))],
        _ if unit.is_some() => vec![(&OF_UNIT, unit), (&BELOW_UNIT, unit)],
        UseFilter { strange: true, .. } => vec![(&STRANGE, None)],
        _ => vec![(&ANY, None)],
    };
    let (before, id) = match (filter.before, filter.until) {
        (Some((at, id)), until) if until.is_none_or(|until| at < until) => (micros(at), id),
        (_, Some(until)) => (micros(until), ""),
        (_, None) => (i64::MAX, ""),
    };
    let common: Vec<Owned> = vec![
        before.into(),
        id.into(),
        filter.from.map_or(i64::MIN, micros).into(),
        area.0.into(),
        area.1.into(),
        filter.result.into(),
        filter.document_kind.into(),
        filter.asked_by.into(),
        filter.approved_by.into(),
        filter.digest.into(),
        i64::from(limit(filter)).into(),
        filter.strange.then_some("strange").into(),
        unit.into(),
        filter.seal.into(),
    ];
    let with = |way: Option<&str>| common.iter().cloned().chain(way.map(Owned::from)).collect();
    ways.into_iter().map(|(statement, way)| (statement, with(way))).collect()
}

impl Access {
    /// Uses of an area, and what lies in it, that something was strange about (异常用印), not before `since`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn strange_uses(&mut self, area: &AreaPath, since: Timestamp) -> Result<Bounded, StoreError> {
        let most = i64::from(Bounded::MOST) + 1;
        let end = area.end();
        let row = self.row(&STRANGE_SINCE, values![micros(since), area.as_str(), &end, most]).await?;
        Ok(Bounded::of(row.map(|row| row.int(0)).transpose()?.unwrap_or_default()))
    }

    /// Entries of the register within a scope, the newest first. A maker's scope holds none.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn uses(
        &mut self,
        scope: &Scope,
        filter: &UseFilter<'_>,
    ) -> Result<Vec<Versioned<UseRecord>>, StoreError> {
        let ways = ways(scope, filter);
        let ways: Vec<(&'static Statement, Vec<Value<'_>>)> = ways
            .iter()
            .map(|(statement, values)| (*statement, values.iter().map(Owned::as_value).collect()))
            .collect();
        let asked: Vec<_> = ways.iter().map(|(statement, values)| (*statement, values.as_slice())).collect();
        let mut found: Vec<Versioned<UseRecord>> = Vec::new();
        for rows in self.together(&asked).await? {
            let more = rows.iter().map(|row| read(row, self.keys())).collect::<Result<Vec<_>, _>>()?;
            found.extend(more);
        }
        newest_first(&mut found, limit(filter));
        Ok(found)
    }

    /// The entry of how a document of a request was sealed.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn sealing_of(&mut self, item: &str) -> Result<Option<Versioned<UseRecord>>, StoreError> {
        self.find(&OF_ITEM, values![item]).await
    }

    /// The entry of the use that the sealed document with this digest came of.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn sealing_with(&mut self, digest: &str) -> Result<Option<Versioned<UseRecord>>, StoreError> {
        self.find(&MAKING, values![digest]).await
    }

    /// How many tries of a seal ended so since a moment, counted up to `most`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn uses_since(
        &mut self,
        seal: &str,
        result: &str,
        since: Timestamp,
        most: u32,
    ) -> Result<u32, StoreError> {
        let row = self.row(&COUNT, values![seal, result, micros(since), i64::from(most)]).await?;
        let count = row.map(|row| row.int(0)).transpose()?.unwrap_or(0);
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
