//! Mails to people, through the relay of the operator.

use super::message;
use crate::api::people::EMAIL;
use crate::app::Shared;
use crate::config::{MailConfig, MailSecurity};
use crate::security::vault::Place as VaultPlace;
use jiff::SignedDuration;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use serde::Deserialize;
use std::time::Duration;
use yinxin_registry::account::{Account, AccountState};
use yinxin_store::{Job, StoreError};

/// A mail is tried for so long before it is given up.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(48);
/// How long the relay has for each step.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longest address: a relay need not take a longer local part, and a longer domain is nobody's.
pub const LONGEST: usize = 64;

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct MailFault {
    /// Stable code; never an address, never the relay's words, which may repeat one.
    pub code: String,
    /// Whether trying again cannot help.
    pub hopeless: bool,
}

impl MailFault {
    fn passing(code: &str) -> Self {
        Self { code: code.to_owned(), hopeless: false }
    }

    fn hopeless(code: &str) -> Self {
        Self { code: code.to_owned(), hopeless: true }
    }
}

impl From<lettre::transport::smtp::Error> for MailFault {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(status) => Self { code: format!("SMTP_{status}"), hopeless: error.is_permanent() },
            None if error.is_timeout() => Self::passing("TIMEOUT"),
            None if error.is_tls() => Self::passing("TLS"),
            None if error.is_client() => Self::passing("RELAY_LACKS"),
            None => Self::passing("UNREACHABLE"),
        }
    }
}

/// Whether a text is an address mails are sent to: the plain form that every relay takes.
pub fn is_address(text: &str) -> bool {
    let atom = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
    };
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let Some((local, domain)) = text.split_once('@') else { return false };
    let last = domain.rsplit('.').next().unwrap_or_default();
    text.len() <= LONGEST
        && local.split('.').all(atom)
        && domain.contains('.')
        && domain.split('.').all(label)
        && last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
}

/// The relay.
pub struct Relay {
    config: MailConfig,
    from: String,
    base: Option<String>,
}

impl Relay {
    /// By the configuration; `None` where no mail is sent.
    pub fn new(config: &MailConfig, base: Option<&str>) -> Option<Self> {
        config.host.as_ref()?;
        let from = config.from.clone()?;
        Some(Self { config: config.clone(), from, base: base.map(str::to_owned) })
    }

    /// A connection as configured. The password is read anew: it may have been changed.
    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailFault> {
        let host = self.config.host.as_deref().unwrap_or_default();
        let (builder, port) = match self.config.security {
            MailSecurity::Tls => (AsyncSmtpTransport::<Tokio1Executor>::relay(host)?, 465),
            MailSecurity::Starttls => (AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?, 587),
            MailSecurity::None => (AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host), 25),
        };
        let builder = builder.port(self.config.port.unwrap_or(port)).timeout(Some(PATIENCE));
        Ok(match (&self.config.user, &self.config.password) {
            (Some(user), Some(password)) => {
                let password = password.read().map_err(|error| MailFault::passing(error.code()))?;
                builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned())).build()
            }
            _ => builder.build(),
        })
    }

    async fn send(&self, to: &str, mail: &[u8]) -> Result<(), MailFault> {
        let address = |text: &str| text.parse::<Address>().map_err(|_| MailFault::hopeless("ADDRESS"));
        let envelope = Envelope::new(Some(address(&self.from)?), vec![address(to)?])
            .map_err(|_| MailFault::hopeless("ADDRESS"))?;
        let sending = self.transport()?;
        let sent = tokio::time::timeout(PATIENCE * 2, sending.send_raw(&envelope, mail)).await;
        sent.map_err(|_| MailFault::passing("TIMEOUT"))??;
        Ok(())
    }
}

/// Whether the configured relay answers, and takes the user; `None` where no mail is sent.
///
/// # Errors
/// [`MailFault`].
pub async fn check_relay(config: &MailConfig) -> Option<Result<(), MailFault>> {
    let relay = Relay::new(config, None)?;
    let answer = async {
        let relay = relay.transport()?;
        match tokio::time::timeout(PATIENCE * 2, relay.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(MailFault::passing("UNREACHABLE")),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(MailFault::passing("TIMEOUT")),
        }
    };
    Some(answer.await)
}

#[derive(Deserialize)]
struct Payload {
    account: String,
    notice: String,
}

/// One try; `done`, `retry` or `failed`.
///
/// # Errors
/// Problems of the database: the job comes back when its lease ends.
pub async fn run(app: &Shared, relay: Option<&Relay>, job: &Job) -> Result<&'static str, StoreError> {
    let sent = match relay {
        Some(relay) => mail(app, relay, job).await?,
        None => Err(MailFault::passing("NO_RELAY")),
    };
    let now = app.now().unwrap_or_else(|_| app.clock.highest());
    let mut tx = app.store.begin().await?;
    let result = match sent {
        Ok(()) => {
            tx.finish_job(job, now).await?;
            "done"
        }
        Err(fault) if fault.hopeless || now.duration_since(job.created_at) >= TRIED_FOR => {
            tracing::error!(job = job.id, code = fault.code, "a mail was given up");
            tx.bury_job(job, now, &fault.code).await?;
            "failed"
        }
        Err(fault) => {
            tracing::warn!(
                job = job.id,
                code = fault.code,
                attempts = job.attempts,
                "a mail could not be sent"
            );
            let again = now.saturating_add(pause(job.attempts)).unwrap_or(now);
            tx.retry_job(job, again, &fault.code).await?;
            "retry"
        }
    };
    tx.commit().await?;
    Ok(result)
}

/// Sends the mail of a job. Who has no address any more, or no account, gets none.
async fn mail(app: &Shared, relay: &Relay, job: &Job) -> Result<Result<(), MailFault>, StoreError> {
    let payload: Payload = serde_json::from_str(&job.payload)?;
    let mut read = app.store.read().await?;
    let account = read.get::<Account>(&payload.account).await?.value;
    let (notice, _) = read.notice(&payload.account, &payload.notice).await?;
    drop(read);
    let Some(email) = account.email.filter(|_| account.state == AccountState::Active) else {
        return Ok(Ok(()));
    };
    let place = VaultPlace::new(EMAIL, account.id.as_str());
    let Ok(to) = app.vault().reveal(place, &email.cipher) else {
        return Ok(Err(MailFault::hopeless("ADDRESS_UNREADABLE")));
    };
    let now = app.now().unwrap_or_else(|_| app.clock.highest());
    let mail = message::write(&notice, &relay.from, to.reveal(), relay.base.as_deref(), now);
    Ok(relay.send(to.reveal(), &mail).await)
}

/// How long to wait after so many tries: 30 s, a minute, two, … at most an hour.
fn pause(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts.clamp(1, 8)).unwrap_or(1).saturating_sub(1);
    SignedDuration::from_secs((30_i64 << doublings).min(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_every_relay_takes() {
        for good in ["one@unit.example", "a.b-c_d+e@mail.unit-1.example.cn"] {
            assert!(is_address(good) && good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "one",
            "@unit.example",
            "one@",
            "one@unit",
            "one@unit.",
            "one@-unit.example",
            "one@unit.1",
            "one two@unit.example",
            "one@unit.example\r\nBcc: x@y.example",
            "\"one\"@unit.example",
            "one@[127.0.0.1]",
            "one..two@unit.example",
            ".one@unit.example",
            "一@unit.example",
            "one@two@unit.example",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn mails_are_tried_ever_more_rarely() {
        let seconds: Vec<i64> = (1..=9).map(|tries| pause(tries).as_secs()).collect();
        assert_eq!(seconds, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }
}
