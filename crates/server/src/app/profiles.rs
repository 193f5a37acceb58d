//! Profiles of practice (地区配置) in memory: every version that was ever in force.

use crate::http::{Code, Problem};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use yinxin_registry::profile::{Profile, ProfileFault, ProfileVersion};

/// The profiles.
#[derive(Debug, Default)]
pub struct Profiles(RwLock<BTreeMap<String, BTreeMap<u32, Arc<Profile>>>>);

impl Profiles {
    /// Reads every version the database holds.
    ///
    /// # Errors
    /// [`ProfileFault`] of the first that does not read: it was checked before it was saved.
    pub fn of<'a>(versions: impl IntoIterator<Item = &'a ProfileVersion>) -> Result<Self, ProfileFault> {
        let profiles = Self::default();
        for version in versions {
            profiles.add(Profile::parse(&version.text)?);
        }
        Ok(profiles)
    }

    /// Adds a version.
    pub fn add(&self, profile: Profile) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(profile.id.clone()).or_default().insert(profile.version, Arc::new(profile));
    }

    /// The newest version of a profile.
    pub fn current(&self, id: &str) -> Option<Arc<Profile>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(id)?.last_key_value().map(|(_, profile)| Arc::clone(profile))
    }

    /// One version.
    pub fn version(&self, id: &str, version: u32) -> Option<Arc<Profile>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(id)?.get(&version).map(Arc::clone)
    }

    /// The newest version of each.
    pub fn all(&self) -> Vec<Arc<Profile>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.values().filter_map(|versions| versions.last_key_value()).map(|(_, p)| Arc::clone(p)).collect()
    }

    /// The newest version of a profile an area names.
    ///
    /// # Errors
    /// `INTERNAL` when there is none: areas name only what exists.
    pub fn in_force(&self, id: Option<&str>) -> Result<Arc<Profile>, Problem> {
        let id = id.unwrap_or("national");
        self.current(id).ok_or_else(|| {
            tracing::error!(id, "an area names a profile that does not exist");
            Problem::new(Code::Internal)
        })
    }
}
