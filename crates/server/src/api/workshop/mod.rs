//! The workshop of this process takes up work for a registered maker.

mod renew;

pub use renew::RenewWorkshop;

use crate::api::csr::push_fault;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use crate::making::authority::AuthorityError;
use crate::workshop::{Host, HostError, NewIdentity, imported_identity, maker_request, new_identity};
use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
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
use yinxin_seal::TrustFacts;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(attach)).routes(routes!(renew::renew))
}

/// For whom the workshop is to work.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachWorkshop {
    /// Maker.
    #[schema(value_type = String, example = "mkr_01k0000000000000000000000a")]
    pub maker: MakerId,
    /// Certificate issued outside for the request of an earlier answer, with its issuers: PEM. Only where `ca.kind` is `import`.
    #[serde(default)]
    #[schema(max_length = 65536)]
    pub chain: Option<String>,
}

/// The workshop's identity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkshopView {
    /// Maker.
    pub maker: String,
    /// Client by which it asks the registry; absent while its certificate is being issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Certificate it signs seals with, DER, base64; absent while it is being issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Certification request (PKCS#10, PEM) that an authority outside has to sign; ask again with what it issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

/// 启用制作系统。 The workshop makes its keys, has the maker's certified and takes up work.
#[utoipa::path(
    post, path = "/workshop", tag = "makers", operation_id = "workshop.attach", summary = "启用本机制作系统 · Put the workshop to work",
    params(IdempotencyKey), request_body = AttachWorkshop,
    responses(
        (status = 200, description = "制作系统 · the workshop", body = WorkshopView),
        (status = 404, description = "没有这个制作单位，或者不在范围内 · no such maker, or outside the caller's scope")
    )
)]
pub async fn attach(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<AttachWorkshop>,
) -> Result<Response, Stop> {
    let host = app.workshop.get().cloned().ok_or_else(no_workshop)?;
    // Before the transaction: making keys takes a while.
    let found = app.store.read().await?.get::<Maker>(command.body.maker.as_str()).await?;
    caller.permit(Action::MakerWrite, &Place::area(&found.value.area_path), app.now()?)?;
    let (now, maker, making) = (app.now()?, found.value.clone(), host.clone());
    let (chain, trust) = (command.body.chain.clone(), app.authority.trust());
    let identity =
        tokio::task::spawn_blocking(move || identity(&making, &maker, chain.as_deref(), &trust, now))
            .await
            .map_err(|_| Problem::new(Code::Internal))?
            .map_err(|error| fault(&error))?;
    let (mut work, _) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::MakerWrite, &Place::area(&found.value.area_path))?;
    let identity = match identity {
        Attached::Ready(identity) => identity,
        Attached::Waiting(request) => {
            let maker = &found.value;
            let subject = Subject::area(maker.id.as_str(), &maker.area_path);
            work.record(&by, "workshop.request", &subject, None, json!({}));
            let maker = maker.id.to_string();
            let view = WorkshopView { maker, client: None, certificate: None, request: Some(request) };
            return work.finish(StoredResponse::ok(&view)?).await;
        }
    };
    let mut maker = found.value;
    maker.replace_certificate(STANDARD.encode(&identity.certificate), work.now);
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
        client: Some(identity.client.to_string()),
        certificate: Some(STANDARD.encode(&identity.certificate)),
        request: None,
    };
    let response = work.finish(StoredResponse::ok(&view)?).await?;
    host.take_up(identity.state).map_err(|error| {
        tracing::error!(code = error.code(), %error, "the workshop cannot take up work");
        Problem::new(Code::Internal)
    })?;
    Ok(response)
}

fn no_workshop() -> Problem {
    Problem::new(Code::Conflict)
        .rule("NO_WORKSHOP")
        .detail("本进程不为该单位运行制作系统。", "This process runs no workshop for that maker.")
}

/// How far the workshop came.
enum Attached {
    Ready(Box<NewIdentity>),
    Waiting(String),
}

fn identity(
    host: &Host,
    maker: &Maker,
    chain: Option<&str>,
    trust: &TrustFacts,
    now: Timestamp,
) -> Result<Attached, HostError> {
    let made = match chain {
        Some(chain) => imported_identity(host, maker, chain, trust, now),
        None => new_identity(host, maker, now),
    };
    match made {
        Ok(identity) => Ok(Attached::Ready(Box::new(identity))),
        Err(HostError::Authority(AuthorityError::Pending)) => {
            maker_request(host, maker.id.as_str(), &maker.name, maker.credit_code.as_str())
                .map(Attached::Waiting)
        }
        Err(error) => Err(error),
    }
}

fn fault(error: &HostError) -> Problem {
    if let HostError::Certificate(fault) = error {
        let mut faults = Faults::new();
        push_fault("/chain", fault, &mut faults);
        return faults.into_result().err().unwrap_or_else(|| Problem::new(Code::Validation));
    }
    if let HostError::NothingAsked = error {
        return Problem::new(Code::Conflict)
            .rule("NO_CERTIFICATE_ASKED")
            .detail("没有等待签发的制章人证书申请。", "No certificate of the maker was asked for.");
    }
    tracing::error!(code = error.code(), %error, "the workshop has no identity");
    Problem::new(Code::Internal)
}
