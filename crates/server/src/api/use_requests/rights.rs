//! The right a request rests on: taken when sealing begins (a standing authorization when it is handed in), given back for what was not
//! sealed.

use super::register::local_time;
use jiff::Timestamp;
use yinxin_registry::approval::course::Course;
use yinxin_registry::approval::standing::{Standing, StandingEvent, Take};
use yinxin_registry::custody::grant::{GrantEvent, UseGrant};
use yinxin_registry::lifecycle::{By, Refused};
use yinxin_registry::usage::request::{Manifest, Right, UseRequest};
use yinxin_store::{StoreError, Tx, Versioned};

/// A refusal of the domain, or something else that stops.
#[derive(Debug)]
pub(super) enum Halt {
    /// A rule said no: this stands in the register.
    Refused(Refused),
    /// Anything else.
    Stop(crate::app::Stop),
}

impl From<Refused> for Halt {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Stop(error.into())
    }
}

impl From<crate::app::Stop> for Halt {
    fn from(stop: crate::app::Stop) -> Self {
        Self::Stop(stop)
    }
}

/// The grant after so many documents were taken from it, not yet saved.
pub(super) async fn taken(
    tx: &mut Tx,
    request: &UseRequest,
    documents: u32,
    by: &By,
    now: Timestamp,
) -> Result<Option<Versioned<UseGrant>>, Halt> {
    let Right::Grant { grant } = &request.asked().right else { return Ok(None) };
    let found = tx.load::<UseGrant>(grant.as_str()).await?;
    let found = found
        .filter(|found| found.value.to() == request.asked_by().id && found.value.seal() == request.seal());
    let found = found.ok_or_else(|| {
        Refused::rule(
            "NOT_YOUR_RIGHT",
            "申请人没有所指的用印授权",
            "who asks has no such right to use this seal",
        )
    })?;
    let event = GrantEvent::Take {
        documents,
        document_kind: request.asked().document_kind.clone(),
        local_time: local_time(now),
    };
    let (value, _) = found.value.apply(event, by, now)?;
    Ok(Some(Versioned { version: found.version, value }))
}

/// The standing authorization after a request was counted by it, not yet saved.
pub(super) async fn counted(
    tx: &mut Tx,
    request: &UseRequest,
    manifest: &Manifest,
    by: &By,
    now: Timestamp,
) -> Result<Versioned<Standing>, Halt> {
    let none =
        || Refused::rule("NOT_YOUR_RIGHT", "申请人没有所指的常设授权", "who asks has no such authorization");
    let Right::Standing { standing, template } = &request.asked().right else { return Err(none().into()) };
    let found = tx.load::<Standing>(standing.as_str()).await?;
    let found = found.filter(|found| found.value.seal() == request.seal()).ok_or_else(none)?;
    let take = Take {
        client: &by.id,
        documents: manifest.documents,
        document_kind: &request.asked().document_kind,
        template,
        value_most: manifest.value_most,
        value_sum: manifest.value_sum,
        local_time: local_time(now),
    };
    let (value, _) = found.value.apply(StandingEvent::Take(take), by, now)?;
    Ok(Versioned { version: found.version, value })
}

/// Gives back what was not sealed. A right that is no more takes nothing back.
///
/// # Errors
/// Problems of the database.
pub async fn give_back(
    tx: &mut Tx,
    request: &UseRequest,
    documents: u32,
    value: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    if documents == 0 {
        return Ok(());
    }
    let by = By::system();
    match &request.asked().right {
        Right::Grant { grant } => {
            let found = tx.get::<UseGrant>(grant.as_str()).await?;
            if let Ok((grant, _)) = found.value.apply(GrantEvent::GiveBack { documents }, &by, now) {
                tx.save(&grant, found.version).await?;
            }
        }
        Right::Standing { standing, .. } => {
            let found = tx.get::<Standing>(standing.as_str()).await?;
            let event = StandingEvent::GiveBack { documents, value };
            if let Ok((standing, _)) = found.value.apply(event, &by, now) {
                tx.save(&standing, found.version).await?;
            }
        }
    }
    Ok(())
}

/// Who approved what a request rests on.
///
/// # Errors
/// Problems of the database.
pub async fn approvers(tx: &mut yinxin_store::Access, request: &UseRequest) -> Result<Vec<By>, StoreError> {
    let agreed = |course: &Course| -> Vec<By> {
        let votes = course.stages().iter().flat_map(|stage| &stage.votes);
        votes.filter(|vote| vote.agrees).map(|vote| vote.by.clone()).collect()
    };
    match (request.course(), &request.asked().right) {
        (Some(course), _) => Ok(agreed(course)),
        (None, Right::Standing { standing, .. }) => {
            let found = tx.load::<Standing>(standing.as_str()).await?;
            Ok(found.map(|found| agreed(found.value.course())).unwrap_or_default())
        }
        (None, Right::Grant { .. }) => Ok(Vec::new()),
    }
}
