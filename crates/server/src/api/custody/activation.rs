//! The activation password of a seal: set and changed by its custodian, forced to be changed by the unit.

use super::password::{policy, tried};
use super::{CustodyView, belongs, load};
use crate::api::accounts::password_fault;
use crate::api::applications::Reason;
use crate::api::seals::{self, reasoned};
use crate::api::text::refuse;
use crate::api::words::both;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, Json, Path, Problem, StoredResponse};
use crate::security::Secret;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::custody::activation::Activation;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::permission::Action;

/// A password for a seal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetActivation {
    /// The present one, where the custodian has set one before.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, min_length = 1, max_length = 512)]
    pub current: Option<Secret>,
    /// The next, by the rules for passwords of accounts; none of the last ones.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    pub new: Secret,
}

/// 设置印章激活口令。 Sets or changes the password of a seal. From then on the seal is used with it only; a new custodian sets his own.
#[utoipa::path(
    post, path = "/seals/{id}/custody/activation", tag = "custody", operation_id = "custody.set_activation", summary = "设置印章激活口令 · Set the activation password",
    params(("id" = String, Path, description = "印章 · seal")), request_body = SetActivation,
    extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn set(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    Json(body): Json<SetActivation>,
) -> Result<Response, Stop> {
    let mut read = app.store.read().await?;
    let kept = load(&mut read, id.as_str()).await?;
    let found = read.load::<Activation>(id.as_str()).await?;
    drop(read);
    let by = caller.permit(Action::CustodyKeep, &kept.place(), app.now()?)?;
    kept.only_the_keeper(&by)?;
    let keeper = caller.person()?.0.id.clone();
    if let Err(refused) = app.config.security.password_policy().check(&body.new, "") {
        let (zh, en) = both(&refused.to_string());
        return Err(refuse("/new", refused.code(), zh, en).into());
    }
    let version = match &found {
        Some(known) if *known.value.keeper() == keeper => {
            let current = body
                .current
                .ok_or_else(|| refuse("/current", "REQUIRED", "须填现用口令", "give the present password"))?;
            tried(&app, &caller, &kept.seal, &by, &current).await??;
            None
        }
        Some(known) => Some(known.version),
        None => Some(0),
    };
    let remembered: Vec<String> =
        found.iter().flat_map(|a| a.value.remembered()).map(str::to_owned).collect();
    let policy = policy(&app);
    let last = usize::from(policy.remember).saturating_add(1);
    let reused = app.hasher.is_reused(body.new.clone(), remembered, last).await;
    let reused = reused.map_err(|error| password_fault(&error))?;
    let verifier = app.hasher.hash(body.new, &mut app.rng()).await.map_err(|error| password_fault(&error))?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyKeep, &kept.place())?;
    kept.only_the_keeper(&by)?;
    let before = work.tx.load::<Activation>(id.as_str()).await?;
    // What was looked at above is what is changed here; a try counted meanwhile gives it another version but the same verifier.
    let same = match (&found, &before) {
        (Some(then), Some(now)) => then.value.verifier() == now.value.verifier(),
        (None, None) => true,
        _ => false,
    };
    if !same || version.is_some_and(|version| version != before.as_ref().map_or(0, |b| b.version)) {
        return Err(Problem::new(Code::Conflict).into());
    }
    let changed = before.is_some();
    let activation = match before {
        Some(before) => {
            let next = before.value.change(keeper, verifier, reused, &policy, work.now)?;
            work.tx.save(&next, before.version).await.map_err(seals::raced)?;
            next
        }
        None => {
            let next = Activation::set(belongs(&kept.seal), keeper, verifier, &policy, work.now);
            work.tx.insert(&next).await?;
            next
        }
    };
    let details = json!({ "changed": changed, "ends_at": activation.ends_at() });
    work.record(&by, "custody.set_activation", &seals::subject(&kept.seal), None, details);
    let view = CustodyView::of(&kept.keeping, kept.version, Some(&activation), work.now);
    work.finish(StoredResponse::ok(&view)?.version(kept.version)).await
}

/// 强制更换口令。 The unit demands that the password be changed before the seal is used again.
#[utoipa::path(
    post, path = "/seals/{id}/custody/force-change", tag = "custody", operation_id = "custody.force_change", summary = "强制更换激活口令 · Force a change of the password",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = Reason,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn force_change(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyAssign, &kept.place())?;
    let found = work.tx.load::<Activation>(id.as_str()).await?.ok_or_else(|| {
        Refused::rule("NO_ACTIVATION", "该印章尚未设置激活口令", "the seal has no activation password")
    })?;
    let activation = found.value.force_change();
    work.tx.save(&activation, found.version).await.map_err(seals::raced)?;
    let about = seals::subject(&kept.seal);
    work.record(&by, "custody.force_change", &about, Some(&body.reason), json!({}));
    let view = CustodyView::of(&kept.keeping, kept.version, Some(&activation), work.now);
    work.finish(StoredResponse::ok(&view)?.version(kept.version)).await
}
