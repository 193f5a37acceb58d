//! Events to programs: one try of one delivery.

use super::address::{Destination, Guarded};
use super::signature::headers;
use crate::api::webhooks::SECRET_FIELD;
use crate::app::Shared;
use crate::config::WebhooksConfig;
use crate::jobs::SystemWork;
use crate::notices::{Audience, tell};
use crate::security::vault::Place as VaultPlace;
use jiff::Timestamp;
use reqwest::{Client, Url, header, redirect};
use serde::Deserialize;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use yinxin_registry::client::{ApiClient, ClientScope};
use yinxin_registry::permission::{Action, Place, permit};
use yinxin_registry::webhook::{Delivery, DeliveryState, Webhook};
use yinxin_store::{Job, StoreError};

/// Kind of the job.
pub const JOB: &str = "webhook";

/// Sends events.
pub struct Sender {
    destination: Destination,
    timeout: Duration,
    /// For https, and for http into allowed networks.
    clients: OnceLock<Option<[Client; 2]>>,
}

impl Sender {
    /// By the configuration.
    pub fn new(config: &WebhooksConfig) -> Self {
        Self {
            destination: Destination::new(config.allowed_networks.clone()),
            timeout: Duration::from_secs(u64::from(config.timeout_seconds)),
            clients: OnceLock::new(),
        }
    }

    /// The guard of where events may be sent.
    pub fn destinations(&self) -> &Destination {
        &self.destination
    }

    fn client(&self, url: &Url) -> Option<&Client> {
        let built = self.clients.get_or_init(|| {
            let secure = build(&self.destination, false, self.timeout);
            let clear = build(&self.destination, true, self.timeout);
            secure
                .and_then(|secure| Ok([secure, clear?]))
                .map_err(|error| tracing::error!(%error, "webhooks"))
                .ok()
        });
        let [secure, clear] = built.as_ref()?;
        Some(if url.scheme() == "https" { secure } else { clear })
    }

    /// An address that may be called, with the client that may call it.
    pub(super) async fn open(&self, url: &str) -> Result<(&Client, Url), &'static str> {
        let url = self.destination.read(url).map_err(super::Refusal::code)?;
        self.destination.look_up(&url).await.map_err(super::Refusal::code)?;
        let client = self.client(&url).ok_or("CLIENT")?;
        Ok((client, url))
    }

    /// Posts a body; the status of the answer. The answer itself is not read.
    async fn post(
        &self,
        url: &str,
        body: String,
        headers: Vec<(&'static str, String)>,
    ) -> Result<u16, &'static str> {
        let (client, url) = self.open(url).await?;
        let mut request = client.post(url).header(header::CONTENT_TYPE, "application/json").body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        match request.send().await {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) if error.is_timeout() => Err("TIMEOUT"),
            Err(error) if error.is_connect() => Err("UNREACHABLE"),
            Err(_) => Err("BROKEN_OFF"),
        }
    }
}

fn build(destination: &Destination, clear: bool, timeout: Duration) -> Result<Client, reqwest::Error> {
    // The client takes the TLS of the process. Whoever was first is as good: there is only one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .dns_resolver(Arc::new(Guarded { destination: destination.clone(), clear }))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .https_only(!clear)
        .timeout(timeout)
        .connect_timeout(timeout)
        .pool_max_idle_per_host(2)
        .user_agent(concat!("yinxin/", env!("CARGO_PKG_VERSION")))
        .build()
}

#[derive(Deserialize)]
struct Payload {
    delivery: String,
}

/// One try; `done`, `retry` or `failed`. What came of it and the end of the job are one transaction.
///
/// # Errors
/// Problems of the database: the job comes back when its lease ends, and the event is sent again, under the same identifier.
pub async fn run(app: &Shared, sender: &Sender, job: &Job) -> Result<&'static str, StoreError> {
    let payload: Payload = serde_json::from_str(&job.payload)?;
    let mut read = app.store.read().await?;
    let found = read.get::<Delivery>(&payload.delivery).await?;
    let webhook = read.get::<Webhook>(found.value.webhook.as_str()).await?.value;
    drop(read);
    if found.value.state != DeliveryState::Waiting {
        return settle(app, job, None, &webhook).await;
    }
    let version = found.version;
    let now = moment(app);
    let delivery = match webhook.ended_at {
        Some(_) => found.value.dropped(now),
        None => {
            let outcome = attempt(app, sender, &found.value, &webhook, now).await;
            found.value.tried(outcome, moment(app))
        }
    };
    settle(app, job, Some((delivery, version)), &webhook).await
}

async fn attempt(
    app: &Shared,
    sender: &Sender,
    delivery: &Delivery,
    webhook: &Webhook,
    now: Timestamp,
) -> Result<u16, &'static str> {
    let place = VaultPlace::new(SECRET_FIELD, webhook.id.as_str());
    let secret = app.vault().reveal(place, &webhook.secret.cipher).map_err(|error| {
        tracing::error!(
            code = error.code(),
            webhook = webhook.id.as_str(),
            "a webhook's secret cannot be read"
        );
        "SECRET"
    })?;
    let headers = headers(delivery, webhook, &secret, &app.authority, now.as_second());
    sender.post(&webhook.url, delivery.body.clone(), headers).await
}

async fn settle(
    app: &Shared,
    job: &Job,
    delivery: Option<(Delivery, i64)>,
    webhook: &Webhook,
) -> Result<&'static str, StoreError> {
    let now = moment(app);
    let mut work = SystemWork::begin(app, now).await?;
    let Some((delivery, version)) = delivery else {
        work.finish(job).await?;
        return Ok("done");
    };
    work.tx.save(&delivery, version).await?;
    match delivery.state {
        DeliveryState::Waiting => {
            let again = now.saturating_add(delivery.pause(now)).unwrap_or(now);
            let words = delivery.last_fault.clone().unwrap_or_default();
            work.tx.retry_job(job, again, &words).await?;
            work.tx.commit().await?;
            return Ok("retry");
        }
        DeliveryState::Failed if webhook.ended_at.is_none() => {
            // Once a day for each address: its people are to look at the receiver, not at a list of notices.
            let day = now.as_second().div_euclid(86_400);
            let event = format!("{}/failed/{day}", webhook.id);
            if let Err(error) =
                tell(&mut work, Audience::System, "webhook.failed", webhook.id.as_str(), &event).await
            {
                tracing::warn!(%error, webhook = webhook.id.as_str(), "nobody could be told");
            }
        }
        DeliveryState::Failed | DeliveryState::Delivered => {}
    }
    let failed = delivery.state == DeliveryState::Failed;
    work.finish(job).await?;
    Ok(if failed { "failed" } else { "done" })
}

/// Now; while the clock stands back, the latest time seen.
pub(super) fn moment(app: &Shared) -> Timestamp {
    app.now().unwrap_or_else(|_| app.clock.highest())
}

/// Whether a program may know of such an event at a place: what it could read there itself.
pub fn may_know(client: &ApiClient, kind: &str, place: &Place, now: Timestamp) -> bool {
    let (scope, action) = match kind.split_once('.').map(|(resource, _)| resource) {
        Some("seal") => (ClientScope::SealsRead, Action::SealRead),
        Some("application") => (ClientScope::ApplicationsRead, Action::ApplicationRead),
        Some("use") => (ClientScope::UsesRead, Action::UseRead),
        _ => return false,
    };
    client.enabled
        && client.expires_at.is_none_or(|end| now < end)
        && client.scopes.contains(&scope)
        && permit(&client.grants, action, place, now).is_ok()
}
