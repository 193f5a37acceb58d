//! What can go wrong between the registry and its database, sorted by what the caller should do.

use crate::Constraint;
use std::time::Duration;

/// Failure of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot answer now; the same request may succeed later. HTTP 503, for [`Outage::DiskFull`] 507.
    #[error("数据库暂不可用 (the database cannot answer now): {outage}")]
    Unavailable {
        /// Why.
        outage: Outage,
        /// What the driver said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// Another row holds a value that may exist once: a second legal-name seal of a unit, a login name taken.
    #[error("与已有记录冲突 (another record holds this value): {constraint}")]
    Conflict {
        /// Which uniqueness.
        constraint: Constraint,
    },
    /// The database refused a row that breaks a rule it guards: a defect or an attack, since the domain refuses it first.
    #[error("数据库规则拒绝 (a rule of the database refused the row): {rule}")]
    Rule {
        /// Name of the check or trigger.
        rule: String,
    },
    /// Somebody saved the row since it was loaded. HTTP 412.
    #[error("记录已被他人修改 (the record has changed since it was read): {table} {id}")]
    Stale {
        /// Table.
        table: &'static str,
        /// Key.
        id: String,
    },
    /// The row's MAC does not fit: somebody changed the row past this program.
    #[error("记录完整性校验失败 (the record was changed from outside): {table} {id}")]
    Integrity {
        /// Table.
        table: &'static str,
        /// Key.
        id: String,
    },
    /// No such row.
    #[error("没有该记录 (no such record): {table} {id}")]
    NotFound {
        /// Table.
        table: &'static str,
        /// Key.
        id: String,
    },
    /// The cursor of a list is none that a list gave. HTTP 400.
    #[error("分页游标无效 (the cursor is none of ours)")]
    BadCursor,
    /// The clock stands before a time the database has already seen. HTTP 503.
    #[error("系统时钟倒退 {behind_ms} 毫秒 (the clock went back by {behind_ms} ms)")]
    ClockBack {
        /// By how many milliseconds.
        behind_ms: i64,
    },
    /// The schema of the database is not the one of this program.
    #[error("数据库结构与程序不符 (the schema does not fit this program): {0}")]
    Migration(#[from] MigrationFault),
    /// The options make no sense.
    #[error("数据库配置有误 (the database is configured wrongly): {0}")]
    Configuration(String),
    /// A defect of this program, or a broken database file.
    #[error("数据库内部错误 (internal error of the store): {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why the database cannot answer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Outage {
    /// The connection broke, or none could be made.
    #[error("连接中断 (connection lost)")]
    ConnectionLost,
    /// No connection came free in time.
    #[error("等待连接超时 (timed out waiting for a connection)")]
    PoolTimeout,
    /// Another writer held the lock for too long, or two transactions stood in each other's way.
    #[error("数据库忙 (the database is busy)")]
    Busy,
    /// A statement took longer than allowed.
    #[error("语句超时 (a statement took too long)")]
    StatementTimeout,
    /// No space left.
    #[error("磁盘空间不足 (disk full)")]
    DiskFull,
    /// The disk or file refused.
    #[error("磁盘读写错误 (reading or writing the disk failed)")]
    Io,
    /// Another node writes under a key that this one has yet to take over.
    #[error("密钥刚刚轮换，本节点尚未读入 (a key was changed and is yet to be read here)")]
    KeyUnknown,
    /// The database takes no writes at present.
    #[error("数据库只读 (the database is read-only)")]
    ReadOnly,
}

/// How the schema differs from what this program knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationFault {
    /// The database was migrated by a newer program.
    #[error(
        "数据库结构 {found} 新于本程序所知 {known} (schema {found} is newer than {known}, the newest this program knows)"
    )]
    Newer {
        /// Version found.
        found: i64,
        /// Newest known.
        known: i64,
    },
    /// Migrations wait to be run.
    #[error("有 {0} 项结构升级尚未执行，请运行 yinxin migrate ({0} migrations to run: yinxin migrate)")]
    Pending(usize),
    /// A migration that ran was another text than ours.
    #[error("结构版本 {0} 的内容与程序不符 (migration {0} was another text when it ran)")]
    Altered(i64),
    /// A migration failed.
    #[error("结构升级失败 (a migration failed): {0}")]
    Failed(String),
    /// A restore into this database was not finished.
    #[error(
        "此数据库的恢复没有完成，不能使用：请清空数据库与数据目录后重新恢复 (a restore into this database was not finished: empty database and data folder and restore again)"
    )]
    Restoring,
}

