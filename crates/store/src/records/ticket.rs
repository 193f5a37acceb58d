//! Tickets of the supervision of units.

use crate::list::{Lists, Placed, by_name, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use crate::value::values;
use crate::{Access, Bounded, StoreError};
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;
use yinxin_registry::correction::Ticket;
use yinxin_registry::lifecycle::State as _;

record! {
    Ticket, "ticket", key: |ticket| ticket.id().as_str(),
    columns: {
        state = 5: |ticket| ticket.state().as_str().into(),
        kind = 6: |ticket| ticket.kind().as_str().into(),
        name = 7: |ticket| ticket.unit_name().into(),
        area_path = 8: |ticket| ticket.area_path().as_str().into(),
        unit_id = 9: |ticket| ticket.unit().as_str().into(),
        parent_unit_id = 10: |ticket| ticket.parent_unit().map(|unit| unit.as_str()).into(),
        due = 11: |ticket| ticket.due().map(micros).into(),
        created_at = 12: |ticket| micros(ticket.created_at()).into(),
    },
    find: {
        PLACE = place!("state", "kind");
        PLACE_STATE = place_state!("kind");
        NAME = by_name!("state", "kind");
        OF_UNIT = of_unit!("ticket", "kind", "name");
    },
    other: {
        OVERDUE = "SELECT COUNT(*) FROM (SELECT 1 FROM ticket WHERE state = 'open' AND due <= $3 AND area_path >= $1 AND area_path < $2 \
                   LIMIT CAST($4 AS BIGINT)) AS part";
    }
}

impl Placed for Ticket {
    const LISTS: &'static Lists = &Lists {
        place_state: Some(&PLACE_STATE),
        name: Some(&NAME),
        unit: Some(&OF_UNIT),
        ..Lists::by_place(&PLACE)
    };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }

    fn name(&self) -> &str {
        self.unit_name()
    }
}

impl Access {
    /// Tickets of an area, and what lies in it, whose day has passed without an answer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn tickets_overdue(&mut self, area: &AreaPath, now: Timestamp) -> Result<Bounded, StoreError> {
        let most = i64::from(Bounded::MOST) + 1;
        let row = self.row(&OVERDUE, values![area.as_str(), &area.end(), micros(now), most]).await?;
        Ok(Bounded::of(row.map(|row| row.int(0)).transpose()?.unwrap_or_default()))
    }
}
