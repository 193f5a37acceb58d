//! The settings themselves. What each key means to an operator stands in [`super::KEYS`].

use std::net::SocketAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatabaseUrl, Network, SecretSource, VerificationConfig};
use crate::security::password::{HashCost, PasswordPolicy};

/// Everything that can be set. Every field has a value: what nobody sets is derived from `data_dir` or a constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of the service's own files (数据目录).
    pub data_dir: PathBuf,
    /// Address of the HTTP API.
    pub listen: SocketAddr,
    /// Address under which clients reach the service, without a trailing slash; `None` behind no proxy.
    pub public_url: Option<String>,
    /// Parts run by this process.
    pub roles: Vec<Role>,
    /// Database of the registry.
    pub database: DatabaseConfig,
    /// Where materials and documents are kept.
    pub documents: DocumentsConfig,
    /// Root area of this registry.
    pub area: AreaConfig,
    /// Log-in, sessions, keys, limits of rate.
    pub security: SecurityConfig,
    /// Sizes and times.
    pub limits: LimitsConfig,
    /// Audit trail.
    pub audit: AuditConfig,
    /// The making workshop (制作系统), role `maker`.
    pub workshop: WorkshopConfig,
    /// Imprints.
    pub imprint: ImprintConfig,
    /// Who issues the certificates of seals.
    pub ca: CaConfig,
    /// `[signer]`.
    pub signer: SignerConfig,
    /// `[timestamp]`.
    pub timestamp: TimestampConfig,
    /// Log lines.
    pub log: LogConfig,
    /// Prometheus metrics.
    pub metrics: MetricsConfig,
    /// The clock.
    pub clock: ClockConfig,
    /// Status service.
    pub status: StatusConfig,
    /// Verification service.
    pub verification: VerificationConfig,
    /// Notices by e-mail.
    pub mail: MailConfig,
    /// Events sent to programs.
    pub webhooks: WebhooksConfig,
}

/// A part of the system that a process may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Registry (登记): applications, decisions, filing, status, API.
    Registry,
    /// Maker (制作): makes seals with its own database and keys.
    Maker,
    /// Signer (用印): the keys of seals with the gate before them, and nothing else.
    Signer,
}

impl Role {
    /// Name in configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Maker => "maker",
            Self::Signer => "signer",
        }
    }
}

/// `[database]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:<path>` or `postgres://…`.
    pub url: DatabaseUrl,
    /// Password put into a PostgreSQL address that has none.
    pub password: Option<SecretSource>,
    /// Most connections of the pool.
    pub max_connections: u32,
}

/// Kind of document store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DocumentsKind {
    /// A folder of this machine.
    Folder,
    /// A bucket of an S3-compatible service.
    S3,
}

/// `[documents]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentsConfig {
    /// Which of the two is used.
    pub kind: DocumentsKind,
    /// Folder for `kind = "folder"`.
    pub folder: PathBuf,
    /// Bucket for `kind = "s3"`.
    pub s3: S3Config,
}

/// `[documents.s3]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// Address of the service, `https://…`; `None` for the one of the region.
    pub endpoint: Option<String>,
    /// Bucket.
    pub bucket: Option<String>,
    /// Region.
    pub region: String,
    /// Prefix of all keys in the bucket, without slashes at its ends.
    pub prefix: Option<String>,
    /// Access key id.
    pub access_key: Option<SecretSource>,
    /// Secret access key.
    pub secret_key: Option<SecretSource>,
}

/// `[area]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaConfig {
    /// Code of the administrative division (行政区划代码), six digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Practice profile (办理规则) it starts with.
    pub profile: String,
}

/// Whether session cookies carry `Secure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CookieSecure {
    /// Yes, unless `public_url` is absent or `http://` and the service listens on loopback only.
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

/// `[security]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityConfig {
    /// Minutes without a request after which a session ends.
    pub session_idle_minutes: u32,
    /// Minutes after which a session ends in any case.
    pub session_absolute_minutes: u32,
    /// Failed log-ins in a row that lock an account.
    pub lockout_failures: u32,
    /// Minutes an account stays locked.
    pub lockout_minutes: u32,
    /// Characters a password must have.
    pub password_min_length: u32,
    /// Characters it must have when three of the four kinds small letter, capital, digit, other occur.
    pub password_min_length_mixed: u32,
    /// Days after which a password must be changed.
    pub password_max_age_days: u32,
    /// So many former passwords may not be used again.
    pub password_history: u32,
    /// argon2id: memory in KiB.
    pub password_hash_memory_kib: u32,
    /// argon2id: passes over the memory.
    pub password_hash_passes: u32,
    /// argon2id: lanes.
    pub password_hash_lanes: u32,
    /// File of the master key (主密钥); made at the first start.
    pub master_key_file: PathBuf,
    /// Log-in attempts per minute and address.
    pub login_per_minute: u32,
    /// Requests per second and client, on average.
    pub requests_per_second: u32,
    /// Requests a client may make at once after a pause.
    pub request_burst: u32,
    /// Proxies whose `Forwarded`/`X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// `Secure` on cookies.
    pub cookie_secure: CookieSecure,
}

/// `[limits]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    /// Largest JSON body in bytes.
    pub json_bytes: u64,
    /// Largest material in bytes.
    pub material_bytes: u64,
    /// Seconds a request may take.
    pub request_timeout_seconds: u32,
    /// Seconds a stop waits for running requests and jobs.
    pub stop_grace_seconds: u32,
}

/// `[audit]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditConfig {
    /// Seconds between two signed heads of the chain.
    pub head_interval_seconds: u32,
}

