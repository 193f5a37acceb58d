//! Versions of profiles that another node put in force.

use crate::app::{App, Stop};
use crate::http::{Code, Problem};
use yinxin_registry::profile::Profile;

/// Reads the versions the database holds and memory lacks; how many there were. Profiles whose newest version is known cost nothing
/// but the look.
///
/// # Errors
/// Problems of the database; `INTERNAL` for a version that does not read, which was checked before it was saved.
pub async fn reload(app: &App) -> Result<usize, Stop> {
    let mut read = app.store.read().await?;
    let mut added = 0;
    for newest in read.newest_profiles().await? {
        let newest = newest.value;
        if app.profiles.version(&newest.profile, newest.version).is_some() {
            continue;
        }
        for version in read.profile_versions(&newest.profile).await? {
            let version = version.value;
            if app.profiles.version(&version.profile, version.version).is_some() {
                continue;
            }
            let profile = Profile::parse(&version.text).map_err(|fault| {
                tracing::error!(id = version.id, %fault, "a version of a profile does not read");
                Problem::new(Code::Internal)
            })?;
            app.profiles.add(profile);
            added += 1;
        }
    }
    Ok(added)
}
