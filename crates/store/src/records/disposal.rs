//! Lists of disposal.

use crate::list::{Lists, Placed, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use crate::value::values;
use crate::{Access, Bounded, StoreError};
use yinxin_registry::area::AreaPath;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::retention::disposal::Disposal;

record! {
    Disposal, "disposal", key: |disposal| disposal.id().as_str(),
    columns: {
        state = 5: |disposal| disposal.state().as_str().into(),
        area_path = 6: |disposal| disposal.area_path().as_str().into(),
        unit_id = 7: |disposal| disposal.unit().as_str().into(),
        parent_unit_id = 8: |disposal| disposal.parent_unit().map(|unit| unit.as_str()).into(),
        created_at = 9: |disposal| micros(disposal.created_at()).into(),
    },
    find: {
        PLACE = place!("state", "'disposal'");
        PLACE_STATE = place_state!("'disposal'");
        OF_UNIT = of_unit!("disposal", "'disposal'", "''");
    },
    other: {
        PROPOSED = "SELECT COUNT(*) FROM (SELECT 1 FROM disposal WHERE state = 'proposed' AND area_path >= $1 AND area_path < $2 \
                    LIMIT CAST($3 AS BIGINT)) AS part";
    }
}

impl Placed for Disposal {
    const LISTS: &'static Lists =
        &Lists { place_state: Some(&PLACE_STATE), unit: Some(&OF_UNIT), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }
}

impl Access {
    /// Lists of an area, and what lies in it, that wait for a decision.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn disposals_proposed(&mut self, area: &AreaPath) -> Result<Bounded, StoreError> {
        let most = i64::from(Bounded::MOST) + 1;
        let row = self.row(&PROPOSED, values![area.as_str(), &area.end(), most]).await?;
        Ok(Bounded::of(row.map(|row| row.int(0)).transpose()?.unwrap_or_default()))
    }
}
