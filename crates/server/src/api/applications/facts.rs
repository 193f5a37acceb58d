//! The facts that the automatic checks rest on.

use crate::app::{Stop, Work};
use std::sync::Arc;
use yinxin_registry::area::Area;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::checks::{Check, Facts, OtherSeal, run};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::profile::Profile;
use yinxin_registry::unit::Unit;
use yinxin_store::Versioned;

/// Runs the automatic checks on an application as it stands, by a profile.
///
/// # Errors
/// Problems of the database; `NOT_FOUND` when the unit is gone.
pub async fn check_facts(
    work: &mut Work,
    application: &Application,
    profile: &Profile,
) -> Result<Vec<Check>, Stop> {
    let unit = work.tx.get::<Unit>(application.unit().as_str()).await?.value;
    let legal_name_seal = match application.content().kind.is_unique_per_unit() {
        true => in_the_way(&work.tx.legal_name_seals(application.unit().as_str()).await?, application),
        false => None,
    };
    let previous = match application.basis().previous() {
        Some(seal) => {
            work.tx.load::<Seal>(seal.as_str()).await?.map(|found| other(&found.value, application))
        }
        None => None,
    };
    let agent_blocked = match application.agent_index() {
        Some(index) => {
            let blocks = work.tx.blocks_of(index).await?;
            blocks.iter().any(|block| block.value.counts(application.area_path(), work.now))
        }
        None => false,
    };
    let content = application.content();
    let procedure = profile.procedure(application.applicant_kind(), content.kind);
    let codes: Vec<&str> = content.materials.iter().map(|m| m.code.as_str()).collect();
    let missing = procedure.as_ref().map(|p| p.missing_materials(&codes)).unwrap_or_default();
    let facts = Facts {
        unit: &unit,
        procedure: procedure.is_some(),
        missing_materials: missing.iter().map(|m| m.code.clone()).collect(),
        physical_first: procedure.as_ref().is_some_and(|p| p.physical_first),
        internal_allowed: profile.internal_seals,
        max_years: profile.validity.seal_years,
        renewal_from: previous.as_ref().and_then(|p| p.valid_until).map(|end| profile.renewal_opens(end)),
        legal_name_seal,
        previous,
        agent_blocked,
        now: work.now,
    };
    Ok(run(application, &facts))
}

/// The legal-name seal that stands in the way: one that is not followed by this application comes first.
fn in_the_way(seals: &[Versioned<Seal>], application: &Application) -> Option<OtherSeal> {
    let followed = application.basis().previous();
    let foreign = seals.iter().find(|found| Some(found.value.id()) != followed);
    foreign.or(seals.first()).map(|found| other(&found.value, application))
}

fn other(seal: &Seal, application: &Application) -> OtherSeal {
    OtherSeal {
        id: seal.id().clone(),
        legal_name: seal.kind().is_unique_per_unit(),
        state: seal.state(),
        valid_until: seal.made().map(|made| made.valid_until),
        of_unit: seal.unit() == application.unit(),
    }
}

/// The profile in force where the application stands.
///
/// # Errors
/// `NOT_FOUND` when the area is gone; `INTERNAL` when its profile is.
pub async fn profile_in_force(work: &mut Work, application: &Application) -> Result<Arc<Profile>, Stop> {
    let area = work.tx.get::<Area>(application.area_path().code()).await?.value;
    Ok(work.app().profiles.in_force(area.profile.as_deref())?)
}
