//! Configuration (配置): what may be set, where each value came from, and what is wrong with it.
//!
//! Sources, later ones win: built-in defaults, one TOML file, `YINXIN_…` environment variables, command-line flags.
//! [`load`] gives the settings or every fault at once; [`check`] gives the table behind `yinxin config check`.

mod database_url;
mod defaults;
mod fault;
mod keys;
mod load;
mod network;
mod report;
mod schema;
mod secret;
mod settings;
mod sources;
mod validate;
mod verification;
mod whole;

pub use database_url::DatabaseUrl;
pub use fault::{ConfigError, Fault, Origin};
pub use keys::{KEYS, KeyDoc, Kind};
pub use load::{Loaded, load};
pub use network::Network;
pub use report::{Report, Row, check};
pub use schema::schema;
pub use secret::{SecretError, SecretSource};
pub use settings::{
    AreaConfig, AuditConfig, CaConfig, CaKind, ClockConfig, Config, CookieSecure, DatabaseConfig,
    DocumentsConfig, DocumentsKind, ImprintConfig, LimitsConfig, LogConfig, LogFormat, LogLevel, MailConfig,
    MailSecurity, MetricsConfig, Role, S3Config, SecurityConfig, SignerConfig, StatusConfig, TimestampConfig,
    WebhooksConfig, WorkshopConfig,
};
pub use sources::Sources;
pub use verification::VerificationConfig;