impl StoreError {
    pub(crate) fn internal(words: impl Into<String>) -> Self {
        Self::Internal(words.into().into())
    }

    fn outage(outage: Outage, source: sqlx::Error) -> Self {
        Self::Unavailable { outage, source: Some(Box::new(source)) }
    }

    /// After how long the same request may be tried again; `None` when trying again cannot help.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = match self {
            Self::Unavailable { outage, .. } => match outage {
                Outage::Busy | Outage::PoolTimeout => 1,
                Outage::ConnectionLost | Outage::StatementTimeout => 2,
                Outage::ReadOnly | Outage::KeyUnknown => 10,
                Outage::DiskFull | Outage::Io => 30,
            },
            Self::ClockBack { .. } => 30,
            _ => return None,
        };
        Some(Duration::from_secs(seconds))
    }

    /// Stable code for logs and problem documents.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { outage: Outage::DiskFull, .. } => "STORAGE_FULL",
            Self::Unavailable { .. } => "DATABASE_UNAVAILABLE",
            Self::Conflict { .. } => "CONFLICT",
            Self::Rule { .. } => "DATABASE_RULE",
            Self::Stale { .. } => "STALE",
            Self::Integrity { .. } => "INTEGRITY",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::BadCursor => "BAD_CURSOR",
            Self::ClockBack { .. } => "CLOCK_WENT_BACK",
            Self::Migration(_) => "SCHEMA",
            Self::Configuration(_) => "DATABASE_CONFIGURATION",
            Self::Internal(_) => "STORE_INTERNAL",
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let seen = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Verdict::Outage(Outage::ConnectionLost),
            sqlx::Error::PoolTimedOut => Verdict::Outage(Outage::PoolTimeout),
            sqlx::Error::Database(fault) => match fault.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
            {
                Some(fault) => postgres(fault),
                None => sqlite(fault.code().as_deref().unwrap_or_default(), fault.message()),
            },
            sqlx::Error::Configuration(fault) => return Self::Configuration(fault.to_string()),
            _ => Verdict::Defect,
        };
        match seen {
            Verdict::Outage(outage) => Self::outage(outage, error),
            Verdict::Conflict(constraint) => Self::Conflict { constraint },
            Verdict::Rule(rule) => Self::Rule { rule },
            Verdict::Defect => Self::Internal(Box::new(error)),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

enum Verdict {
    Outage(Outage),
    Conflict(Constraint),
    Rule(String),
    Defect,
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn postgres(fault: &sqlx::postgres::PgDatabaseError) -> Verdict {
    let name = || fault.constraint().unwrap_or_else(|| fault.message()).to_owned();
    match fault.code() {
        "23505" => Verdict::Conflict(Constraint::from_postgres(fault.constraint().unwrap_or_default())),
        "23001" | "23502" | "23503" | "23514" => Verdict::Rule(name()),
        "40001" | "40P01" | "55P03" => Verdict::Outage(Outage::Busy),
        "57014" => Verdict::Outage(Outage::StatementTimeout),
        "53100" => Verdict::Outage(Outage::DiskFull),
        "53300" => Verdict::Outage(Outage::PoolTimeout),
        "58030" => Verdict::Outage(Outage::Io),
        "25006" => Verdict::Outage(Outage::ReadOnly),
        code if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => {
            Verdict::Outage(Outage::ConnectionLost)
        }
        _ => Verdict::Defect,
    }
}

/// <https://www.sqlite.org/rescode.html>: the low byte is the primary code.
fn sqlite(code: &str, message: &str) -> Verdict {
    let code: i64 = code.parse().unwrap_or(0);
    match (code & 0xFF, code) {
        (5 | 6, _) => Verdict::Outage(Outage::Busy),
        (8, _) => Verdict::Outage(Outage::ReadOnly),
        (10 | 14, _) => Verdict::Outage(Outage::Io),
        (13, _) => Verdict::Outage(Outage::DiskFull),
        (19, 1555 | 2067 | 2579) => {
            let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
            Verdict::Conflict(Constraint::from_sqlite(columns))
        }
        (19, _) => Verdict::Rule(message.rsplit(": ").next().unwrap_or(message).to_owned()),
        _ => Verdict::Defect,
    }
}
