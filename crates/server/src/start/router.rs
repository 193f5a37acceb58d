//! The routes of a process and the layers around them.

use crate::api;
use crate::app::Shared;
use crate::auth::authenticate;
use crate::auth::session_cookie::{CSRF_HEADER, transport};
use crate::config::Config;
use crate::http::openapi::{self, ApiFacts};
use crate::http::{Code, CursorKey, FrameSettings, Problem, frame};
use crate::landing;
use crate::security::keyring::Purpose;
use crate::security::request_signature::header;
use crate::status::{Hot, hot};
use crate::telemetry;
use crate::verification;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;
use utoipa::openapi::OpenApi;

/// All routes of a process that runs the registry.
pub fn assemble(app: &Shared) -> Router {
    let (routes, document) = api::routes().split_for_parts();
    let document = finished(document);
    let text = openapi::to_json(&document).unwrap_or_default();
    let described = move || {
        let text = text.clone();
        async move { ([(CONTENT_TYPE, "application/json")], text) }
    };
    let routes = routes
        .route("/api/v1/openapi.json", get(described))
        .layer(from_fn_with_state(app.clone(), authenticate))
        .merge(landing::routes())
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .layer(from_fn(telemetry::metrics::track));
    let routes = match app.config.metrics.listen {
        None => routes.merge(metrics_route(app)),
        Some(_) => routes,
    };
    let settings = settings(app);
    let https = settings.https;
    let rest: Router = frame(routes, &settings).with_state(app.clone());
    // Status answers from memory go past all that.
    let api = Router::new().fallback(hot).with_state(Hot { app: app.clone(), rest, https });
    yinxin_console::mount(api, console(app, https))
}

/// Pages for people, before the API.
fn console(app: &Shared, https: bool) -> yinxin_console::Settings {
    yinxin_console::Settings {
        folder: app.config.data_dir.join("console"),
        most_bytes: app.config.verification.anonymous_max_bytes,
        https,
    }
}

/// The page of metrics, alone.
pub(super) fn metrics_route(app: &Shared) -> Router<Shared> {
    Router::new().route(&app.config.metrics.path, get(metrics))
}

/// The description of the API.
pub fn api_document() -> OpenApi {
    finished(api::routes().split_for_parts().1)
}

fn finished(document: OpenApi) -> OpenApi {
    openapi::finish(
        document,
        &ApiFacts {
            version: env!("CARGO_PKG_VERSION"),
            session_cookie: "__Host-yinxin",
            csrf_header: CSRF_HEADER,
            client_headers: &[
                (header::CLIENT, "客户端编号 · identifier of the client"),
                (header::TIMESTAMP, "秒 · seconds since 1970 UTC"),
                (header::NONCE, "一次性随机数 · random, used once"),
                (header::CONTENT_SM3, "请求体 SM3 · SM3 of the body, hex"),
                (header::SIGNATURE, "签名 · the signature"),
            ],
        },
    )
}

fn settings(app: &Shared) -> FrameSettings {
    let limits = &app.config.limits;
    let vault = app.vault();
    let secret = vault.ring().keys(Purpose::Token).last().map(|(_, key)| key.to_vec()).unwrap_or_default();
    FrameSettings {
        body_limit: usize::try_from(limits.material_bytes).unwrap_or(usize::MAX),
        deadline: Duration::from_secs(u64::from(limits.request_timeout_seconds)),
        uploads: vec![(verification::PATH, app.verifications.longest())],
        https: matches!(transport(app), crate::security::session::CookieTransport::Tls),
        cursor_key: CursorKey::derive(&secret),
    }
}

/// Lives: the process answers.
async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

/// Serves: database, documents and clock are well.
async fn readyz(State(app): State<Shared>) -> Response {
    match crate::app::health::check(&app).await {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn metrics(State(app): State<Shared>, request: Request) -> Response {
    let pool = app.store.pool_state();
    let used = pool.open.saturating_sub(pool.idle);
    telemetry::metrics::database_pool("registry", used, pool.idle, app.config.database.max_connections);
    metrics_page(&app.config, &request)
}

/// The page of metrics, for the networks that may read it.
pub(crate) fn metrics_page(config: &Config, request: &Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let allowed = peer.is_none_or(|ConnectInfo(peer)| {
        config.metrics.allowed_networks.iter().any(|network| network.contains(peer.ip()))
    });
    if !allowed {
        return Problem::new(Code::NotFound).into_response();
    }
    match telemetry::metrics::Metrics::install() {
        Ok(page) => ([(CONTENT_TYPE, page.content_type())], page.render()).into_response(),
        Err(_) => Problem::new(Code::Internal).into_response(),
    }
}
