//! A new data key takes the place of the old one (密钥轮换); the old one still reads what it wrote.

use super::renewal::{JOB, Progress};
use super::ring::{CHANGING, keyring_fault, master_key};
use crate::app::keys::{Turns, ring_of, stored_form};
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, NoBody, Path, Problem, StoredResponse};
use crate::security::keyring::{Purpose, SETTLE};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};

/// When a new key of a purpose counts, and what has to be renewed after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rotation {
    /// At once; nothing kept was made with it.
    Now,
    /// At once; a job renews what was encrypted.
    Renew,
    /// When every node has it; a job renews rows or indexes, or turns the audit chain to it.
    Soon,
    /// When every node has it; old documents stay as they are.
    Later,
}

impl Rotation {
    pub(super) fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Token => Self::Now,
            Purpose::Field => Self::Renew,
            Purpose::Index | Purpose::Row | Purpose::Audit => Self::Soon,
            Purpose::Document => Self::Later,
        }
    }

    /// Whether a job follows.
    pub(super) fn is_followed(self) -> bool {
        matches!(self, Self::Renew | Self::Soon)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Now | Self::Renew => "now",
            Self::Soon | Self::Later => "soon",
        }
    }
}

/// The new key.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RotatedKey {
    /// What it is for.
    #[schema(example = "field")]
    pub purpose: String,
    /// Its number.
    #[schema(example = 2)]
    pub number: u32,
    /// `now`; `soon`: a minute from now, when every node has taken it over.
    #[schema(example = "now")]
    pub takes_effect: String,
}

/// 轮换密钥。 Makes a new key of a purpose. What was written under the old one stays readable; for `field`, `index` and `row` a job
/// writes it anew, for `audit` one turns the chain to the new key: `GET /keys/{purpose}/renewal` tells how far it is.
#[utoipa::path(
    post, path = "/keys/{purpose}/rotate", tag = "keys", operation_id = "keys.rotate", summary = "轮换数据密钥 · Make a new data key",
    params(("purpose" = String, Path, description = "用途 · purpose", pattern = "^(field|document|index|row|audit|token)$"), IdempotencyKey),
    request_body(content = Option<NoBody>),
    responses(
        (status = 200, description = "新密钥的编号 · number of the new key", body = RotatedKey),
        (status = 409, description = "上一次轮换尚未完成 · the last change of this key is still under way")
    )
)]
pub async fn rotate(
    State(app): State<Shared>,
    caller: Caller,
    Path(purpose): Path<String>,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    caller.permit(Action::KeyRotate, &Place::registry(), app.now()?)?;
    let purpose = Purpose::from_name(&purpose).ok_or_else(|| Problem::new(Code::NotFound))?;
    let rotation = Rotation::of(purpose);
    let master = master_key(&app).await?;
    // Until the new ring is in place: of two at once, none may put an older ring over a newer one.
    let _changing = CHANGING.lock().await;
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::KeyRotate, &Place::registry())?;
    // Of what the database holds now: another node may have made keys since this one started.
    let ring = ring_of(&master, &work.tx.wrapped_keys().await?).map_err(|error| keyring_fault(&error))?;
    let old = ring.active_number(purpose);
    if let Some(progress) = Progress::load(&mut work.tx, purpose).await?
        && progress.is_under_way(work.now)
    {
        let (zh, en) =
            ("该用途的上一次轮换尚未完成。", "The last change of a key of this purpose is still under way.");
        return Err(Problem::new(Code::Conflict).rule("KEY_UNDER_WAY").detail(zh, en).into());
    }
    let ring =
        ring.rotated(purpose, &master, &mut app.rng(), work.now).map_err(|error| keyring_fault(&error))?;
    let number = ring.active_number(purpose);
    let made = ring.records().iter().find(|record| record.purpose == purpose && record.number == number);
    work.tx.add_wrapped_key(&stored_form(made.ok_or_else(|| Problem::new(Code::Internal))?)).await?;
    work.tx.retire_wrapped_key(purpose.as_str(), old, work.now).await?;
    let subject = Subject::registry(format!("key/{purpose}"));
    let details = json!({ "purpose": purpose.as_str(), "number": number, "retired": old });
    work.record(&by, "key.rotate", &subject, None, details);
    if rotation.is_followed() {
        let progress = Progress::begin(purpose, number, work.now);
        progress.save(&mut work.tx, work.now).await?;
        let due = work.now.saturating_add(SETTLE).unwrap_or(work.now);
        work.job(JOB, &subject.id, progress.payload()?, due);
    }
    let turns = Turns::load(&mut work.tx).await?;
    let now = work.now;
    let answer =
        RotatedKey { purpose: purpose.as_str().to_owned(), number, takes_effect: rotation.word().to_owned() };
    let response = work.finish(StoredResponse::ok(&answer)?).await?;
    app.install(&ring, turns, now).map_err(|error| keyring_fault(&error))?;
    Ok(response)
}
