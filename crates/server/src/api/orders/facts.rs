//! What a workshop has to know of its maker, and who approves.

use crate::app::{Authority, Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Path};
use crate::making::dto::{ApproverDto, WorkshopFactsDto};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_formats::x509::Certificate;
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::{Action, Place};
use yinxin_seal::TrustFacts;

/// Longest chain that is followed.
const MAX_CHAIN: usize = 8;

/// 制作依据。 License and certificate on record, and the authority with its revocation lists. For the maker itself.
#[utoipa::path(
    get, path = "/makers/{id}/workshop-facts", tag = "orders", operation_id = "orders.facts", summary = "制作依据 · What a workshop works by",
    params(("id" = String, Path, description = "制作单位 · maker")),
    responses((status = 200, description = "制作依据 · the facts", body = WorkshopFactsDto))
)]
pub async fn facts(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
) -> Result<Json<WorkshopFactsDto>, Stop> {
    let maker = app.store.read().await?.get::<Maker>(id.as_str()).await?.value;
    caller.permit(Action::SealMake, &Place::maker(&maker.id, &maker.area_path), app.now()?)?;
    Ok(Json(workshop_facts(&maker, &app.authority)))
}

/// The facts about a maker.
pub fn workshop_facts(maker: &Maker, authority: &Authority) -> WorkshopFactsDto {
    let entrusted = maker.entrusted.as_ref().map(|e| e.until);
    WorkshopFactsDto {
        maker: maker.id.to_string(),
        name: maker.name.clone(),
        credit_code: maker.credit_code.to_string(),
        license: maker.license.number.clone(),
        from: maker.license.from,
        until: entrusted.map_or(maker.license.until, |until| until.min(maker.license.until)),
        areas: maker.jurisdictions.iter().map(ToString::to_string).collect(),
        stopped: maker.stopped.is_some(),
        certificate: maker.certificate.clone(),
        approvers: approvers(authority),
    }
}

/// The authority under its certificate, and under those it had before: what it approved then may be made still.
fn approvers(authority: &Authority) -> Vec<ApproverDto> {
    let (trust, signing) = (authority.trust(), authority.signing());
    let approver = |certificate: &Certificate, issuers: &[Certificate], until: Option<Timestamp>| {
        let chain = chain(certificate, issuers, &trust);
        let lists = trust
            .crls
            .iter()
            .filter(|list| chain.iter().any(|issuer| issuer.subject.raw() == list.issuer.raw()));
        ApproverDto {
            code: authority.party.code.clone(),
            area: authority.area.clone(),
            revocation_lists: lists.map(|list| STANDARD.encode(list.raw())).collect(),
            certificates: chain.iter().map(|c| STANDARD.encode(c.raw())).collect(),
            until,
        }
    };
    let former = signing.former.iter().map(|f| approver(&f.certificate, &f.chain, Some(f.until)));
    std::iter::once(approver(&signing.certificate, &signing.chain, None)).chain(former).collect()
}

/// A certificate and its issuers, as far as they are known here.
fn chain<'a>(
    certificate: &'a Certificate,
    issuers: &'a [Certificate],
    trust: &'a TrustFacts,
) -> Vec<&'a Certificate> {
    let known: Vec<&Certificate> = issuers.iter().chain(&trust.intermediates).chain(&trust.anchors).collect();
    let mut chain = vec![certificate];
    while let Some(last) = chain.last()
        && last.issuer.raw() != last.subject.raw()
        && chain.len() < MAX_CHAIN
    {
        let Some(issuer) = known.iter().find(|c| c.subject.raw() == last.issuer.raw()) else { break };
        chain.push(issuer);
    }
    chain
}
