//! A system is proposed for recognition.

use super::{PeerView, subject};
use crate::api::encoded::certificate;
use crate::api::scope::AreaPathText;
use crate::api::text::{check_line, refuse};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_crypto::PublicKey;
use yinxin_registry::area::AreaPath;
use yinxin_registry::client::{ApiClient, ClientScope};
use yinxin_registry::exchange::peer::{Outbound, Peer, PeerKind, Terms};
use yinxin_registry::ids::{ClientId, PeerId};
use yinxin_registry::permission::{Action, Place};

/// A system to be proposed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePeer {
    /// Its code, as it names itself in what it signs: `authority.code`.
    #[schema(pattern = "^[A-Za-z0-9._-]{1,64}$", example = "SAMPLE-620000")]
    pub code: String,
    /// Name.
    #[schema(min_length = 2, max_length = 100, example = "示例省电子印章系统")]
    pub name: String,
    /// Path of the area it is in charge of; it need not be an area of this registry.
    #[schema(value_type = AreaPathText, example = "/100000/620000/")]
    pub area: AreaPath,
    /// `national`, `province`, `city`, `district`, `engraving` or `business`.
    #[schema(value_type = String, pattern = "^(national|province|city|district|engraving|business)$", example = "province")]
    pub kind: PeerKind,
    /// Certificates it signs by (SM2), DER, base64. Compared with the other side on another way than the one they came by.
    #[schema(min_items = 1, max_items = 16)]
    pub certificates: Vec<String>,
    /// Roots that its makers, owners and its own certificates lead to, DER, base64.
    #[schema(min_items = 1, max_items = 16)]
    pub anchors: Vec<String>,
    /// Where its status service answers.
    #[serde(default)]
    #[schema(max_length = 500, example = "https://seals.example/api/v1/status/")]
    pub status_url: Option<String>,
    /// The client here, with the scope `exchange`, under which its program tells of its seals.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "clnt_01k0000000000000000000000a")]
    pub client: Option<ClientId>,
    /// How it is told of seals of this registry; absent: it is told nothing.
    #[serde(default)]
    pub outbound: Option<OutboundBody>,
}

/// How a system is told.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutboundBody {
    /// Where its interface stands; `/exchange/messages` follows. Called as webhooks are: public by https, or within the networks the
    /// configuration allows.
    #[schema(max_length = 500, example = "https://seals.example/api/v1")]
    pub url: String,
    /// Path of the area whose seals are told.
    #[schema(value_type = AreaPathText, example = "/100000/610000/610100/")]
    pub scope: AreaPath,
    /// Identifier of the client that the system registered for this one, with the key of this authority's certificate.
    #[schema(pattern = "^clnt_[0-7][0-9a-hjkmnp-tv-z]{25}$", example = "clnt_01k0000000000000000000000a")]
    pub client: String,
}

/// 提出对接系统。 Proposes a system; nothing is relied on before a security administrator has confirmed it.
#[utoipa::path(
    post, path = "/peers", tag = "exchange", operation_id = "peers.propose", summary = "提出对接系统 · Propose a system",
    params(IdempotencyKey), request_body = ProposePeer,
    responses((status = 201, description = "对接系统 · the system", body = PeerView))
)]
pub async fn propose(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<ProposePeer>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::PeerPropose, &Place::area(&body.area))?;
    if let Some(client) = &body.client {
        let found = work.tx.load::<ApiClient>(client.as_str()).await?;
        if !found
            .is_some_and(|found| found.value.enabled && found.value.scopes.contains(&ClientScope::Exchange))
        {
            let (zh, en) = (
                "没有这个接入系统，或者其接口范围不含 exchange",
                "no such client, or it lacks the scope exchange",
            );
            return Err(refuse("/client", "NOT_ABLE", zh, en).into());
        }
    }
    let terms = checked(&app, body, work.now)?;
    let id = PeerId::new(work.now, &mut app.rng());
    let (peer, effects) = Peer::propose(id, terms, &by, work.now)?;
    let version = work.tx.insert(&peer).await?;
    let details = json!({ "terms": { "code": peer.terms().code, "name": peer.terms().name, "kind": peer.terms().kind }, "digest": peer.digest() });
    work.record(&by, "peer.propose", &subject(&peer), None, details);
    work.enact(&subject(&peer), &effects);
    let path = format!("/api/v1/peers/{}", peer.id());
    work.finish(StoredResponse::created(path, &PeerView::of(&peer, version))?.version(version)).await
}

