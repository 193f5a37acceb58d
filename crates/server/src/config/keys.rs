//! Every key that may be set: what it means and what it takes. The schema, the messages, the environment reader, the
//! annotated file and the manual are all held to this table.

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Six digits.
    AreaCode,
    /// A path of the file system.
    Path,
    /// Several paths.
    Paths,
    /// Certificates, each by the SM3 of its DER or by its file.
    Certificates,
    /// An address and a port.
    Socket,
    /// `http://…` or `https://…` without a trailing slash.
    HttpUrl,
    /// Several of them.
    HttpUrls,
    /// `sqlite:…` or `postgres://…`.
    Database,
    /// A path below the address, beginning with a slash.
    UrlPath,
    /// A whole number between two bounds.
    Integer {
        /// Least.
        min: u64,
        /// Greatest.
        max: u64,
    },
    /// One word of several.
    OneOf(&'static [&'static str]),
    /// Words of several, none twice, at least one.
    SomeOf(&'static [&'static str]),
    /// Networks.
    Networks,
    /// Directives of a log filter.
    LogFilter,
    /// A place where a secret is found: `{ file = "…" }` or `{ env = "…" }`.
    Secret,
}

impl Kind {
    /// What is expected, in Chinese.
    pub fn expects_zh(self) -> String {
        match self {
            Self::Text => "带引号的文本".to_owned(),
            Self::AreaCode => "带引号的六位数字行政区划代码，例如 \"100000\"".to_owned(),
            Self::Path => "带引号的路径".to_owned(),
            Self::Certificates => "证书列表，每项为证书（DER）的 SM3 十六进制值，或证书文件路径".to_owned(),
            Self::Paths => "路径列表，例如 [\"a.pem\", \"b.pem\"]".to_owned(),
            Self::Socket => "地址和端口，例如 \"127.0.0.1:8080\"".to_owned(),
            Self::HttpUrl => "http:// 或 https:// 开头、末尾不带斜杠的地址".to_owned(),
            Self::HttpUrls => {
                "http:// 或 https:// 地址的列表，例如 [\"http://crl.example.cn/ca.crl\"]".to_owned()
            }
            Self::Database => "\"sqlite:<路径>\" 或 \"postgres://用户@主机/库名\"".to_owned(),
            Self::UrlPath => "以斜杠开头的路径，例如 \"/metrics\"".to_owned(),
            Self::Integer { min, max } => format!("{min} 到 {max} 之间的整数"),
            Self::OneOf(words) => format!("以下之一：{}", words.join("、")),
            Self::SomeOf(words) => format!("以下词语的非空列表，不重复：{}", words.join("、")),
            Self::Networks => "网段列表，例如 [\"10.0.0.0/8\", \"::1\"]".to_owned(),
            Self::LogFilter => "“目标=级别”，以逗号分隔，例如 \"sqlx=warn,yinxin_server=debug\"".to_owned(),
            Self::Secret => {
                "{ file = \"路径\" } 或 { env = \"环境变量名\" }；不可直接写入密钥本身".to_owned()
            }
        }
    }

    /// What is expected, in English.
    pub fn expects_en(self) -> String {
        match self {
            Self::Text => "text in quotes".to_owned(),
            Self::AreaCode => "a six-digit area code in quotes, such as \"100000\"".to_owned(),
            Self::Path => "a path in quotes".to_owned(),
            Self::Certificates => {
                "a list of certificates, each the SM3 of its DER in hexadecimal or the path of its file"
                    .to_owned()
            }
            Self::Paths => "a list of paths, such as [\"a.pem\", \"b.pem\"]".to_owned(),
            Self::Socket => "an address and port, such as \"127.0.0.1:8080\"".to_owned(),
            Self::HttpUrl => {
                "an address that begins with http:// or https:// and ends without a slash".to_owned()
            }
            Self::HttpUrls => {
                "a list of http:// or https:// addresses, such as [\"http://crl.example.cn/ca.crl\"]"
                    .to_owned()
            }
            Self::Database => "\"sqlite:<path>\" or \"postgres://user@host/name\"".to_owned(),
            Self::UrlPath => "a path that begins with a slash, such as \"/metrics\"".to_owned(),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::OneOf(words) => format!("one of: {}", words.join(", ")),
            Self::SomeOf(words) => format!("a list of at least one of, none twice: {}", words.join(", ")),
            Self::Networks => "a list of networks, such as [\"10.0.0.0/8\", \"::1\"]".to_owned(),
            Self::LogFilter => {
                "target=level parts joined by commas, such as \"sqlx=warn,yinxin_server=debug\"".to_owned()
            }
            Self::Secret => "{ file = \"path\" } or { env = \"NAME\" }; never the secret itself".to_owned(),
        }
    }

