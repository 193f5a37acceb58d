//! All metrics.

/// Kind of metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MetricKind {
    /// Only grows while the process runs.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts values in buckets; these are their upper bounds.
    Histogram(&'static [f64]),
}

impl MetricKind {
    /// Its name in Prometheus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram(_) => "histogram",
        }
    }
}

/// One metric.
#[derive(Debug, Clone, Copy)]
pub struct MetricDoc {
    /// Name.
    pub name: &'static str,
    /// Kind.
    pub kind: MetricKind,
    /// Unit of its values: `seconds`, `bytes`, or what is counted.
    pub unit: &'static str,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// Meaning, Chinese.
    pub zh: &'static str,
    /// Meaning, English.
    pub en: &'static str,
}

const SECONDS: MetricKind = MetricKind::Histogram(&[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
]);
const TRIPS: MetricKind =
    MetricKind::Histogram(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 15.0, 20.0, 50.0]);

macro_rules! metrics {
    ($($id:ident $name:literal $kind:expr, $unit:literal, [$($label:literal),*], $zh:literal, $en:literal;)*) => {
        $(pub(super) const $id: &str = $name;)*

        /// All metrics, in the order of the manual.
        pub const METRICS: &[MetricDoc] = &[$(MetricDoc {
            name: $name, kind: $kind, unit: $unit, labels: &[$($label),*], zh: $zh, en: $en,
        }),*];
    };
}

metrics! {
    HTTP_REQUESTS "yinxin_http_requests_total" MetricKind::Counter, "requests", ["method", "route", "status"],
        "已答复的请求数；status 为状态类别（2xx、4xx 等）", "requests answered; status is the class (2xx, 4xx, …)";
    HTTP_DURATION "yinxin_http_request_duration_seconds" SECONDS, "seconds", ["method", "route", "status"],
        "请求处理时间", "time to answer a request";
    HTTP_IN_FLIGHT "yinxin_http_requests_in_flight" MetricKind::Gauge, "requests", [],
        "正在处理的请求数", "requests being answered now";
    DATABASE_CONNECTIONS "yinxin_database_connections" MetricKind::Gauge, "connections", ["database", "state"],
        "数据库连接数；state 为 used、idle 或 max", "connections to the database; state is used, idle or max";
    DATABASE_ROUND_TRIP "yinxin_database_round_trip_duration_seconds" SECONDS, "seconds", ["database"],
        "一次数据库往返的时间", "time of one round trip to the database";
    STEP_ROUND_TRIPS "yinxin_step_database_round_trips" TRIPS, "round trips", ["step"],
        "一个接口步骤的数据库往返次数", "round trips to the database of one step of the API";
    DOCUMENT_OPERATION "yinxin_document_operation_duration_seconds" SECONDS, "seconds", ["operation", "result"],
        "材料存取时间；result 为 ok 或错误码", "time to put or get a document; result is ok or the error's code";
    DOCUMENT_BYTES "yinxin_document_bytes_total" MetricKind::Counter, "bytes", ["direction"],
        "存入（in）和取出（out）的材料字节数", "bytes of documents put in and taken out";
    JOBS_WAITING "yinxin_jobs_waiting" MetricKind::Gauge, "jobs", ["kind"],
        "到期而尚未做完的后台任务数", "background jobs that are due and not done";
    JOB_DURATION "yinxin_job_duration_seconds" SECONDS, "seconds", ["kind", "result"],
        "后台任务执行时间；result 为 done、retry 或 failed", "time of a background job; result is done, retry or failed";
    LIFECYCLE_EVENTS "yinxin_lifecycle_events_total" MetricKind::Counter, "events", ["event"],
        "印章生命周期事件数", "events in the life of seals";
    ORDERS "yinxin_workshop_orders_total" MetricKind::Counter, "orders", ["fate"],
        "制作任务数；fate 为 made、sent_back、waiting 或 refused", "orders of the workshop; fate is made, sent_back, waiting or refused";
    GATE "yinxin_gate_signatures_total" MetricKind::Counter, "signatures", ["outcome"],
        "密钥进程的签名请求数；outcome 为 signed、refused 或 later", "signatures asked of the key process; outcome is signed, refused or later";
    LOGINS "yinxin_logins_total" MetricKind::Counter, "attempts", ["method", "result"],
        "登录尝试数；result 为 ok、refused 或 locked", "log-in attempts; result is ok, refused or locked";
    RATE_LIMITED "yinxin_rate_limited_total" MetricKind::Counter, "requests", ["limit"],
        "因频率限制被拒的请求数", "requests refused by a limit of rate";
    VERIFICATIONS "yinxin_verifications_total" MetricKind::Counter, "verifications", ["verdict", "caller"],
        "完成的核验数；caller 为 anonymous、account 或 client", "verifications finished; caller is anonymous, account or client";
    VERIFICATION_DURATION "yinxin_verification_duration_seconds" SECONDS, "seconds", [],
        "核验一个文件的时间，不含上传和排队", "time to judge one document, without upload and waiting";
    VERIFICATIONS_IN_FLIGHT "yinxin_verifications_in_flight" MetricKind::Gauge, "documents", [],
        "正在上传、排队和核验的文件数", "documents being brought, waiting or judged now";
    VERIFICATIONS_REFUSED "yinxin_verifications_refused_total" MetricKind::Counter, "requests", ["reason"],
        "被拒或未完成的核验数；reason 为 rate（频率）、full（名额）、space（空间）、slow（上传过慢）或 time（超时）",
        "verifications refused or not finished; reason is rate, full (no place), space (disk), slow (upload) or time";
    AUDIT_HEAD_AGE "yinxin_audit_head_age_seconds" MetricKind::Gauge, "seconds", [],
        "距上次签名审计链头的时间", "time since the head of the audit chain was last signed";
    CLOCK_BEHIND "yinxin_clock_behind_seconds" MetricKind::Gauge, "seconds", [],
        "时钟落后于最后记录时间的秒数；0 为正常", "seconds the clock stands behind the last recorded time; 0 is well";
    CERTIFICATE_DAYS "yinxin_certificate_days_left" MetricKind::Gauge, "days", ["whose"],
        "证书剩余天数；whose 为 authority（主管部门签名证书）或 maker（未停业制作单位的证书中最早到期者）；每六小时更新",
        "days until a certificate ends; whose is authority (its signing certificate) or maker (the first to end among those of makers not stopped); updated every six hours";
    LIST_HOURS "yinxin_revocation_list_hours_left" MetricKind::Gauge, "hours", ["list"],
        "外部机构证书撤销列表的剩余小时数", "hours until a revocation list of an authority outside runs out";
    READY "yinxin_ready" MetricKind::Gauge, "0 or 1", ["part"],
        "各部分是否就绪", "whether a part is ready";
    BUILD_INFO "yinxin_build_info" MetricKind::Gauge, "1", ["version"],
        "程序版本", "version of the program";
    PROCESS_START "process_start_time_seconds" MetricKind::Gauge, "seconds", [],
        "进程启动时间（Unix 时间）", "when the process started, Unix time";
    PROCESS_MEMORY "process_resident_memory_bytes" MetricKind::Gauge, "bytes", [],
        "进程占用的物理内存", "resident memory of the process";
    PROCESS_FDS "process_open_fds" MetricKind::Gauge, "descriptors", [],
        "进程打开的文件描述符数", "file descriptors the process has open";
}
