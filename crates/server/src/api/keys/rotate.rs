//! A new data key takes the place of the old one (密钥轮换); the old one still reads what it wrote.

use super::ring::{CHANGING, keyring_fault, master_key, ring_of, stored};
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, NoBody, Path, Problem, StoredResponse};
use crate::security::keyring::Purpose;
use crate::security::vault::Vault;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};

/// How the key of a purpose is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rotation {
    /// Here; it counts at once.
    Now,
    /// Here; it counts from the next start of the server.
    Restart,
    /// Not here: rows or indexes have to be written again with the server at rest.
    AtRest,
    /// Never.
    Never,
}

impl Rotation {
    pub(super) fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Field | Purpose::Token => Self::Now,
            Purpose::Document => Self::Restart,
            Purpose::Index | Purpose::Row => Self::AtRest,
            Purpose::Audit => Self::Never,
        }
    }

    fn word(self) -> Result<&'static str, Problem> {
        match self {
            Self::Now => Ok("now"),
            Self::Restart => Ok("restart"),
            Self::AtRest => Err(Problem::new(Code::Conflict).detail(
                "该用途的密钥不能在服务运行时轮换：已有的记录须以新密钥全部重新计算。",
                "A key of this purpose cannot be changed while the server runs: every record has to be written again under the new one.",
            )),
            Self::Never => Err(Problem::new(Code::Conflict).detail(
                "审计密钥不轮换：审计记录的校验码不含密钥编号，且记录不得改写。",
                "The audit key is never changed: the codes of audit rows do not tell which key made them, and the rows are final.",
            )),
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
    /// `now`, or `restart`: from the next start of the server. Other nodes of the same database take it over when they are started
    /// again or look for new keys.
    #[schema(example = "now")]
    pub takes_effect: String,
}

/// 轮换密钥。 Makes a new key of a purpose: `field`, `token` or `document`.
#[utoipa::path(
    post, path = "/keys/{purpose}/rotate", tag = "keys", operation_id = "keys.rotate", summary = "轮换数据密钥 · Make a new data key",
    params(("purpose" = String, Path, description = "用途 · purpose", pattern = "^(field|document|index|row|audit|token)$"), IdempotencyKey),
    request_body(content = NoBody),
    responses((status = 200, description = "新密钥的编号 · number of the new key", body = RotatedKey))
)]
pub async fn rotate(
    State(app): State<Shared>,
    caller: Caller,
    Path(purpose): Path<String>,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    caller.permit(Action::KeyRotate, &Place::registry(), app.now()?)?;
    let purpose = Purpose::from_name(&purpose).ok_or_else(|| Problem::new(Code::NotFound))?;
    let takes_effect = Rotation::of(purpose).word()?;
    let master = master_key(&app).await?;
    // Until the new ring is in place: of two at once, none may put an older ring over a newer one.
    let _changing = CHANGING.lock().await;
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::KeyRotate, &Place::registry())?;
    // Of what the database holds now: another node may have made keys since this one started.
    let ring = ring_of(&master, &work.tx.wrapped_keys().await?).map_err(|error| keyring_fault(&error))?;
    let old = ring.active_number(purpose);
    let ring =
        ring.rotated(purpose, &master, &mut app.rng(), work.now).map_err(|error| keyring_fault(&error))?;
    let number = ring.active_number(purpose);
    let made = ring.records().iter().find(|record| record.purpose == purpose && record.number == number);
    work.tx.add_wrapped_key(&stored(made.ok_or_else(|| Problem::new(Code::Internal))?)).await?;
    work.tx.retire_wrapped_key(purpose.as_str(), old, work.now).await?;
    let subject = Subject::registry(format!("key/{purpose}"));
    let details = json!({ "purpose": purpose.as_str(), "number": number, "retired": old });
    work.record(&by, "key.rotate", &subject, None, details);
    let answer =
        RotatedKey { purpose: purpose.as_str().to_owned(), number, takes_effect: takes_effect.to_owned() };
    let response = work.finish(StoredResponse::ok(&answer)?).await?;
    app.set_vault(Vault::new(ring));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_need_more_than_a_new_number_are_refused_with_a_reason() {
        for purpose in Purpose::ALL {
            let refused = Rotation::of(purpose).word().err().map(|p| p.code());
            let expected = matches!(purpose, Purpose::Index | Purpose::Row | Purpose::Audit);
            assert_eq!(refused, expected.then_some(Code::Conflict), "{purpose}");
        }
    }
}
