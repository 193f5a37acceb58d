//! Imprints (印模) in the registry and in the workshop: drawn, checked against the rules of their kind, compared with the filed one.
//!
//! What a rule says is worked out by `yinxin-imprint`; here stands which rule a seal falls under, what its picture is looked at
//! with, and how the outcome is told to applicant and reviewer. An area's own rules and another font come from `[imprint]`.

mod asked;
mod checks;
mod drawer;
mod kinds;
mod look;

pub use asked::{Asked, Material, Trial};
pub use checks::{checks, found};
pub use drawer::{Drawer, DrawerFault};
pub use kinds::{kind_of, rank_of};
pub use look::{Against, Compared, Looked, look};

use crate::documents::Documents;
use crate::http::{Code, Problem};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::checks::Check;
use yinxin_registry::unit::Unit;
use yinxin_store::Versioned;

/// Versions of applications whose outcome is remembered: it is asked for before an application is handed in and when it is.
const REMEMBERED: usize = 256;

/// Looks at imprints beside the requests: a few at a time, on threads that may compute for long.
pub struct Imprints {
    drawer: Arc<Drawer>,
    turns: Arc<Semaphore>,
    known: Mutex<VecDeque<Known>>,
}

/// The outcome for one version of an application, which holds all that it depends on.
struct Known {
    application: ApplicationId,
    version: i64,
    checks: Vec<Check>,
}

impl Imprints {
    /// With these rules and characters; one at a time for each processor.
    pub fn new(drawer: Drawer) -> Self {
        let turns = std::thread::available_parallelism().map_or(1, usize::from);
        Self { drawer: Arc::new(drawer), turns: Arc::new(Semaphore::new(turns)), known: Mutex::default() }
    }

    /// Rules and characters.
    pub fn drawer(&self) -> &Arc<Drawer> {
        &self.drawer
    }

    /// The checks of an application's imprint, as this version of it asks for it.
    ///
    /// # Errors
    /// As [`Self::look`].
    pub async fn checks(
        &self,
        application: &Versioned<Application>,
        documents: &Documents,
    ) -> Result<Vec<Check>, Problem> {
        let (id, version) = (application.value.id(), application.version);
        if let Some((_, checks)) = self.known(id, |known| known == version) {
            return Ok(checks);
        }
        let checks = checks(&self.look(&application.value, documents, None).await?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.truncate(REMEMBERED.saturating_sub(1));
        known.push_front(Known { application: id.clone(), version, checks: checks.clone() });
        Ok(checks)
    }

    /// What was found a moment ago of a version that fits.
    pub fn known(&self, id: &ApplicationId, fits: impl Fn(i64) -> bool) -> Option<(i64, Vec<Check>)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|known| known.application == *id && fits(known.version))?;
        Some((found.version, found.checks.clone()))
    }

    /// Looks at the imprint of an application when its turn comes: as it asks for it, or the picture a maker has `made` for it, with the
    /// number among several business seals.
    ///
    /// # Errors
    /// Problems of the document store; `INTERNAL` where the thread did not end as it should.
    pub async fn look(
        &self,
        application: &Application,
        documents: &Documents,
        made: Option<(Vec<u8>, Option<u32>)>,
    ) -> Result<Looked, Problem> {
        // Pictures are read when it is their turn: no more of them are in memory than are looked at.
        let turn = self.turn().await?;
        let asked = Asked::of(application, documents).await?;
        let asked = match made {
            Some((picture, number)) => asked.made(picture, number),
            None => asked,
        };
        self.look_at(asked, turn).await
    }

    /// Looks at what somebody tries, when its turn comes.
    ///
    /// # Errors
    /// `INTERNAL` where the thread did not end as it should.
    pub async fn attempt(&self, unit: &Unit, trial: Trial) -> Result<Looked, Problem> {
        let turn = self.turn().await?;
        self.look_at(Asked::trial(unit, trial), turn).await
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Problem::new(Code::Internal))
    }

    async fn look_at(&self, asked: Asked, turn: OwnedSemaphorePermit) -> Result<Looked, Problem> {
        let drawer = Arc::clone(&self.drawer);
        let looked = tokio::task::spawn_blocking(move || {
            let looked = look(&asked, &drawer);
            drop(turn);
            looked
        });
        looked.await.map_err(|error| {
            tracing::error!(%error, "an imprint was not looked at to the end");
            Problem::new(Code::Internal)
        })
    }
}

impl std::fmt::Debug for Imprints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Imprints").field("drawer", &self.drawer).finish_non_exhaustive()
    }
}