    /// Whether several values are taken.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Paths | Self::HttpUrls | Self::Certificates | Self::SomeOf(_) | Self::Networks)
    }
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct KeyDoc {
    /// Dotted name.
    pub key: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Meaning, Chinese.
    pub zh: &'static str,
    /// Meaning, English.
    pub en: &'static str,
}

impl KeyDoc {
    /// The key with this dotted name.
    pub fn find(key: &str) -> Option<&'static Self> {
        KEYS.iter().find(|doc| doc.key == key)
    }

    /// Its environment variable.
    pub fn variable(&self) -> String {
        format!("YINXIN_{}", self.key.replace('.', "__").to_ascii_uppercase())
    }
}

const MINUTES: Kind = Kind::Integer { min: 1, max: 10_080 };
const SECONDS: Kind = Kind::Integer { min: 1, max: 3_600 };

const fn key(key: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> KeyDoc {
    KeyDoc { key, kind, zh, en }
}

/// All keys, in the order of the annotated file.
pub const KEYS: &[KeyDoc] = &[
    key(
        "data_dir",
        Kind::Path,
        "数据目录；未设置的路径都在其下",
        "folder of the service's own files; paths not set lie in it",
    ),
    key("listen", Kind::Socket, "接口监听地址", "address of the HTTP API"),
    key("public_url", Kind::HttpUrl, "客户端看到的服务地址", "address under which clients reach the service"),
    key(
        "roles",
        Kind::SomeOf(&["registry", "maker", "signer"]),
        "本进程运行的部分",
        "parts run by this process",
    ),
    key("database.url", Kind::Database, "登记数据库", "database of the registry"),
    key("database.password", Kind::Secret, "PostgreSQL 口令的来源", "where the PostgreSQL password is found"),
    key(
        "database.max_connections",
        Kind::Integer { min: 2, max: 500 },
        "连接池上限",
        "most connections of the pool",
    ),
    key("documents.kind", Kind::OneOf(&["folder", "s3"]), "材料存放方式", "where materials are kept"),
    key("documents.folder", Kind::Path, "材料目录（folder）", "folder of materials, for folder"),
    key("documents.s3.endpoint", Kind::HttpUrl, "S3 兼容服务地址", "address of the S3-compatible service"),
    key("documents.s3.bucket", Kind::Text, "存储桶（s3 必填）", "bucket, required for s3"),
    key("documents.s3.region", Kind::Text, "区域", "region"),
    key("documents.s3.prefix", Kind::Text, "桶内键的前缀", "prefix of all keys in the bucket"),
    key(
        "documents.s3.access_key",
        Kind::Secret,
        "访问密钥标识的来源（s3 必填）",
        "where the access key id is found, required for s3",
    ),
    key(
        "documents.s3.secret_key",
        Kind::Secret,
        "访问密钥的来源（s3 必填）",
        "where the secret access key is found, required for s3",
    ),
    key("area.code", Kind::AreaCode, "根行政区划代码", "code of the root area"),
    key("area.name", Kind::Text, "根行政区划名称", "name of the root area"),
    key("area.profile", Kind::Text, "起始办理规则", "practice profile it starts with"),
    key(
        "security.session_idle_minutes",
        MINUTES,
        "会话空闲超时（分钟）",
        "minutes without a request after which a session ends",
    ),
    key(
        "security.session_absolute_minutes",
        MINUTES,
        "会话最长时间（分钟）",
        "minutes after which a session ends in any case",
    ),
    key(
        "security.lockout_failures",
        Kind::Integer { min: 3, max: 20 },
        "连续失败多少次后锁定账户",
        "failed log-ins in a row that lock an account",
    ),
    key("security.lockout_minutes", MINUTES, "锁定时长（分钟）", "minutes an account stays locked"),
    key(
        "security.password_min_length",
        Kind::Integer { min: 10, max: 64 },
        "口令最少字符数",
        "characters a password must have",
    ),
    key(
        "security.password_min_length_mixed",
        Kind::Integer { min: 8, max: 64 },
        "含大写、小写、数字、其他中三种的口令最少字符数",
        "characters it must have with three of: capital, small letter, digit, other",
    ),
    key(
        "security.password_max_age_days",
        Kind::Integer { min: 1, max: 365 },
        "口令必须更换的天数",
        "days after which a password must be changed",
    ),
    key(
        "security.password_history",
        Kind::Integer { min: 3, max: 24 },
        "不得重复使用的最近口令个数",
        "so many former passwords may not be used again",
    ),
    key(
        "security.password_hash_memory_kib",
        Kind::Integer { min: 19456, max: 1048576 },
        "口令散列 argon2id 的内存（KiB）；登录同时占用至多四份",
        "memory of argon2id for passwords in KiB; log-ins take at most four times that at once",
    ),
    key(
        "security.password_hash_passes",
        Kind::Integer { min: 2, max: 64 },
        "口令散列 argon2id 的遍数",
        "passes of argon2id for passwords",
    ),
    key(
        "security.password_hash_lanes",
        Kind::Integer { min: 1, max: 16 },
        "口令散列 argon2id 的线程数",
        "lanes of argon2id for passwords",
    ),
    key(
        "security.master_key_file",
        Kind::Path,
        "主密钥文件，首次启动时生成",
        "file of the master key, made at the first start",
    ),
    key(
        "security.login_per_minute",
        Kind::Integer { min: 1, max: 10_000 },
        "每个来源地址每分钟登录次数",
        "log-in attempts per minute and address",
    ),
    key(
        "security.requests_per_second",
        Kind::Integer { min: 1, max: 1_000_000 },
        "每个客户端平均每秒请求数",
        "requests per second and client, on average",
    ),
    key(
        "security.request_burst",
        Kind::Integer { min: 1, max: 1_000_000 },
        "客户端停顿后可一次发出的请求数",
        "requests a client may make at once after a pause",
    ),
    key(
        "security.trusted_proxies",
        Kind::Networks,
        "可信反向代理网段",
        "proxies whose forwarding headers are believed",
    ),
    key(
        "security.cookie_secure",
        Kind::OneOf(&["auto", "always", "never"]),
        "会话 Cookie 是否带 Secure",
        "whether session cookies carry Secure",
    ),
    key(
        "limits.json_bytes",
        Kind::Integer { min: 1_024, max: 67_108_864 },
        "JSON 请求体上限（字节）",
        "largest JSON body in bytes",
    ),
    key(
        "limits.material_bytes",
        Kind::Integer { min: 1_024, max: 1_073_741_824 },
        "单个材料上限（字节）",
        "largest material in bytes",
    ),
    key(
        "limits.request_timeout_seconds",
        SECONDS,
        "单个请求最长处理时间（秒）",
        "seconds a request may take",
    ),
    key(
        "limits.stop_grace_seconds",
        SECONDS,
        "停止时等待未完成工作的时间（秒）",
        "seconds a stop waits for running work",
    ),
    key(
        "audit.head_interval_seconds",
        Kind::Integer { min: 1, max: 86_400 },
        "审计链头签名间隔（秒）",
        "seconds between two signed heads of the audit chain",
    ),
    key(
        "workshop.keys_dir",
        Kind::Path,
        "制作系统密钥与制作记录目录",
        "folder of the workshop's keys and record of work",
    ),
    key(
        "workshop.registry_url",
        Kind::HttpUrl,
        "登记系统地址；同一进程时不填",
        "address of the registry; not set when both run in one process",
    ),
    key(
        "workshop.registry_signers",
        Kind::Certificates,
        "认可其准予制作凭证的主管部门证书；单独运行时必填",
        "certificates of the authority whose approvals count; required when it runs apart",
    ),
    key(
        "workshop.maker",
        Kind::Text,
        "制作单位在登记系统中的编号；单独运行时必填",
        "the maker's id in the registry; required when it runs apart",
    ),
    key(
        "workshop.client_id",
        Kind::Text,
        "制作系统在登记系统中的客户端编号",
        "the workshop's id as an API client of the registry",
    ),
    key(
        "workshop.client_key_file",
        Kind::Path,
        "该客户端的 SM2 私钥文件",
        "SM2 private key file of that client",
    ),
    key(
        "workshop.client_secret",
        Kind::Secret,
        "该客户端的共享密钥（HMAC-SM3）来源；设置后不用私钥文件",
        "where the shared secret (HMAC-SM3) of that client is found; the key file is not used then",
    ),
    key("workshop.poll_seconds", SECONDS, "查询待办的间隔（秒）", "seconds between two looks for work"),
    key(
        "imprint.rules",
        Kind::Path,
        "本地区的印模规则（TOML），叠加在国家规则之上；不填则只用国家规则",
        "the area's rules of imprints (TOML), laid over the national ones; not set: the national ones only",
    ),
    key(
        "imprint.font",
        Kind::Path,
        "绘制印模的字体（TTF、OTF、TTC）；不填则用自带的宋体",
        "font of drawn imprints (TTF, OTF, TTC); not set: the Song font that comes with the product",
    ),
    key(
        "imprint.font_index",
        Kind::Integer { min: 0, max: 255 },
        "字体集（TTC）中的第几个，从 0 起",
        "which font of a collection (TTC), from 0",
    ),
    key(
        "ca.kind",
        Kind::OneOf(&["test", "import"]),
        "证书来源：内置测试 CA，或外部签发后导入",
        "source of certificates: the built-in test CA, or issued elsewhere and imported",
    ),
    key(
        "ca.test_validity_days",
        Kind::Integer { min: 1, max: 3_650 },
        "测试 CA 签发的印章证书最长有效天数",
        "days a seal's certificate of the test CA is valid at most",
    ),
    key(
        "ca.trust_anchors",
        Kind::Paths,
        "导入的证书和时间戳证书须能链接到的根和中间证书（import 必填）",
        "roots and intermediates that imported certificates and those of the timestamp service must lead to, required for import",
    ),
    key(
        "ca.revocation_lists",
        Kind::HttpUrls,
        "外部机构发布证书撤销列表的地址，定期取得",
        "where authorities outside publish their revocation lists, fetched at intervals",
    ),
    key(
        "ca.revocation_minutes",
        Kind::Integer { min: 1, max: 10_080 },
        "取得证书撤销列表的间隔（分钟）",
        "minutes between two looks for a new revocation list",
    ),
    key(
        "signer.url",
        Kind::HttpUrl,
        "密钥进程地址；印章密钥在另一进程时由登记系统填写",
        "address of the key process, for a registry whose seals have their keys there",
    ),
    key(
        "signer.issuers",
        Kind::Paths,
        "认可其用印令牌的登记系统证书文件；密钥进程必填",
        "certificates of the registries whose tokens count, required for the key process",
    ),
    key(
        "timestamp.url",
        Kind::HttpUrl,
        "时间戳服务地址；设置后每份用印文件都加盖时间戳，服务不可用时不用印",
        "address of the timestamp service; with it every document gets a timestamp, and none is sealed while the service is away",
    ),
    key(
        "timestamp.timeout_seconds",
        Kind::Integer { min: 1, max: 60 },
        "等待时间戳应答的秒数",
        "seconds to wait for a timestamp",
    ),
    key("log.format", Kind::OneOf(&["json", "text"]), "日志形式", "shape of log lines"),
    key(
        "log.level",
        Kind::OneOf(&["error", "warn", "info", "debug", "trace"]),
        "日志最低级别",
        "least level of log lines",
    ),
    key("log.filter", Kind::LogFilter, "按目标另定的级别", "levels for single targets"),
    key(
        "metrics.listen",
        Kind::Socket,
        "指标单独的监听地址；不填则与接口同址",
        "own address of the metrics; not set: the one of the API",
    ),
    key("metrics.path", Kind::UrlPath, "指标路径", "path of the metrics"),
    key("metrics.allowed_networks", Kind::Networks, "可读取指标的网段", "networks that may read the metrics"),
    key(
        "clock.max_backward_seconds",
        Kind::Integer { min: 0, max: 3_600 },
        "时钟允许落后于最后记录时间的秒数，超过则拒绝变更",
        "seconds the clock may stand behind the last recorded time before changes are refused",
    ),
    key(
        "status.answer_seconds",
        Kind::Integer { min: 10, max: 86_400 },
        "状态应答的有效时间（秒）",
        "seconds a signed status answer may be relied on",
    ),
    key(
        "status.cache_mebibytes",
        Kind::Integer { min: 0, max: 65_536 },
        "已签名状态应答占用的内存（MiB）；每个应答约 3 KiB",
        "memory for signed status answers in MiB; one takes about 3 KiB",
    ),
    key(
        "status.list_hours",
        Kind::Integer { min: 1, max: 720 },
        "状态列表的有效时间（小时）",
        "hours a signed list of status may be relied on",
    ),
    key(
        "status.list_interval_seconds",
        Kind::Integer { min: 1, max: 86_400 },
        "有变动时，两份状态列表之间的最短间隔（秒）",
        "least seconds between two lists of status when something changed",
    ),
    key(
        "verification.anonymous_max_bytes",
        Kind::Integer { min: 1_024, max: 4 << 30 },
        "公众核验文件的大小上限（字节）",
        "most bytes of a document that somebody unknown has verified",
    ),
    key(
        "verification.registered_max_bytes",
        Kind::Integer { min: 1_024, max: 4 << 30 },
        "账号和接口客户端核验文件的大小上限（字节）",
        "most bytes of a document that an account or a client has verified",
    ),
    key(
        "verification.anonymous_per_minute",
        Kind::Integer { min: 1, max: 1_000_000 },
        "公众每个地址每分钟的核验和查询次数",
        "verifications and look-ups of one address a minute, for those who are unknown",
    ),
    key(
        "verification.parallel",
        Kind::Integer { min: 1, max: 64 },
        "同时核验的文件数",
        "documents that are verified at the same time",
    ),
    key(
        "verification.queue",
        Kind::Integer { min: 1, max: 100_000 },
        "此外可同时上传和排队的文件数，超过则答复 503；公众至多占总数的一半",
        "documents that may be brought and wait besides, beyond that 503 is answered; those who are unknown have half of all places",
    ),
    key(
        "verification.spool_mebibytes",
        Kind::Integer { min: 1, max: 1 << 24 },
        "待核验文件占用的磁盘（MiB），在数据目录内，不留文件名",
        "disk for documents on the way, in MiB, inside the data folder, in files without a name",
    ),
    key(
        "verification.upload_seconds",
        Kind::Integer { min: 5, max: 86_400 },
        "上传的最长时间（秒）",
        "seconds an upload may take",
    ),
    key(
        "verification.timeout_seconds",
        Kind::Integer { min: 1, max: 3_600 },
        "排队和核验各自的最长时间（秒）",
        "seconds a document may wait, and seconds its verification may take",
    ),
    key(
        "verification.keep_days",
        Kind::Integer { min: 1, max: 36_500 },
        "核验记录的保存天数",
        "days a record of a verification is kept",
    ),
    key(
        "mail.host",
        Kind::Text,
        "邮件中继主机；不填则不发邮件",
        "host of the mail relay; not set: no mail is sent",
    ),
    key(
        "mail.port",
        Kind::Integer { min: 1, max: 65_535 },
        "邮件中继端口；不填则按 mail.security 取 465、587 或 25",
        "port of the relay; not set: 465, 587 or 25 by mail.security",
    ),
    key(
        "mail.security",
        Kind::OneOf(&["tls", "starttls", "none"]),
        "与中继的加密方式；none 仅用于本机中继",
        "how the relay is spoken to; none is for a relay on this machine",
    ),
    key(
        "mail.from",
        Kind::Text,
        "发件地址（设置 mail.host 时必填）",
        "address mails come from, required with mail.host",
    ),
    key("mail.user", Kind::Text, "中继的用户名", "user of the relay"),
    key("mail.password", Kind::Secret, "中继的口令", "the user's password"),
    key(
        "webhooks.allowed_networks",
        Kind::Networks,
        "事件推送可到达的非公网网段，其中可用 http://；不填则只推送到公网 https 地址",
        "networks webhooks may lead to although they are not public, with http:// there; not set: public https only",
    ),
    key(
        "webhooks.timeout_seconds",
        Kind::Integer { min: 1, max: 30 },
        "等待接收方应答的秒数",
        "seconds a receiver has for its answer",
    ),
];
