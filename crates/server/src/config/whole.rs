//! Checks of the settings as a whole: what must be set together, and what deserves a second look.

use std::collections::BTreeMap;
use std::path::Path;

use super::fault::{Fault, Origin};
use super::{CaKind, Config, CookieSecure, DocumentsKind, MailSecurity, Role, SecretSource};

/// Finds settings that contradict each other.
pub(super) fn check_whole(
    config: &Config,
    origins: &BTreeMap<String, Origin>,
    faults: &mut Vec<Fault>,
    warnings: &mut Vec<(String, String)>,
) {
    let mut whole = Whole { origins, faults, warnings };
    whole.roles(config);
    whole.signer(config);
    whole.documents(config);
    whole.database(config);
    whole.security(config);
    whole.metrics(config);
    whole.certificates(config);
    whole.mail(config);
    whole.secrets(config);
    whole.verification(config);
}

struct Whole<'a> {
    origins: &'a BTreeMap<String, Origin>,
    faults: &'a mut Vec<Fault>,
    warnings: &'a mut Vec<(String, String)>,
}

impl Whole<'_> {
    fn fault(&mut self, key: &str, wrong: (&str, &str), fix: (&str, &str)) {
        self.faults.push(Fault {
            key: key.to_owned(),
            value: None,
            origin: self.origins.get(key).cloned().unwrap_or(Origin::Default),
            zh: wrong.0.to_owned(),
            en: wrong.1.to_owned(),
            fix_zh: fix.0.to_owned(),
            fix_en: fix.1.to_owned(),
        });
    }

    fn warn(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.warnings.push((zh.into(), en.into()));
    }

    /// A workshop without a registry beside it must know where the registry is and who it is there.
    fn roles(&mut self, config: &Config) {
        let workshop = &config.workshop;
        if config.runs(Role::Registry) || !config.runs(Role::Maker) {
            return;
        }
        let wrong = ("制作系统单独运行时必须设置", "must be set when the workshop runs in its own process");
        if workshop.registry_url.is_none() {
            self.fault(
                "workshop.registry_url",
                wrong,
                ("填写登记系统地址", "name the address of the registry"),
            );
        }
        if workshop.client_id.is_none() {
            self.fault(
                "workshop.client_id",
                wrong,
                (
                    "在登记系统中建立接口客户端并填写其编号",
                    "make an API client in the registry and name its id",
                ),
            );
        }
        if workshop.maker.is_none() {
            self.fault(
                "workshop.maker",
                wrong,
                ("填写制作单位在登记系统中的编号", "name the maker's id in the registry"),
            );
        }
        if workshop.registry_signers.is_empty() {
            self.fault(
                "workshop.registry_signers",
                wrong,
                (
                    "在登记系统上执行 yinxin authority show，填写证书的 SM3 或文件路径",
                    "run yinxin authority show where the registry is; name the certificate's SM3 or its file",
                ),
            );
        }
        if workshop.client_secret.is_none() && open_to_others(&workshop.client_key_file) {
            let path = workshop.client_key_file.display();
            self.warn(
                format!("私钥文件 {path} 可被其他用户读取，建议 chmod 600"),
                format!("the private key file {path} is open to other users: chmod 600 it"),
            );
        }
        if workshop.registry_url.as_deref().is_some_and(is_remote_clear_text) {
            self.warn(
                "workshop.registry_url 未使用 https：请求虽有签名，内容不加密",
                "workshop.registry_url is not https: requests are signed but not encrypted",
            );
        }
    }

    /// The keys of seals are in one place: in the process of the registry, or in the key process that stands alone.
    fn signer(&mut self, config: &Config) {
        if config.runs(Role::Signer) {
            if config.roles.len() > 1 {
                self.fault(
                    "roles",
                    ("signer 不能与其他角色同在一个进程", "signer stands alone in its process"),
                    (
                        "登记、制作、用印密钥各用一个进程，或者只用 registry、maker",
                        "run each in a process of its own, or registry and maker only",
                    ),
                );
            }
            if config.signer.issuers.is_empty() {
                self.fault(
                    "signer.issuers",
                    ("密钥进程必须设置", "must be set for the key process"),
                    (
                        "在登记系统上执行 yinxin authority show，填写证书文件路径",
                        "run yinxin authority show where the registry is; name the certificate's file",
                    ),
                );
            }
        }
        let Some(url) = config.signer.url.as_deref() else { return };
        if config.runs(Role::Registry) && config.runs(Role::Maker) {
            self.fault(
                "signer.url",
                (
                    "本进程自己持有印章密钥（角色 maker），不能再用另一进程的",
                    "this process has the keys of seals itself (role maker)",
                ),
                ("删除该设置，或者设 roles = [\"registry\"]", "remove it, or set roles = [\"registry\"]"),
            );
        }
        if is_remote_clear_text(url) {
            self.warn(
                "signer.url 未使用 https：令牌虽有签名，所签内容不加密",
                "signer.url is not https: tokens are signed, what is sealed is not encrypted",
            );
        }
    }

    /// Whoever is known may bring as much as anybody, and the largest document must find room.
    fn verification(&mut self, config: &Config) {
        let verification = &config.verification;
        if verification.anonymous_max_bytes > verification.registered_max_bytes {
            self.fault(
                "verification.anonymous_max_bytes",
                (
                    "不得大于 verification.registered_max_bytes",
                    "must not be above verification.registered_max_bytes",
                ),
                ("调小该值，或调大后者", "lower it, or raise the other"),
            );
        }
        if u64::from(verification.spool_mebibytes) << 20 < verification.registered_max_bytes {
            self.fault(
                "verification.spool_mebibytes",
                (
                    "容不下一个 verification.registered_max_bytes 的文件",
                    "does not hold one document of verification.registered_max_bytes",
                ),
                ("调大该值，或调小后者", "raise it, or lower the other"),
            );
        }
    }

    fn documents(&mut self, config: &Config) {
        let s3 = &config.documents.s3;
        if config.documents.kind != DocumentsKind::S3 {
            return;
        }
        let wrong = ("documents.kind = \"s3\" 时必须设置", "must be set when documents.kind = \"s3\"");
        let fix =
            ("填写该项，或改用 documents.kind = \"folder\"", "set it, or use documents.kind = \"folder\"");
        if s3.bucket.is_none() {
            self.fault("documents.s3.bucket", wrong, fix);
        }
        if s3.access_key.is_none() {
            self.fault("documents.s3.access_key", wrong, fix);
        }
        if s3.secret_key.is_none() {
            self.fault("documents.s3.secret_key", wrong, fix);
        }
        if s3.prefix.as_deref().is_some_and(|prefix| prefix.starts_with('/') || prefix.ends_with('/')) {
            self.fault(
                "documents.s3.prefix",
                ("两端不可有斜杠", "begins and ends without a slash"),
                ("去掉两端的斜杠", "take the slash away"),
            );
        }
    }

    fn database(&mut self, config: &Config) {
        let database = &config.database;
        if database.password.is_some() && !database.url.is_postgres() {
            self.fault(
                "database.password",
                ("仅用于 PostgreSQL", "is for PostgreSQL only"),
                ("删除该项", "remove it"),
            );
        }
        if database.password.is_some() && database.url.has_password() {
            self.fault(
                "database.password",
                ("database.url 已含口令", "database.url carries a password already"),
                ("从 database.url 中去掉口令", "take the password out of database.url"),
            );
        }
        if database.url.has_password()
            && matches!(self.origins.get("database.url"), Some(Origin::File { .. }))
        {
            self.warn(
                "database.url 中写有口令，建议改用 database.password",
                "database.url carries a password; database.password keeps it out of the file",
            );
        }
        if config.documents.kind == DocumentsKind::Folder && database.url.is_postgres() {
            self.warn(
                "多个节点共用 PostgreSQL 时，documents.folder 必须是共享目录，或改用 s3",
                "with several nodes on one PostgreSQL, documents.folder must be shared, or use s3",
            );
        }
    }

    fn security(&mut self, config: &Config) {
        let security = &config.security;
        if security.session_absolute_minutes < security.session_idle_minutes {
            self.fault(
                "security.session_absolute_minutes",
                ("不可小于 session_idle_minutes", "must not be less than session_idle_minutes"),
                ("调大该值", "make it larger"),
            );
        }
        if security.request_burst < security.requests_per_second {
            self.fault(
                "security.request_burst",
                ("不可小于 requests_per_second", "must not be less than requests_per_second"),
                ("调大该值", "make it larger"),
            );
        }
        let https = config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        if security.cookie_secure == CookieSecure::Never && (https || !config.listen.ip().is_loopback()) {
            self.warn(
                "cookie_secure = \"never\"：会话可能在明文网络上被窃取",
                "cookie_secure = \"never\": sessions may be stolen on a network in clear",
            );
        }
        if !config.listen.ip().is_loopback() && !https {
            self.warn(
                "监听地址可从外部访问而 public_url 不是 https：请在前面放置终止 TLS 的反向代理",
                "the listening address is reachable from outside and public_url is not https: put a TLS-terminating proxy in front",
            );
        }
        if config.limits.json_bytes > config.limits.material_bytes {
            self.fault(
                "limits.json_bytes",
                ("不可大于 material_bytes", "must not be larger than material_bytes"),
                ("调小该值", "make it smaller"),
            );
        }
    }

    fn metrics(&mut self, config: &Config) {
        let metrics = &config.metrics;
        if metrics.listen == Some(config.listen) {
            self.fault(
                "metrics.listen",
                ("与 listen 相同", "is the same as listen"),
                ("换一个端口，或删除该项", "take another port, or remove it"),
            );
        }
        let taken = ["/api", "/healthz", "/readyz", "/problems"];
        let path = metrics.path.as_str();
        if metrics.listen.is_none()
            && taken.iter().any(|own| path == *own || path.starts_with(&format!("{own}/")))
        {
            self.fault(
                "metrics.path",
                ("与服务自身的路径冲突", "clashes with a path of the service"),
                ("使用 \"/metrics\"", "use \"/metrics\""),
            );
        }
    }

    fn certificates(&mut self, config: &Config) {
        if !config.runs(Role::Maker) {
            return;
        }
        match config.ca.kind {
            CaKind::Test => self.warn(
                "ca.kind = \"test\"：内置测试 CA 的证书仅供试用，不具有法律效力",
                "ca.kind = \"test\": certificates of the built-in test CA are for trials only, without legal force",
            ),
            CaKind::Import if config.ca.trust_anchors.is_empty() => self.fault(
                "ca.trust_anchors",
                ("ca.kind = \"import\" 时必须设置", "must be set when ca.kind = \"import\""),
                ("填写根证书和中间证书文件", "name the files of roots and intermediates"),
            ),
            CaKind::Import => {}
        }
    }

    fn mail(&mut self, config: &Config) {
        let mail = &config.mail;
        let Some(host) = &mail.host else { return };
        if !mail.from.as_deref().is_some_and(crate::outbound::is_address) {
            self.fault(
                "mail.from",
                ("设置 mail.host 时须为邮件地址", "must be a mail address when mail.host is set"),
                ("填写发件地址", "name the address mails come from"),
            );
        }
        if mail.user.is_some() != mail.password.is_some() {
            self.fault(
                "mail.password",
                ("须与 mail.user 同时设置", "must be set together with mail.user"),
                ("同时设置或者同时删除", "set both or none"),
            );
        }
        let near = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if mail.security == MailSecurity::None && !near {
            self.warn(
                "mail.security = \"none\"：邮件和口令以明文经过网络",
                "mail.security = \"none\": mails and the password cross the network in clear",
            );
        }
    }

    /// A secret's file that others may read is told, not refused: containers mount secrets that way.
    fn secrets(&mut self, config: &Config) {
        let s3 = &config.documents.s3;
        let places = [
            &config.database.password,
            &s3.access_key,
            &s3.secret_key,
            &config.workshop.client_secret,
            &config.mail.password,
        ];
        for source in places.into_iter().flatten() {
            if let SecretSource::File(path) = source
                && open_to_others(path)
            {
                self.warn(
                    format!("密钥文件 {} 可被其他用户读取，建议 chmod 600", path.display()),
                    format!("the secret file {} is open to other users: chmod 600 it", path.display()),
                );
            }
        }
    }
}

/// Whether an address is `http://` to something else than this machine.
fn is_remote_clear_text(url: &str) -> bool {
    let local = ["localhost", "127.", "[::1]"];
    url.strip_prefix("http://").is_some_and(|host| !local.iter().any(|name| host.starts_with(name)))
}

/// Whether a file may be read by others than its owner.
#[cfg(unix)]
fn open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

/// Whether a file may be read by others than its owner: not known here.
#[cfg(not(unix))]
fn open_to_others(_path: &Path) -> bool {
    false
}
