//! The workshop of this process takes up work for a registered maker.

use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, Problem, StoredResponse};
use crate::workshop::new_identity;
use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::client::{ApiClient, ClientKey, ClientScope};
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::role::{Grant, Role, Scope};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(attach))
}

/// For whom the workshop is to work.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachWorkshop {
    /// Maker.
    #[schema(value_type = String, example = "mkr_01k0000000000000000000000a")]
    pub maker: MakerId,
}

/// The workshop's identity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkshopView {
    /// Maker.
    pub maker: String,
    /// Client by which it asks the registry.
    pub client: String,
    /// Certificate it signs seals with, DER, base64.
    pub certificate: String,
}

/// 启用制作系统。 The workshop makes its keys, has the maker's certified and takes up work.
#[utoipa::path(
    post, path = "/workshop", tag = "makers", operation_id = "workshop.attach", summary = "启用本机制作系统 · Put the workshop to work",
    params(IdempotencyKey), request_body = AttachWorkshop,
    responses((status = 200, description = "制作系统 · the workshop", body = WorkshopView))
)]
pub async fn attach(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<AttachWorkshop>,
) -> Result<Response, Stop> {
    let host = app.workshop.get().cloned().ok_or_else(|| {
        Problem::new(Code::Conflict).detail("本进程不运行制作系统。", "This process runs no workshop.")
    })?;
    // Before the transaction: making keys takes a while.
    let found = app.store.read().await?.get::<Maker>(command.body.maker.as_str()).await?;
    caller.permit(Action::MakerWrite, &Place::area(&found.value.area_path), app.now()?)?;
    let (now, maker, making) = (app.now()?, found.value.clone(), host.clone());
    let identity = tokio::task::spawn_blocking(move || new_identity(&making, &maker, now))
        .await
        .map_err(|_| Problem::new(Code::Internal))?
        .map_err(|error| {
            tracing::error!(code = error.code(), %error, "the workshop has no identity");
            Problem::new(Code::Internal)
        })?;
    let (mut work, _) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::MakerWrite, &Place::area(&found.value.area_path))?;
    let mut maker = found.value;
    maker.certificate = Some(STANDARD.encode(&identity.certificate));
    work.tx.save(&maker, found.version).await?;
    let grant = Grant {
        role: Role::MakerOperator,
        scope: Scope::Maker(maker.id.clone()),
        from: work.now,
        until: None,
        by: None,
    };
    work.tx
        .insert(&ApiClient {
            id: identity.client.clone(),
            name: format!("制作系统：{}", maker.name),
            key: ClientKey::Sm2 { public_key: identity.client_public_key.clone() },
            scopes: vec![ClientScope::Making],
            grants: vec![grant],
            enabled: true,
            expires_at: None,
            created_at: work.now,
        })
        .await?;
    let subject = Subject::area(maker.id.as_str(), &maker.area_path);
    work.record(&by, "workshop.attach", &subject, None, json!({ "client": identity.client.as_str() }));
    let view = WorkshopView {
        maker: maker.id.to_string(),
        client: identity.client.to_string(),
        certificate: STANDARD.encode(&identity.certificate),
    };
    let response = work.finish(StoredResponse::ok(&view)?).await?;
    host.take_up(identity.state).map_err(|error| {
        tracing::error!(code = error.code(), %error, "the workshop cannot take up work");
        Problem::new(Code::Internal)
    })?;
    Ok(response)
}
