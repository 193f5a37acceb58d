//! Texts of the audit pages.

use super::{Words, words};

words! {
    audit_record "审计记录" / "Record";
    audit_seq "序号" / "Number";
    audit_details "详细内容（已脱敏）" / "Details (masked)";
    audit_before "上一条" / "The one before";
    audit_after "下一条" / "The one after";
    audit_same_subject "同一对象的全部记录" / "Everything about the same thing";
    audit_empty "没有符合条件的记录。可以放宽时间，或者清除筛选条件。" / "No record fits. Widen the time or clear the filters.";
    clear_filters "清除筛选" / "Clear the filters";
    copy_csv "导出本次查询（CSV）" / "Copy of this search (CSV)";
    chain_title "审计链验证" / "The chain, verified";
    chain_begin "验证审计链" / "Verify the chain";
    chain_sound "审计链完好" / "The chain is sound";
    chain_sound_more "每一条记录都与前一条相连，签名链首全部相符：没有记录被改动、删除、插入或者移动。" / "Every row is chained to the one before and every signed head fits: nothing was changed, deleted, inserted or moved.";
    chain_broken "审计链不完好" / "The chain is not sound";
    chain_broken_more "下列记录与链不符。请立即保全数据库和备份，并报告主管部门。" / "The rows below do not fit. Secure database and backups at once and report it.";
    chain_faults "不符之处" / "What does not fit";
    chain_heads "已签名的链首" / "Signed heads";
    chain_heads_help "链首定期由主管部门的密钥签名：此前的记录即使有人掌握数据库也无法悄悄改动。" / "Heads are signed at times by the authority's key: what stands before cannot be changed quietly, even by who holds the database.";
    chain_heads_empty "还没有签名的链首。" / "No head is signed yet.";
    chain_hash "摘要" / "Hash";
    chain_key "密钥" / "Key";
    case_export "导出案卷" / "Export";
    case_check "得到 case.json：可用命令 yinxin audit case 离线核对，不依赖本系统。" / "You get case.json; the command yinxin audit case checks it without this system.";
}

impl Words {
    /// Behind the question mark of the log.
    pub fn audit_help(self) -> [&'static str; 3] {
        [
            self.0.pick(
                "每项操作都记录：谁、以什么岗位、从哪里、对什么、结果如何；被拒绝的操作也在内。查看日志本身也会留下记录。",
                "Everything is recorded: who, in which role, from where, to what, with what outcome; refusals, too. Reading the log is recorded as well.",
            ),
            self.0.pick(
                "标识可以从各页面复制：印章 seal_、申请 app_、单位 unit_、账号 acct_。操作代码例如 application.approve、session.login。",
                "Identifiers stand on the pages: seal_, app_, unit_, acct_. Codes of actions are such as application.approve.",
            ),
            self.0.pick(
                "验证审计链会从第一条起逐条重算。记录很多时需要一些时间。",
                "Verifying the chain recomputes it from the first row on; with many rows that takes a while.",
            ),
        ]
    }
}
