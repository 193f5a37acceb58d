//! The facts that the automatic checks rest on.

use crate::api::people::ID_NUMBER;
use crate::app::{Stop, Work};
use crate::http::{Code, Problem};
use crate::security::redact::Mask;
use crate::security::vault::Place;
use std::sync::Arc;
use yinxin_registry::area::Area;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::checks::{Check, Facts, OtherSeal, run};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::profile::Profile;
use yinxin_registry::unit::Person;
use yinxin_store::Submission;

/// Runs the automatic checks on an application as it stands, by a profile; `imprint` are those of its imprint.
///
/// # Errors
/// Problems of the database.
pub async fn check_facts(
    work: &mut Work,
    submission: &Submission,
    profile: &Profile,
    imprint: Vec<Check>,
) -> Result<Vec<Check>, Stop> {
    let application = &submission.application.value;
    let legal_name_seal = match application.content().kind.is_unique_per_unit() {
        true => in_the_way(&submission.legal_name_seals, application),
        false => None,
    };
    let previous = submission.previous.as_ref().map(|seal| other(seal, application));
    let content = application.content();
    let agent = indexes(work, application.id().as_str(), &content.agent.person)?;
    let blocks = work.tx.blocks_of(&agent).await?;
    let agent_blocked = blocks.iter().any(|block| block.value.counts(application.area_path(), work.now));
    let representative = indexes(work, application.id().as_str(), &content.legal_representative)?;
    let registered = indexes(work, submission.unit.id.as_str(), &submission.unit.legal_representative)?;
    let procedure = profile.procedure(application.applicant_kind(), content.kind);
    let codes: Vec<&str> = content.materials.iter().map(|m| m.code.as_str()).collect();
    let missing = procedure.as_ref().map(|p| p.missing_materials(&codes)).unwrap_or_default();
    let facts = Facts {
        unit: &submission.unit,
        procedure: procedure.is_some(),
        missing_materials: missing,
        imprint_allowed: procedure.as_ref().is_none_or(|p| {
            let (width, height) = content.imprint.sides_tenth_mm();
            p.allows_imprint(width, height)
        }),
        physical_first: procedure.as_ref().is_some_and(|p| p.physical_first),
        internal_allowed: profile.internal_seals,
        max_years: profile.validity.seal_years,
        renewal_from: previous.as_ref().and_then(|p| p.valid_until).map(|end| profile.renewal_opens(end)),
        legal_name_seal,
        previous,
        agent_blocked,
        same_representative: representative == registered,
        now: work.now,
    };
    let mut checks = run(application, &facts);
    checks.extend(imprint);
    Ok(checks)
}

/// Blind indexes of a person's identity number under every index key: equal numbers have equal ones, whichever key was in use when
/// they were stored.
fn indexes(work: &Work, record: &str, person: &Person) -> Result<Vec<String>, Problem> {
    let place = Place::new(ID_NUMBER, record);
    work.app().vault().indexes_of(place, &person.id_number, Mask::IdNumber).map_err(|error| {
        tracing::error!(code = error.code(), record, "an identity number does not open");
        Problem::new(Code::Integrity)
    })
}

/// The legal-name seal that stands in the way: one that is not followed by this application comes first.
fn in_the_way(seals: &[Seal], application: &Application) -> Option<OtherSeal> {
    let followed = application.basis().previous();
    let foreign = seals.iter().find(|seal| Some(seal.id()) != followed);
    foreign.or(seals.first()).map(|seal| other(seal, application))
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
