//! Versions of area profiles. They are added and never changed; the engine refuses a change of anything but the MAC.

use crate::record::{Versioned, record};
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::Timestamp;
use yinxin_registry::profile::ProfileVersion;

record! {
    ProfileVersion, "profile_version", key: |version| version.id.as_str(),
    columns: {
        profile = 5: |version| version.profile.as_str().into(),
        number = 6: |version| i64::from(version.version).into(),
        effective_at = 7: |version| micros(version.from).into(),
    },
    find: {
        IN_FORCE = "WHERE profile = $1 AND effective_at <= $2 ORDER BY number DESC LIMIT 1";
        OF_PROFILE = "WHERE profile = $1 ORDER BY number LIMIT 1000";
        NEWEST = "WHERE number = (SELECT MAX(v.number) FROM profile_version v WHERE v.profile = profile_version.profile) \
                  ORDER BY profile LIMIT 1000";
    }
}

impl Access {
    /// The version of a profile in force at a time.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn profile_in_force(
        &mut self,
        profile: &str,
        at: Timestamp,
    ) -> Result<Option<Versioned<ProfileVersion>>, StoreError> {
        self.find(&IN_FORCE, values![profile, micros(at)]).await
    }

    /// Every version of a profile, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn profile_versions(
        &mut self,
        profile: &str,
    ) -> Result<Vec<Versioned<ProfileVersion>>, StoreError> {
        self.find_all(&OF_PROFILE, values![profile]).await
    }

    /// The newest version of every profile, by identifier.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn newest_profiles(&mut self) -> Result<Vec<Versioned<ProfileVersion>>, StoreError> {
        self.find_all(&NEWEST, &[]).await
    }
}
