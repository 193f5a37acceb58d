//! Lists in parts: by place in the tree of areas, by unit, by maker, by name. Each order has its index, so that a part costs the same
//! whatever the table has grown to.

use crate::record::{Record, Stored, Versioned};
use crate::statement::Statement;
use crate::value::{Value, values};
use crate::{Access, StoreError};
use yinxin_registry::role::Scope;

/// Ends of the lists of a table: what stands behind `SELECT … FROM table`. Parameters: `$1`, `$2` behind which row to begin;
/// `$3` where the order ends; `$4` limit; `$5` state; `$6` kind. With the name of an index, the text for SQLite: it keeps no statistics
/// and would at times take a coarser index, and then walk over what its filter drops.
macro_rules! place {
    ($index:literal, $state:literal, $kind:literal) => {
        concat!("INDEXED BY ", $index, " ", place!($state, $kind))
    };
    ($state:literal, $kind:literal) => {
        concat!(
            "WHERE (area_path, id) > ($1, $2) AND area_path < $3 AND (CAST($5 AS TEXT) IS NULL OR ",
            $state,
            " = $5) ",
            "AND (CAST($6 AS TEXT) IS NULL OR ",
            $kind,
            " = $6) ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)"
        )
    };
}
pub(crate) use place;

macro_rules! place_state {
    ($index:literal, $kind:literal) => {
        concat!("INDEXED BY ", $index, " ", place_state!($kind))
    };
    ($kind:literal) => {
        concat!(
            "WHERE state = $5 AND (area_path, id) > ($1, $2) AND area_path < $3 ",
            "AND (CAST($6 AS TEXT) IS NULL OR ",
            $kind,
            " = $6) ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)"
        )
    };
}
pub(crate) use place_state;

macro_rules! place_kind {
    ($index:literal) => {
        concat!("INDEXED BY ", $index, " ", place_kind!())
    };
    () => {
        "WHERE kind = $6 AND (area_path, id) > ($1, $2) AND area_path < $3 \
         AND (CAST($5 AS TEXT) IS NULL OR state = $5) ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)"
    };
}
pub(crate) use place_kind;

macro_rules! place_kind_state {
    ($index:literal) => {
        concat!("INDEXED BY ", $index, " ", place_kind_state!())
    };
    () => {
        "WHERE kind = $6 AND state = $5 AND (area_path, id) > ($1, $2) AND area_path < $3 ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)"
    };
}
pub(crate) use place_kind_state;

/// By name; `$7`, `$8` bound the area. What has to fit stands in a CASE, so that no engine mistakes it for the way in, or takes the few it
/// expects to fit for a reason to sort all.
macro_rules! by_name {
    ($state:literal, $kind:literal) => {
        by_name!(@ "(name, id) > ($1, $2)", $state, $kind)
    };
    // Within a province, city or district, whose path (the first so many characters of all paths in it) is `$9`: it has an order of
    // names of its own, for in that of the nation nearly all that is walked over would lie elsewhere.
    (in $length:literal, $state:literal, $kind:literal) => {
        by_name!(@ concat!("substr(area_path, 1, ", $length, ") = $9 AND (name, id) > ($1, $2)"), $state, $kind)
    };
    ($index:literal, in $length:literal, $state:literal, $kind:literal) => {
        concat!("INDEXED BY ", $index, " ", by_name!(in $length, $state, $kind))
    };
    (@ $from:expr, $state:literal, $kind:literal) => {
        concat!(
            "WHERE ", $from, " AND name < $3 AND CASE WHEN area_path >= $7 AND area_path < $8 ",
            "AND (CAST($5 AS TEXT) IS NULL OR ", $state, " = $5) AND (CAST($6 AS TEXT) IS NULL OR ", $kind, " = $6) ",
            "THEN TRUE ELSE FALSE END ORDER BY name, id LIMIT CAST($4 AS BIGINT)"
        )
    };
}
pub(crate) use by_name;

/// Of one unit and of the bodies and branches under it: `$1` unit, `$2` behind which id, `$3` limit, `$4` state, `$5` kind, `$6` and
/// `$7` bounds of the name.
macro_rules! of_unit {
    ($table:literal, $kind:literal, $name:literal) => {
        concat!(
            "WHERE id IN (SELECT id FROM (", of_unit!(@half "unit_id", $table, $kind, $name), ") AS own UNION ALL SELECT id FROM (",
            of_unit!(@half "parent_unit_id", $table, $kind, $name), ") AS below) ORDER BY id LIMIT CAST($3 AS BIGINT)"
        )
    };
    (@half $owner:literal, $table:literal, $kind:literal, $name:literal) => {
        concat!(
            "SELECT id FROM ", $table, " WHERE ", $owner, " = $1 AND id > $2 AND CASE WHEN (CAST($4 AS TEXT) IS NULL OR state = $4) ",
            "AND (CAST($5 AS TEXT) IS NULL OR ", $kind, " = $5) AND ", $name, " >= $6 AND ", $name, " < $7 THEN TRUE ELSE FALSE END ",
            "ORDER BY id LIMIT CAST($3 AS BIGINT)"
        )
    };
}
pub(crate) use of_unit;

