//! What can be wrong with a chain, row by row.

use serde::Serialize;

/// Part of a row that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What the row says.
    Content,
    /// The hash kept beside it; the content is as it was written.
    Hash,
    /// The hash of the row before; the content is as it was written.
    Link,
}

/// One fault. Rows are named by the number they are stored under, places of missing rows by the number they had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// A row is not as it was written.
    #[error("第 {seq} 行被更改 / row {seq} was changed ({part:?})")]
    Changed {
        /// The row.
        seq: u64,
        /// What of it.
        part: Part,
    },
    /// The columns beside the content say something else than the content.
    #[error("第 {seq} 行的查询列与内容不一致：{} / columns of row {seq} differ from its content: {}", columns.join("、"), columns.join(", "))]
    ColumnsDiffer {
        /// The row.
        seq: u64,
        /// Names of the columns.
        columns: Vec<&'static str>,
    },
    /// Rows whose place in the chain is right and whose MAC is not: the MAC was changed, or the wrong key is used.
    #[error("第 {from} 至 {to} 行的校验码不符 / MAC wrong on rows {from} to {to}")]
    MacWrong {
        /// First row.
        from: u64,
        /// Last row.
        to: u64,
    },
    /// Rows are missing.
    #[error("第 {from} 至 {to} 行被删除 / rows {from} to {to} were deleted")]
    Deleted {
        /// First missing number.
        from: u64,
        /// Last missing number.
        to: u64,
    },
    /// A row that was never written by the registry, or a copy of another.
    #[error("第 {seq} 行是插入的 / row {seq} was inserted")]
    Inserted {
        /// The row.
        seq: u64,
        /// The row it copies.
        #[serde(skip_serializing_if = "Option::is_none")]
        copy_of: Option<u64>,
    },
    /// A row stands at another's place.
    #[error("第 {at} 行原为第 {belongs_at} 行，顺序被更改 / row {at} belongs at {belongs_at}: reordered")]
    Reordered {
        /// Where it stands.
        at: u64,
        /// Where it was written.
        belongs_at: u64,
    },
    /// Rows in their order under other numbers, as after an insertion or deletion that closed up.
    #[error(
        "第 {from} 至 {to} 行被改号，原从第 {belongs_from} 行起 / rows {from} to {to} were renumbered; they were written from {belongs_from} on"
    )]
    Renumbered {
        /// First row.
        from: u64,
        /// Last row.
        to: u64,
        /// Number the first had.
        belongs_from: u64,
    },
    /// A row written by the registry that follows another row than the one before it: two histories were joined, as
    /// after an old backup was put back.
    #[error(
        "第 {seq} 行不承接前一行，可能混入了另一份历史 / row {seq} does not follow the row before it: two histories were joined"
    )]
    LinkBroken {
        /// The row.
        seq: u64,
    },
    /// The end of the chain is missing: the head or a signed head names rows that are not there.
    #[error("链尾被截断：缺第 {from} 至 {to} 行 / the tail was cut: rows {from} to {to} are missing")]
    TailCut {
        /// First missing number.
        from: u64,
        /// Last missing number.
        to: u64,
    },
    /// There are rows behind the head the store keeps.
    #[error("链头停在第 {head} 行，其后还有至第 {last} 行 / the head says {head}, rows go on to {last}")]
    HeadBehind {
        /// What the head says.
        head: u64,
        /// Last row.
        last: u64,
    },
    /// The head the store keeps has another hash than its row.
    #[error("链头的杂凑值与第 {seq} 行不符 / the head's hash is not that of row {seq}")]
    HeadDiffers {
        /// The row.
        seq: u64,
    },
    /// The chain fits itself and not a signed head: somebody with the MAC key wrote the history anew.
    #[error(
        "第 {from} 至 {to} 行的历史被重写，与第 {to} 行的签名链头不符 / rows {from} to {to} were written anew: the head signed at {to} differs"
    )]
    Rewritten {
        /// First row behind the last signed head that fits.
        from: u64,
        /// The row of the signed head that does not.
        to: u64,
    },
    /// The signature of a signed head does not hold; the head was not used.
    #[error(
        "第 {seq} 行的链头签名无效（密钥 {key_id}） / the signature of the head at {seq} does not hold (key {key_id})"
    )]
    HeadSignature {
        /// The row it claims.
        seq: u64,
        /// The key it names.
        key_id: String,
    },
}

impl Fault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "AUDIT_ROW_CHANGED",
            Self::ColumnsDiffer { .. } => "AUDIT_COLUMNS_DIFFER",
            Self::MacWrong { .. } => "AUDIT_MAC_WRONG",
            Self::Deleted { .. } => "AUDIT_ROWS_DELETED",
            Self::Inserted { .. } => "AUDIT_ROW_INSERTED",
            Self::Reordered { .. } => "AUDIT_ROW_REORDERED",
            Self::Renumbered { .. } => "AUDIT_ROWS_RENUMBERED",
            Self::LinkBroken { .. } => "AUDIT_LINK_BROKEN",
            Self::TailCut { .. } => "AUDIT_TAIL_CUT",
            Self::HeadBehind { .. } => "AUDIT_HEAD_BEHIND",
            Self::HeadDiffers { .. } => "AUDIT_HEAD_DIFFERS",
            Self::Rewritten { .. } => "AUDIT_HISTORY_REWRITTEN",
            Self::HeadSignature { .. } => "AUDIT_HEAD_SIGNATURE",
        }
    }

    /// The row the fault begins at.
    pub fn at(&self) -> u64 {
        match self {
            Self::Changed { seq, .. }
            | Self::ColumnsDiffer { seq, .. }
            | Self::Inserted { seq, .. }
            | Self::LinkBroken { seq }
            | Self::HeadDiffers { seq }
            | Self::HeadSignature { seq, .. } => *seq,
            Self::MacWrong { from, .. }
            | Self::Deleted { from, .. }
            | Self::Renumbered { from, .. }
            | Self::TailCut { from, .. }
            | Self::Rewritten { from, .. } => *from,
            Self::Reordered { at, .. } => *at,
            Self::HeadBehind { last, .. } => *last,
        }
    }
}
