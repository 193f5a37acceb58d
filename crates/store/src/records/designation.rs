//! Designations of departments.

use crate::list::{Lists, Placed, by_name, place};
use crate::record::record;
use yinxin_registry::area::{Designation, DesignationState};

/// Name of a state, as in JSON.
fn state(designation: &Designation) -> &'static str {
    match designation.state {
        DesignationState::Made => "made",
        DesignationState::Filed => "filed",
        DesignationState::Ended => "ended",
    }
}

record! {
    Designation, "designation", key: |designation| designation.id.as_str(),
    columns: {
        area_id = 5: |designation| designation.area.as_str().into(),
        area_path = 6: |designation| designation.area_path.as_str().into(),
        name = 7: |designation| designation.department.as_str().into(),
        state = 8: |designation| state(designation).into(),
    },
    find: {
        PLACE = place!("state", "'designation'");
        NAME = by_name!("state", "'designation'");
    }
}

impl Placed for Designation {
    const LISTS: &'static Lists = &Lists { name: Some(&NAME), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path.as_str()
    }

    fn name(&self) -> &str {
        &self.department
    }
}
