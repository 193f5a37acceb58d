//! What an approval certificate states.

use crate::app::Work;
use crate::proof::{OwningUnit, ProofKind, SealFacts, Statement, Subjects};
use jiff::{Timestamp, ToSpan as _};
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, Imprint};

/// Days within which a maker has to begin.
const DAYS: i64 = 90;

/// The statement of an approval that gives the seal this code and number.
pub fn approval(
    work: &Work,
    application: &Application,
    number: &str,
    seal: (&str, Option<u32>),
    by: &By,
) -> Statement {
    let content = application.content();
    let (code, seal_number) = seal;
    Statement {
        kind: ProofKind::MakingApproval,
        number: number.to_owned(),
        issued_at: work.now,
        area: application.area_path().as_str().to_owned(),
        authority: work.app().authority.party(),
        subjects: Subjects {
            application: Some(application.id().to_string()),
            seal: None,
            unit: Some(application.unit().to_string()),
            maker: None,
        },
        application_digest: Some(application.content_digest()),
        truth_digest: application.truth().and_then(|truth| truth.signature.clone()),
        unit: OwningUnit {
            name: application.unit_name().to_owned(),
            credit_code: application.credit_code().map(str::to_owned),
        },
        seal: SealFacts {
            kind: content.kind.as_str().to_owned(),
            name: content.seal_name.clone(),
            holder: content.holder.as_ref().map(|h| h.name.clone()),
            code: Some(code.to_owned()),
            number: seal_number,
            years: Some(content.years),
        },
        imprint_digest: match &content.imprint {
            Imprint::Given { digest, .. } => Some(digest.clone()),
            Imprint::Drawn { .. } => None,
        },
        seal_digest: None,
        valid_until: Some(after_days(work.now)),
        effective_at: None,
        reason: None,
        decided_by: by.name.clone(),
    }
}

fn after_days(now: Timestamp) -> Timestamp {
    now.checked_add((24 * DAYS).hours()).unwrap_or(Timestamp::MAX)
}
