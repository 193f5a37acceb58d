//! Flows of approval.

use crate::list::{Lists, Placed, of_unit, place, place_state};
use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::approval::flow::Flow;

/// Flows of a unit in force at most; [`Access::live_flows`] reads no more.
const MOST: i64 = 200;

fn state(flow: &Flow) -> &'static str {
    if flow.is_retired() { "retired" } else { "live" }
}

record! {
    Flow, "approval_flow", key: |flow| flow.id().as_str(),
    columns: {
        state = 5: |flow| state(flow).into(),
        area_path = 6: |flow| flow.area_path().as_str().into(),
        unit_id = 7: |flow| flow.unit().as_str().into(),
        parent_unit_id = 8: |flow| flow.parent_unit().map(|unit| unit.as_str()).into(),
        name = 9: |flow| flow.name().into(),
    },
    find: {
        LIVE = "WHERE unit_id = $1 AND state = 'live' ORDER BY id LIMIT CAST($2 AS BIGINT)";
        PLACE = place!("state", "'flow'");
        PLACE_STATE = place_state!("'flow'");
        OF_UNIT = of_unit!("approval_flow", "'flow'", "name");
    }
}

impl Placed for Flow {
    const LISTS: &'static Lists =
        &Lists { place_state: Some(&PLACE_STATE), unit: Some(&OF_UNIT), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }

    fn name(&self) -> &str {
        Flow::name(self)
    }
}

impl Access {
    /// The flows of a unit by which approvals may begin, the eldest first; at most 200.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn live_flows(&mut self, unit: &str) -> Result<Vec<Versioned<Flow>>, StoreError> {
        self.find_all(&LIVE, values![unit, MOST]).await
    }
}
