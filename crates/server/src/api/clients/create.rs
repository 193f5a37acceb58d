//! A security administrator registers a program.

use super::{ClientScopeBody, ClientView, subject};
use crate::api::accounts::{GrantBody, account_fault};
use crate::app::{App, Shared, Stop, Work};
use crate::auth::Caller;
use crate::auth::client_request::SECRET_FIELD;
use crate::http::{Code, Command, FieldError, IdempotencyKey, Problem, StoredResponse};
use crate::security::Secret;
use crate::security::request_signature::{RequestVerifier, generate_client_secret};
use crate::security::vault::Place as VaultPlace;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::account::AccountFault;
use yinxin_registry::client::{ApiClient, ClientKey, ClientScope};
use yinxin_registry::ids::{AccountId, ClientId};
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::role::{Grant, Role};
use yinxin_registry::text::has_length;

/// Roles a program may hold. It never administers, decides or signs for a person.
const ROLES: [Role; 3] = [Role::BusinessSystem, Role::MakerOperator, Role::Supervisor];
/// Longest public key, PEM.
const LONGEST_KEY: usize = 2048;

/// How a client will sign.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ClientKeyBody {
    /// HMAC-SM3 with a secret that the registry makes and shows once.
    HmacSm3 {},
    /// SM2 with a key pair of its own.
    Sm2 {
        /// Public key: SubjectPublicKeyInfo, PEM.
        #[schema(max_length = 2048)]
        public_key: String,
    },
}

/// A client to be registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateClient {
    /// Name of the system.
    #[schema(min_length = 1, max_length = 100, example = "示例市办事大厅")]
    pub name: String,
    /// How it signs.
    pub key: ClientKeyBody,
    /// Which parts of the API it may use.
    #[schema(min_items = 1, max_items = 8)]
    pub scopes: Vec<ClientScopeBody>,
    /// Roles: `business_system`, `maker_operator` or `supervisor`, at most 20; none for a client whose only scope is `exchange`.
    #[schema(max_items = 20)]
    pub grants: Vec<GrantBody>,
    /// When it ends; absent: never.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// A client with its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClientWithSecret {
    /// The client.
    #[serde(flatten)]
    pub client: ClientView,
    /// Shared secret, shown in the first answer only and never again; absent for clients that sign with SM2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// 登记接入系统。 Registers a client; a shared secret is in the first answer only.
#[utoipa::path(
    post, path = "/clients", tag = "clients", operation_id = "clients.create", summary = "登记接入系统 · Register a client",
    params(IdempotencyKey), request_body = CreateClient,
    responses((status = 201, description = "接入系统与密钥 · the client and its secret", body = ClientWithSecret))
)]
pub async fn create(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<CreateClient>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::ClientWrite, &Place::registry())?;
    let creator = caller.person()?.0.id.clone();
    check(&body, work.now)?;
    let id = ClientId::new(work.now, &mut app.rng());
    let (key, secret) = key(&app, &id, body.key)?;
    let grants = grants(&mut work, body.grants, &creator).await?;
    let mut scopes: Vec<ClientScope> = body.scopes.into_iter().map(ClientScope::from).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let client = ApiClient {
        id,
        name: body.name.trim().to_owned(),
        key,
        scopes,
        grants,
        enabled: true,
        expires_at: body.expires_at,
        created_at: work.now,
    };
    let version = work.tx.insert(&client).await?;
    let view = ClientView::of(&client, version);
    let roles: Vec<&str> = client.grants.iter().map(|g| g.role.as_str()).collect();
    let details = json!({ "name": client.name, "key": view.key, "scopes": client.scopes, "roles": roles });
    work.record(&by, "client.create", &subject(&client), None, details);
    let location = format!("/api/v1/clients/{}", client.id);
    let kept = ClientWithSecret { client: view.clone(), secret: None };
    let shown = ClientWithSecret { client: view, secret: secret.map(|s| s.reveal().to_owned()) };
    work.finish_showing(
        StoredResponse::created(location.clone(), &kept)?.version(version),
        StoredResponse::created(location, &shown)?.version(version),
    )
    .await
}

