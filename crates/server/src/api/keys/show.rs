//! How far the renewal after a change of a key has come.

use super::renewal::Progress;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Json, Path, Problem};
use crate::security::keyring::Purpose;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::TABLES;

/// Where a renewal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RenewalState {
    /// Its job has not begun: the nodes are taking over the new key.
    Waiting,
    /// Its job is at work.
    Running,
    /// Done.
    Done,
}

/// What was written under an older key, and how far it is written anew.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RenewalView {
    /// What the key is for.
    #[schema(example = "row")]
    pub purpose: String,
    /// Number of the new key.
    #[schema(example = 2)]
    pub number: u32,
    /// Where it stands.
    pub state: RenewalState,
    /// Tables gone through, of `tables`.
    pub tables_done: u32,
    /// How many tables there are to go through; none for `audit`, whose chain only turns to the new key.
    pub tables: u32,
    /// Rows looked at, once more in every further pass.
    pub rows: u64,
    /// Rows written anew.
    pub renewed: u64,
    /// Rows that were left as they are: their code does not hold, or what is encrypted does not open.
    pub broken: u64,
    /// The first of these, `table id`.
    pub first_broken: Vec<String>,
    /// When the key was changed.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it last moved.
    #[schema(value_type = String, format = DateTime)]
    pub moved_at: Timestamp,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

impl RenewalView {
    fn of(purpose: Purpose, progress: Progress) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let tables = if purpose == Purpose::Audit { 0 } else { count(TABLES.len()) };
        let state = match progress.ended_at {
            Some(_) => RenewalState::Done,
            None if progress.moved_at == progress.started_at => RenewalState::Waiting,
            None => RenewalState::Running,
        };
        Self {
            purpose: purpose.as_str().to_owned(),
            number: progress.number,
            state,
            tables_done: if progress.ended_at.is_some() { tables } else { count(progress.table).min(tables) },
            tables,
            rows: progress.rows,
            renewed: progress.renewed,
            broken: progress.broken,
            first_broken: progress.first_broken,
            started_at: progress.started_at,
            moved_at: progress.moved_at,
            ended_at: progress.ended_at,
        }
    }
}

/// 轮换进度。 How far the renewal after the last change of a key has come. Purposes that need none, and keys never changed, have none.
#[utoipa::path(
    get, path = "/keys/{purpose}/renewal", tag = "keys", operation_id = "keys.renewal", summary = "密钥轮换进度 · Progress after a change of a key",
    params(("purpose" = String, Path, description = "用途 · purpose", pattern = "^(field|document|index|row|audit|token)$")),
    responses(
        (status = 200, description = "进度 · how far it is", body = RenewalView),
        (status = 404, description = "该用途的密钥没有轮换过 · no key of this purpose was changed")
    )
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(purpose): Path<String>,
) -> Result<Json<RenewalView>, Stop> {
    caller.permit(Action::KeyRotate, &Place::registry(), app.now()?)?;
    let purpose = Purpose::from_name(&purpose).ok_or_else(|| Problem::new(Code::NotFound))?;
    let progress = Progress::load(&mut app.store.read().await?, purpose).await?;
    let progress = progress.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(Json(RenewalView::of(purpose, progress)))
}
