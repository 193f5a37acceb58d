//! The maker a workshop works for: license, areas, key.

use std::sync::Arc;

use jiff::Timestamp;
use yinxin_crypto::SigningKey;
use yinxin_formats::x509::Certificate;

use super::MakingError;

/// License to make seals, as the workshop is configured with it. The registry keeps its own record and checks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// Its number.
    pub number: String,
    /// First moment.
    pub from: Timestamp,
    /// End; no longer valid at this moment.
    pub until: Timestamp,
    /// Paths of the areas served, each with those below it.
    pub areas: Vec<String>,
    /// Whether an authority stopped the maker.
    pub stopped: bool,
}

/// The maker (制作单位) with the key that signs seals.
#[derive(Clone)]
pub struct MakerIdentity {
    /// Key of the maker in the registry.
    pub id: String,
    /// Unified social credit code.
    pub code: String,
    /// License.
    pub license: License,
    /// Certificate of the maker's key.
    pub certificate: Certificate,
    /// The key.
    pub key: Arc<dyn SigningKey>,
}

impl MakerIdentity {
    /// Whether the maker may make a seal for an area now.
    ///
    /// # Errors
    /// [`MakingError::Stopped`], [`MakingError::License`], [`MakingError::Jurisdiction`].
    pub fn may_make(&self, area_path: &str, now: Timestamp) -> Result<(), MakingError> {
        let l = &self.license;
        if l.stopped {
            return Err(MakingError::Stopped);
        }
        if now < l.from || now >= l.until {
            return Err(MakingError::License);
        }
        let serves = |area: &String| area.ends_with('/') && area_path.starts_with(area.as_str());
        if l.areas.iter().any(serves) { Ok(()) } else { Err(MakingError::Jurisdiction) }
    }
}

impl std::fmt::Debug for MakerIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MakerIdentity")
            .field("id", &self.id)
            .field("license", &self.license)
            .field("certificate", &self.certificate.subject.to_string())
            .finish_non_exhaustive()
    }
}