fn check(body: &CreateClient, now: Timestamp) -> Result<(), Problem> {
    let mut faults = crate::http::Faults::new();
    if !has_length(&body.name, 1..=100) || body.name.chars().any(char::is_control) {
        faults.push("/name", "NAME", "名称应为 1 至 100 个字", "a name has 1 to 100 characters");
    }
    if !(1..=8).contains(&body.scopes.len()) {
        faults.push("/scopes", "OUT_OF_RANGE", "接口范围应为 1 至 8 项", "1 to 8 scopes");
    }
    // The program of another system holds no role here: what it may do follows from the system it speaks for.
    let least = usize::from(body.scopes.iter().any(|scope| *scope != ClientScopeBody::Exchange));
    if !(least..=20).contains(&body.grants.len()) {
        faults.push("/grants", "OUT_OF_RANGE", "角色应为 1 至 20 项", "1 to 20 roles");
    }
    for (place, grant) in body.grants.iter().enumerate() {
        if !ROLES.contains(&grant.role) {
            let (zh, en) = ("接入系统不得担任该角色", "a program cannot hold this role");
            faults.push(&format!("/grants/{place}/role"), "ROLE", zh, en);
        }
    }
    if body.expires_at.is_some_and(|end| end <= now) {
        faults.push("/expires_at", "PAST", "截止时间应在将来", "the end must lie in the future");
    }
    faults.into_result()
}

fn key(app: &App, id: &ClientId, wanted: ClientKeyBody) -> Result<(ClientKey, Option<Secret>), Problem> {
    match wanted {
        ClientKeyBody::HmacSm3 {} => {
            let secret = generate_client_secret(&mut app.rng());
            let place = VaultPlace::new(SECRET_FIELD, id.as_str());
            let cipher = app.vault().encrypt(place, secret.reveal(), &mut app.rng()).map_err(|error| {
                tracing::error!(code = error.code(), "a client's secret cannot be encrypted");
                Problem::new(Code::Internal)
            })?;
            Ok((ClientKey::HmacSm3 { secret: cipher }, Some(secret)))
        }
        ClientKeyBody::Sm2 { public_key } => {
            let text = public_key.trim();
            let fits = text.len() <= LONGEST_KEY
                && text.starts_with("-----BEGIN PUBLIC KEY-----")
                && RequestVerifier::from_public_key(text.as_bytes()).is_some();
            if fits {
                return Ok((ClientKey::Sm2 { public_key: format!("{text}\n") }, None));
            }
            let (zh, en) = ("不是 PEM 格式的 SM2 公钥", "not an SM2 public key in PEM");
            Err(Problem::new(Code::Validation).with_error(FieldError::body("/key/public_key", "KEY", zh, en)))
        }
    }
}

async fn grants(work: &mut Work, bodies: Vec<GrantBody>, by: &AccountId) -> Result<Vec<Grant>, Stop> {
    let mut grants: Vec<Grant> = Vec::new();
    for (place, body) in bodies.into_iter().enumerate() {
        let grant = body.into_grant(work, Some(by), &format!("/grants/{place}")).await?;
        if grants.iter().any(|known| known.role == grant.role && known.scope == grant.scope) {
            return Err(account_fault(&AccountFault::Grant).into());
        }
        if let Some(known) = grants.iter().find(|known| known.role.excludes(grant.role)) {
            return Err(account_fault(&AccountFault::Exclusive { one: known.role, other: grant.role }).into());
        }
        grants.push(grant);
    }
    Ok(grants)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(role: &str) -> CreateClient {
        serde_json::from_value(json!({
            "name": "示例系统", "key": { "kind": "hmac_sm3" }, "scopes": ["units_read"],
            "grants": [{ "role": role, "scope": "unit_01k0000000000000000000000a" }],
        }))
        .unwrap()
    }

    #[test]
    fn a_program_never_administers_or_decides() {
        let now = Timestamp::UNIX_EPOCH;
        assert!(check(&body("business_system"), now).is_ok());
        for role in Role::ALL.iter().filter(|role| !ROLES.contains(role)) {
            let problem = check(&body(role.as_str()), now).unwrap_err();
            assert_eq!(problem.document().errors[0].pointer.as_deref(), Some("/grants/0/role"), "{role:?}");
        }
    }

    #[test]
    fn every_fault_of_a_client_is_named() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let mut bad = body("user");
        bad.name = " ".to_owned();
        bad.scopes.clear();
        bad.expires_at = Some(Timestamp::UNIX_EPOCH);
        let problem = check(&bad, now).unwrap_err();
        let pointers: Vec<_> =
            problem.document().errors.iter().filter_map(|e| e.pointer.as_deref()).collect();
        assert_eq!(pointers, ["/name", "/scopes", "/grants/0/role", "/expires_at"]);
    }
}
