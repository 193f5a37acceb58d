//! Which profile an area may choose.

use crate::app::App;
use crate::http::Faults;

/// Notes a profile that does not exist or is made for other areas.
pub fn check(app: &App, profile: &str, area: &str, faults: &mut Faults) {
    match app.profiles.current(profile) {
        None => faults.push(
            "/profile",
            "PROFILE_UNKNOWN",
            format!("没有地区配置“{profile}”"),
            format!("there is no profile {profile:?}"),
        ),
        Some(found) if !found.is_made_for(area) => faults.push(
            "/profile",
            "PROFILE_AREA",
            format!("地区配置“{profile}”不适用于区划 {area}，请另行指定"),
            format!("profile {profile:?} is not made for area {area}; name another"),
        ),
        Some(_) => {}
    }
}