/// Of one maker; parameters as for a unit.
macro_rules! of_maker {
    () => {
        of_maker!(@ "(CAST($4 AS TEXT) IS NULL OR state = $4)")
    };
    (state) => {
        of_maker!(@ "state = $4")
    };
    (@ $state:literal) => {
        concat!(
            "WHERE maker_id = $1 AND id > $2 AND ", $state, " AND CASE WHEN (CAST($5 AS TEXT) IS NULL OR kind = $5) ",
            "AND name >= $6 AND name < $7 THEN TRUE ELSE FALSE END ORDER BY id LIMIT CAST($3 AS BIGINT)"
        )
    };
}
pub(crate) use of_maker;

/// Of one seal: `$1` seal, `$2` behind which id, `$3` limit, `$4` state.
macro_rules! of_seal {
    () => {
        "WHERE seal_id = $1 AND id > $2 AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY id LIMIT CAST($3 AS BIGINT)"
    };
}
pub(crate) use of_seal;

/// Statements of the lists of a table; where a finer one is missing, the coarser one filters.
#[derive(Debug)]
pub struct Lists {
    pub(crate) place: &'static Statement,
    pub(crate) place_state: Option<&'static Statement>,
    pub(crate) place_kind: Option<&'static Statement>,
    pub(crate) place_kind_state: Option<&'static Statement>,
    pub(crate) name: Option<&'static Statement>,
    pub(crate) name_in: Option<[&'static Statement; 3]>,
    pub(crate) unit: Option<&'static Statement>,
    pub(crate) seal: Option<&'static Statement>,
    pub(crate) maker: Option<[&'static Statement; 2]>,
}

impl Lists {
    /// By place alone, for what has no other order.
    pub(crate) const fn by_place(place: &'static Statement) -> Self {
        Self {
            place,
            place_state: None,
            place_kind: None,
            place_kind_state: None,
            name: None,
            name_in: None,
            unit: None,
            seal: None,
            maker: None,
        }
    }
}

/// A record that is listed by scope.
pub trait Listed: Record + Placed {}

impl<T: Record + Placed> Listed for T {}

/// Where a record stands in its lists.
pub trait Placed: Stored {
    /// The statements.
    const LISTS: &'static Lists;
    /// Path of its area, for the cursor.
    fn place(&self) -> &str;
    /// Its name, for the cursor; empty where nothing is listed by name.
    fn name(&self) -> &str {
        ""
    }
}

/// What to list within a scope.
#[derive(Debug, Clone, Default)]
pub struct ListFilter<'a> {
    /// Only this state.
    pub state: Option<&'a str>,
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Only names that begin with this text; the order is then by name.
    pub name: Option<&'a str>,
    /// [`Page::next`] of the part before, with the same scope and filter.
    pub cursor: Option<&'a str>,
    /// How many, 1 to 200; 0 counts as 50.
    pub limit: u32,
}

/// Part of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<Versioned<T>>,
    /// Where the next part begins; `None` at the end. Opaque, and no secret: it gives no right beyond the scope of the call.
    pub next: Option<String>,
}

/// Characters in the paths of provinces, cities and districts, for [`Lists::name_in`].
pub(crate) const LEVELS: [usize; 3] = [15, 22, 29];

/// Behind every text of a name or path.
pub(crate) const LAST: &str = "\u{10FFFF}";

impl ListFilter<'_> {
    pub(crate) fn size(&self) -> i64 {
        match self.limit {
            0 => 50,
            limit => i64::from(limit.min(200)),
        }
    }

    fn names(&self) -> (&str, String) {
        let from = self.name.unwrap_or_default();
        (from, format!("{from}{LAST}"))
    }

    /// The two parts of the cursor: the text the list is ordered by, and the id.
    pub(crate) fn position(&self) -> Result<Option<(&str, &str)>, StoreError> {
        match self.cursor.map(|cursor| cursor.rsplit_once('~')) {
            None => Ok(None),
            Some(Some(position)) => Ok(Some(position)),
            Some(None) => Err(StoreError::BadCursor),
        }
    }
}