/// `[workshop]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkshopConfig {
    /// Folder of its keys and of its record of work.
    pub keys_dir: PathBuf,
    /// Address of the registry; `None` when both run in this process.
    pub registry_url: Option<String>,
    /// Certificates whose approvals count: SM3 of the certificate in hexadecimal, or the path of its file.
    pub registry_signers: Vec<String>,
    /// The maker it works for, by its key in the registry; `None` when both run in this process.
    pub maker: Option<String>,
    /// Its name as an API client of the registry.
    pub client_id: Option<String>,
    /// Its SM2 key as an API client.
    pub client_key_file: PathBuf,
    /// Its shared secret as an API client that signs with HMAC-SM3; then the key file counts for nothing.
    pub client_secret: Option<SecretSource>,
    /// Seconds between two looks for work.
    pub poll_seconds: u32,
}

/// `[signer]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignerConfig {
    /// Address of the key process, for a registry whose seals have their keys there; `None` where they are in this process.
    pub url: Option<String>,
    /// Certificates of the registries whose tokens count, for the key process: PEM or DER files.
    pub issuers: Vec<PathBuf>,
}

/// Where certificates of seals come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaKind {
    /// The built-in test CA: for trials, not for seals with legal force.
    Test,
    /// A request goes out, the issued certificate is handed in.
    Import,
}

/// `[ca]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaConfig {
    /// Which one.
    pub kind: CaKind,
    /// Days a seal's certificate of the test CA is valid at most.
    pub test_validity_days: u32,
    /// PEM files of roots and intermediates that an imported certificate must lead to.
    pub trust_anchors: Vec<PathBuf>,
    /// Addresses of revocation lists of authorities outside.
    pub revocation_lists: Vec<String>,
    /// Minutes between two looks for new ones.
    pub revocation_minutes: u32,
}

/// `[timestamp]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimestampConfig {
    /// Timestamp service (RFC 3161, GB/T 20520); absent: documents are sealed without a timestamp.
    pub url: Option<String>,
    /// Seconds one answer may take.
    pub timeout_seconds: u32,
}

/// Shape of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For eyes.
    Text,
}

/// Least level of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something failed.
    Error,
    /// Something is odd.
    Warn,
    /// What an operator wants to know.
    Info,
    /// What a developer wants to know.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// Name in configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// `[log]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// Shape.
    pub format: LogFormat,
    /// Least level.
    pub level: LogLevel,
    /// Exceptions from `level`, as `target=level` parts joined by commas.
    pub filter: Option<String>,
}

/// `[metrics]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricsConfig {
    /// Own address of the metrics; `None` serves them on the main one.
    pub listen: Option<SocketAddr>,
    /// Path of the metrics.
    pub path: String,
    /// Networks that may read them.
    pub allowed_networks: Vec<Network>,
}

/// `[clock]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockConfig {
    /// Seconds the clock may stand behind the last recorded time before changes are refused.
    pub max_backward_seconds: u32,
}

/// `[status]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusConfig {
    /// Seconds a signed answer may be relied on.
    pub answer_seconds: u32,
    /// Mebibytes of memory for answers that were signed.
    pub cache_mebibytes: u32,
    /// Hours a signed list may be relied on.
    pub list_hours: u32,
    /// Least seconds between two lists.
    pub list_interval_seconds: u32,
}

/// How the relay of mails is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS; a relay without it is refused.
    Starttls,
    /// In clear: for a relay on this machine.
    None,
}

/// `[mail]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Host of the relay; `None`: no mail is sent.
    pub host: Option<String>,
    /// Its port; `None`: 465, 587 or 25 by `security`.
    pub port: Option<u16>,
    /// How it is spoken to.
    pub security: MailSecurity,
    /// Address mails come from.
    pub from: Option<String>,
    /// User of the relay.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<SecretSource>,
}

/// `[webhooks]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Networks that webhooks may lead to although they are not public; there `http://` will do.
    pub allowed_networks: Vec<Network>,
    /// Seconds a receiver has for its answer.
    pub timeout_seconds: u32,
}

/// `[imprint]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImprintConfig {
    /// The area's own rules of imprints, laid over the national ones.
    pub rules: Option<PathBuf>,
    /// Font of drawn imprints; `None`: the one that comes with the product.
    pub font: Option<PathBuf>,
    /// Which font of a collection (TTC).
    pub font_index: u32,
}

impl SecurityConfig {
    /// What a password must be.
    pub fn password_policy(&self) -> PasswordPolicy {
        let length = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        PasswordPolicy {
            min_length: length(self.password_min_length),
            min_length_mixed: length(self.password_min_length_mixed),
            max_age_days: self.password_max_age_days,
            history: length(self.password_history),
            ..PasswordPolicy::default()
        }
    }

    /// What hashing a password costs.
    pub fn hash_cost(&self) -> HashCost {
        HashCost {
            memory_kib: self.password_hash_memory_kib,
            passes: self.password_hash_passes,
            lanes: self.password_hash_lanes,
        }
    }
}

impl Config {
    /// Whether this process runs `role`.
    pub fn runs(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether cookies carry `Secure`: see [`CookieSecure`].
    pub fn cookies_are_secure(&self) -> bool {
        match self.security.cookie_secure {
            CookieSecure::Always => true,
            CookieSecure::Never => false,
            CookieSecure::Auto => match &self.public_url {
                Some(url) => url.starts_with("https://") || !self.listen.ip().is_loopback(),
                None => !self.listen.ip().is_loopback(),
            },
        }
    }
}
