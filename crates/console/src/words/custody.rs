//! Texts of the card of a seal: custody, rights, register.

use super::words;

words! {
    custody_title "保管" / "Custody";
    custody_offer "指定保管人" / "Name a custodian";
    custody_offer_help "对方确认接收后生效。" / "In force once accepted.";
    custody_replace "更换保管人" / "Replace the custodian";
    custody_replace_help "现保管人不能亲自交接时使用；新保管人接收之前无人可以用印。" / "Where the present custodian cannot pass it on; nobody can use the seal until the other accepts.";
    custody_hand_over "发起交接" / "Hand over";
    custody_hand_over_help "双方都确认后，印章才换人保管；此前仍由现保管人负责。" / "The seal changes hands once both have confirmed; until then it stays with the present custodian.";
    custody_to "交给" / "To whom";
    custody_nobody "本单位没有其他保管人账号。请联系安全管理员。" / "Nobody else of the unit is a custodian. Ask the security administrator.";
    custody_confirm "确认交出" / "Confirm that you give it";
    custody_under_way "交接中：等待双方确认。" / "A handover is under way: both confirm.";
    custody_given "已交出确认" / "confirmed by the giver";
    custody_taken "已接收确认" / "confirmed by the taker";
    custody_take_back "撤回" / "Take back";
    custody_check "记录定期核查" / "Record a periodic check";
    custody_check_note "核查情况" / "What was found";
    custody_in_order "一切正常" / "Everything is in order";
    custody_check_due "下次核查：" / "Next check:";
    custody_activation "印章激活口令" / "Activation password";
    custody_activation_set "设置后，每次用印都须由保管人输入。" / "Once set, each use needs it, typed by the custodian.";
    custody_activation_ends "有效至" / "good until";
    custody_activation_must "须先修改后才能用印。" / "It must be changed before the next use.";
    custody_activation_locked "输错次数过多，锁定至" / "locked after wrong tries until";
    custody_current "现用口令" / "Present password";
    custody_new "新口令" / "New password";
    custody_decline "谢绝保管" / "Decline";
    grant_give "新增授权" / "Give a right";
    grant_help "授权只是可以申请；每次用印仍须审批。" / "A right to ask; each use is still approved.";
    grant_until "有效期至" / "Until";
    grant_until_help "最长两年。" / "Two years at most.";
    grant_kinds "文件种类（一行一种，留空不限）" / "Kinds of document, one a line; empty: any";
    grant_most "最多份数（留空不限）" / "Documents at most; empty: any number";
    grant_from_hour "每日可用时间从（留空不限）" / "Hours of the day, from";
    grant_until_hour "到" / "to";
    grant_nobody "本单位没有用印人账号。请联系安全管理员。" / "Nobody of the unit is a user of seals. Ask the security administrator.";
    standings_title "业务系统用印授权" / "Rights of programs";
    standing_propose "授权业务系统用印" / "Let a program seal";
    standing_help "业务系统按一个模板批量用印：限定期限、份数和金额，由审批人一次审批，之后不再逐份审批。" / "A program has documents of one template sealed, within a time, a number and a value. People vote once on it, not on each document.";
    standing_nobody "没有可以授权的业务系统。请安全管理员登记接入系统：岗位为业务系统，范围为本单位，并有“办理用印”的接口范围。" / "No program can be named. Ask the security administrator to register one: role business system for this unit, with the scope “write uses”.";
    standing_client "业务系统" / "Program";
    standing_kinds "文件种类（一行一种）" / "Kinds of document, one a line";
    standing_template "文件模板名称" / "Name of the template of its documents";
    standing_template_help "每份文件都注明这个模板，例如：电子发票。" / "Every document names it, such as an invoice form.";
    standing_most "最多份数" / "Documents at most";
    standing_value_each "每份金额上限（元，留空不限）" / "Value of one document at most, in yuan; empty: any";
    standing_value_total "金额合计上限（元，留空不限）" / "Value of all at most, in yuan; empty: any";
    grant_revoke "收回" / "Withdraw";
    grant_reason "收回理由" / "Why it is withdrawn";
    register_all "查看全部登记、筛选和导出" / "The whole register, filters and export";
    register_lead "谁、何时、为何、盖在什么文件的哪一页、谁批准的；被拒绝和失败的也在内。" / "Who, when, why, which pages of which document, who approved; refused and failed tries too.";
    register_from "从" / "From";
    register_until "到（含）" / "To (included)";
    register_result "结果" / "Result";
    register_any_result "全部结果" / "Any result";
    register_kind "文件种类" / "Kind of document";
    register_digest "文件 SM3 摘要" / "SM3 of the document";
    register_strange "只看异常用印" / "Only what is strange";
    register_export "导出（CSV，签名）" / "Export (CSV, signed)";
    register_export_help "下载的压缩包内有登记、签名和签名证书，任何人都可以验证；最多 10000 条。" / "The archive holds the register, its signature and the certificate; anybody can verify it. 10,000 entries at most.";
    register_none "没有符合条件的登记。" / "No entry fits.";
    register_pages "页" / "Pages";
    register_why "事由" / "Why";
    register_who_approved "审批人" / "Approved by";
    register_from_where "来源" / "From where";
    register_strange_mark "异常：" / "Strange:";
    seal_qr "公开状态页" / "Public status page";
    seal_qr_help "扫码即可查询印章现在的状态，任何人都可以查。" / "Anybody who scans it sees the state of the seal now.";
}

impl super::Words {
    /// What has just been done on the card of a seal; nothing for a verb nobody knows.
    pub fn done_custody(self, verb: &str) -> &'static str {
        match verb {
            "custody-offer" | "custody-replace" => {
                self.0.pick("已指定保管人，等待对方接收。", "Named; the other has to accept.")
            }
            "custody-hand-over" => self.0.pick("交接已发起，等待双方确认。", "Begun; both have to confirm."),
            "custody-confirm" => self.0.pick("您已确认交接。", "You have confirmed."),
            "custody-take-back" => self.0.pick("已撤回。", "Taken back."),
            "custody-decline" => self.0.pick("已谢绝保管。", "Declined."),
            "custody-check" => self.0.pick("核查已记录。", "The check is on record."),
            "custody-activation" => self.0.pick("印章激活口令已保存。", "The password of the seal is saved."),
            "grant-give" => self.0.pick("授权已生效。", "The right is given."),
            "standing-propose" => {
                self.0.pick("授权已提交审批，同意后生效。", "Proposed; in force once agreed to.")
            }
            "grant-revoke" => self.0.pick("授权已收回。", "The right is withdrawn."),
            _ => "",
        }
    }

    /// A step of a custody.
    pub fn custody_event(self, event: &str) -> String {
        let zh = match event {
            "offer" => "指定保管人",
            "accept" => "接收保管",
            "decline" => "谢绝保管",
            "replace" => "更换保管人",
            "take_back" => "撤回指定或者交接",
            "begin_handover" => "发起交接",
            "confirm" => "确认交接",
            "complete" => "完成交接",
            "check" => "定期核查",
            "end" => "结束保管",
            other => return self.event(other),
        };
        self.state(event, zh)
    }
}