impl<T> Page<T> {
    /// Cuts what was read one row further than asked for.
    pub(crate) fn cut(mut items: Vec<Versioned<T>>, size: i64, position: impl Fn(&T) -> String) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = items.len() > size;
        items.truncate(size);
        let next = if more { items.last().map(|last| position(&last.value)) } else { None };
        Self { items, next }
    }
}

impl Access {
    /// Records within a scope, in parts. A scope of a kind the table knows nothing of (a maker's units) lists nothing.
    ///
    /// Ordered by area and id; with [`ListFilter::name`] by name and id; for units and makers by id.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn list<T: Listed>(
        &mut self,
        scope: &Scope,
        filter: &ListFilter<'_>,
    ) -> Result<Page<T>, StoreError> {
        let lists = T::LISTS;
        match scope {
            Scope::All => self.list_area(("/", "0"), filter).await,
            Scope::Area(area) => self.list_area((area.as_str(), &area.end()), filter).await,
            Scope::Unit(unit) => self.list_owner(lists.unit, unit.as_str(), filter).await,
            Scope::Maker(maker) => {
                let statement =
                    lists.maker.map(|[any, state]| if filter.state.is_some() { state } else { any });
                self.list_owner(statement, maker.as_str(), filter).await
            }
        }
    }

    async fn list_area<T: Listed>(
        &mut self,
        area: (&str, &str),
        filter: &ListFilter<'_>,
    ) -> Result<Page<T>, StoreError> {
        let (from, end) = area;
        let size = filter.size();
        let position = filter.position()?;
        if filter.name.is_some() {
            let (first, last) = filter.names();
            let (name, id) = position.filter(|(name, _)| *name >= first).unwrap_or((first, ""));
            let within = T::LISTS.name_in.and_then(|statements| {
                let levels = statements.into_iter().zip(LEVELS).rev();
                levels.into_iter().find_map(|(statement, length)| Some((statement, from.get(..length)?)))
            });
            let all = values![name, id, &last, size + 1, filter.state, filter.kind, from, end];
            let items = match (within, T::LISTS.name) {
                (Some((statement, path)), _) => {
                    let mut values = all.to_vec();
                    values.push(path.into());
                    self.find_all(statement, &values).await?
                }
                (None, Some(statement)) => self.find_all(statement, all).await?,
                (None, None) => return Ok(Page { items: Vec::new(), next: None }),
            };
            return Ok(Page::cut(items, size, |last: &T| format!("{}~{}", last.name(), last.key())));
        }
        // A cursor from elsewhere cannot lead out of the area: the range begins no earlier and ends where the area ends.
        let (path, id) = position.filter(|(path, _)| *path >= from).unwrap_or((from, ""));
        let lists = T::LISTS;
        let finer = match (filter.state, filter.kind) {
            (None, None) => None,
            (Some(_), None) => lists.place_state,
            (None, Some(_)) => lists.place_kind,
            (Some(_), Some(_)) => lists.place_kind_state.or(lists.place_state),
        };
        let values = values![path, id, end, size + 1, filter.state, filter.kind];
        let items = self.find_all(finer.unwrap_or(lists.place), values).await?;
        Ok(Page::cut(items, size, |last: &T| format!("{}~{}", last.place(), last.key())))
    }

    /// Records of one seal, the oldest first; of the filter state, cursor and limit count. Nothing of what is not listed by seal.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn list_of_seal<T: Listed>(
        &mut self,
        seal: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<T>, StoreError> {
        let Some(statement) = T::LISTS.seal else { return Ok(Page { items: Vec::new(), next: None }) };
        let size = filter.size();
        let after = filter.position()?.map_or("", |(_, id)| id);
        let items = self.find_all(statement, values![seal, after, size + 1, filter.state]).await?;
        Ok(Page::cut(items, size, |last: &T| format!("~{}", last.key())))
    }

    async fn list_owner<T: Listed>(
        &mut self,
        statement: Option<&'static Statement>,
        owner: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<T>, StoreError> {
        let Some(statement) = statement else { return Ok(Page { items: Vec::new(), next: None }) };
        let size = filter.size();
        let (first, last) = filter.names();
        let after = filter.position()?.map_or("", |(_, id)| id);
        let values: &[Value<'_>] = values![owner, after, size + 1, filter.state, filter.kind, first, &last];
        let items = self.find_all(statement, values).await?;
        Ok(Page::cut(items, size, |last: &T| format!("~{}", last.key())))
    }
}