fn checked(app: &Shared, body: ProposePeer, now: Timestamp) -> Result<Terms, Problem> {
    let mut faults = Faults::new();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if !(1..=64).contains(&body.code.len()) || !body.code.bytes().all(plain) {
        faults.push("/code", "CODE", "应为 1 至 64 个 A-Z a-z 0-9 . _ -", "1 to 64 of A-Z a-z 0-9 . _ -");
    }
    check_line("/name", &body.name, 2..=100, &mut faults);
    if let Some(url) = &body.status_url
        && let Err(refusal) = app.outbound.destinations().read(url)
    {
        faults.push("/status_url", refusal.code(), refusal.to_string(), refusal.to_string());
    }
    if let Some(outbound) = &body.outbound {
        if let Err(refusal) = app.outbound.destinations().read(&outbound.url) {
            faults.push("/outbound/url", refusal.code(), refusal.to_string(), refusal.to_string());
        }
        if ClientId::parse(&outbound.client).is_err() {
            faults.push("/outbound/client", "CLIENT", "不是接入系统的标识", "not the identifier of a client");
        }
    }
    faults.into_result()?;
    if body.code == app.authority.party.code {
        return Err(refuse(
            "/code",
            "OWN_CODE",
            "这是本机关自己的代码",
            "this is the code of this authority itself",
        ));
    }
    Ok(Terms {
        code: body.code,
        name: body.name.trim().to_owned(),
        area_path: body.area,
        kind: body.kind,
        certificates: certificates("/certificates", &body.certificates, now, false)?,
        anchors: certificates("/anchors", &body.anchors, now, true)?,
        status_url: body.status_url,
        client: body.client,
        outbound: body.outbound.map(|outbound| Outbound {
            url: outbound.url,
            scope: outbound.scope,
            client: outbound.client,
        }),
    })
}

/// Certificates in the one form they are kept in, in their time, of the keys that are asked for.
fn certificates(
    pointer: &str,
    texts: &[String],
    now: Timestamp,
    roots: bool,
) -> Result<Vec<String>, Problem> {
    if !(1..=16).contains(&texts.len()) {
        return Err(refuse(pointer, "COUNT", "应为 1 至 16 张证书", "1 to 16 certificates"));
    }
    let mut read = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let pointer = format!("{pointer}/{place}");
        let certificate = certificate(text, &pointer)?;
        if now < certificate.not_before || certificate.not_after <= now {
            return Err(refuse(
                &pointer,
                "CERTIFICATE_TIME",
                "证书不在有效期内",
                "the certificate is not valid now",
            ));
        }
        let ca = matches!(certificate.basic_constraints(), Ok(Some(constraints)) if constraints.ca);
        if roots && !(ca && certificate.is_self_issued()) {
            return Err(refuse(
                &pointer,
                "NOT_A_ROOT",
                "应为自签名的根证书",
                "a root is needed: self-signed, of an authority",
            ));
        }
        if !roots && !matches!(certificate.public_key(), Ok(PublicKey::Sm2(_))) {
            return Err(refuse(
                &pointer,
                "CERTIFICATE_KEY",
                "应为 SM2 公钥证书",
                "a certificate of an SM2 key is needed",
            ));
        }
        read.push(STANDARD.encode(certificate.raw()));
    }
    Ok(read)
}
