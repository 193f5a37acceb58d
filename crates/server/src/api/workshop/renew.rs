//! The certificate of the workshop in this process is renewed, or replaced together with its key.

use super::{WorkshopView, fault, no_workshop};
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, Problem, StoredResponse};
use crate::workshop::Renewed;
use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::{Action, Place};

/// Which certificate of the workshop is to follow.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewWorkshop {
    /// Maker.
    #[schema(value_type = String, example = "mkr_01k0000000000000000000000a")]
    pub maker: MakerId,
    /// Whether for a new key (换钥); else for the key in use (续期).
    #[serde(default)]
    pub new_key: bool,
    /// Certificate issued outside for the request of an earlier answer, with its issuers: PEM. Only where `ca.kind` is `import`.
    #[serde(default)]
    #[schema(max_length = 65536)]
    pub chain: Option<String>,
}

/// 更换制章人证书。 Has the maker's key, or a new one, certified anew and puts the certificate on record; the workshop signs under it from its next
/// round on. Seals made before stay good.
#[utoipa::path(
    post, path = "/workshop/renewals", tag = "makers", operation_id = "workshop.renew", summary = "更换本机制作系统证书 · Renew the workshop's certificate",
    params(IdempotencyKey), request_body = RenewWorkshop,
    responses(
        (status = 200, description = "制作系统 · the workshop", body = WorkshopView),
        (status = 404, description = "没有这个制作单位，或者不在范围内 · no such maker, or outside the caller's scope")
    )
)]
pub async fn renew(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<RenewWorkshop>,
) -> Result<Response, Stop> {
    let host = app.workshop.get().cloned().ok_or_else(no_workshop)?;
    let found = app.store.read().await?.get::<Maker>(command.body.maker.as_str()).await?;
    caller.permit(Action::MakerWrite, &Place::area(&found.value.area_path), app.now()?)?;
    let state = host.state().filter(|state| state.maker == found.value.id.as_str());
    let client = state.ok_or_else(no_workshop)?.client;
    // Before the transaction: making keys takes a while.
    let (now, trust, asked) = (app.now()?, app.authority.trust(), command.body.clone());
    let maker = found.value.clone();
    let renewed = tokio::task::spawn_blocking(move || {
        let named = (maker.name.as_str(), maker.credit_code.as_str());
        match &asked.chain {
            Some(chain) => host.renewed(named, chain, &trust, now).map(Renewed::Ready),
            None => host.renew(named, asked.new_key, now),
        }
    });
    let renewed = renewed.await.map_err(|_| Problem::new(Code::Internal))?.map_err(|error| fault(&error))?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::MakerWrite, &Place::area(&found.value.area_path))?;
    let mut maker = found.value;
    let subject = Subject::area(maker.id.as_str(), &maker.area_path);
    let mut view = WorkshopView { maker: maker.id.to_string(), client, certificate: None, request: None };
    match renewed {
        Renewed::Waiting(request) => {
            work.record(&by, "workshop.request", &subject, None, json!({ "new_key": body.new_key }));
            view.request = Some(request);
        }
        Renewed::Ready(certificate) => {
            let details = json!({ "sm3": hex::encode(yinxin_crypto::sm3(&certificate)) });
            let certificate = STANDARD.encode(certificate);
            maker.replace_certificate(certificate.clone(), work.now);
            work.tx.save(&maker, found.version).await?;
            work.record(&by, "workshop.renew", &subject, None, details);
            view.certificate = Some(certificate);
        }
    }
    work.finish(StoredResponse::ok(&view)?).await
}
