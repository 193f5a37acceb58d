//! What holds where nothing is set.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use super::{
    AreaConfig, AuditConfig, CaConfig, CaKind, ClockConfig, Config, CookieSecure, DatabaseConfig,
    DatabaseUrl, DocumentsConfig, DocumentsKind, ImprintConfig, LimitsConfig, LogConfig, LogFormat, LogLevel,
    MailConfig, MailSecurity, MetricsConfig, Network, Role, S3Config, SecurityConfig, SignerConfig,
    StatusConfig, TimestampConfig, VerificationConfig, WebhooksConfig, WorkshopConfig,
};

impl Config {
    /// The defaults with everything below `data_dir`.
    pub fn defaults_in(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: None,
            roles: vec![Role::Registry, Role::Maker],
            database: DatabaseConfig {
                url: DatabaseUrl::sqlite(&data_dir.join("registry.db")),
                password: None,
                max_connections: 16,
            },
            documents: DocumentsConfig {
                kind: DocumentsKind::Folder,
                folder: data_dir.join("documents"),
                s3: S3Config {
                    endpoint: None,
                    bucket: None,
                    region: "us-east-1".to_owned(),
                    prefix: None,
                    access_key: None,
                    secret_key: None,
                },
            },
            area: AreaConfig {
                code: "100000".to_owned(),
                name: "全国".to_owned(),
                profile: "national".to_owned(),
            },
            security: SecurityConfig {
                session_idle_minutes: 30,
                session_absolute_minutes: 480,
                lockout_failures: 5,
                lockout_minutes: 15,
                password_min_length: 12,
                password_min_length_mixed: 10,
                password_max_age_days: 90,
                password_history: 5,
                password_hash_memory_kib: 19 * 1024,
                password_hash_passes: 2,
                password_hash_lanes: 1,
                master_key_file: data_dir.join("keys").join("master.key"),
                login_per_minute: 10,
                requests_per_second: 50,
                request_burst: 200,
                trusted_proxies: Vec::new(),
                cookie_secure: CookieSecure::Auto,
            },
            limits: LimitsConfig {
                json_bytes: 2 << 20,
                material_bytes: 20 << 20,
                request_timeout_seconds: 30,
                stop_grace_seconds: 30,
            },
            audit: AuditConfig { head_interval_seconds: 300 },
            workshop: WorkshopConfig {
                keys_dir: data_dir.join("workshop-keys"),
                registry_url: None,
                registry_signers: Vec::new(),
                maker: None,
                client_id: None,
                client_key_file: data_dir.join("workshop-keys").join("client.pem"),
                client_secret: None,
                poll_seconds: 2,
            },
            imprint: ImprintConfig::default(),
            ca: CaConfig {
                kind: CaKind::Test,
                test_validity_days: 1095,
                trust_anchors: Vec::new(),
                revocation_lists: Vec::new(),
                revocation_minutes: 60,
            },
            signer: SignerConfig::default(),
            timestamp: TimestampConfig { url: None, timeout_seconds: 10 },
            log: LogConfig { format: LogFormat::Text, level: LogLevel::Info, filter: None },
            metrics: MetricsConfig {
                listen: None,
                path: "/metrics".to_owned(),
                allowed_networks: vec![
                    Network::single(IpAddr::V4(Ipv4Addr::LOCALHOST)),
                    Network::single(IpAddr::V6(Ipv6Addr::LOCALHOST)),
                ],
            },
            clock: ClockConfig { max_backward_seconds: 2 },
            status: StatusConfig {
                answer_seconds: 300,
                cache_mebibytes: 128,
                list_hours: 24,
                list_interval_seconds: 60,
            },
            verification: VerificationConfig::default(),
            mail: MailConfig {
                host: None,
                port: None,
                security: MailSecurity::Starttls,
                from: None,
                user: None,
                password: None,
            },
            webhooks: WebhooksConfig { allowed_networks: Vec::new(), timeout_seconds: 10 },
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::defaults_in(Path::new("yinxin-data"))
    }
}
