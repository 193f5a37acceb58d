//! Words for codes of the API that come without words, or in Chinese only.

use super::Words;
use crate::frame::Lang;

impl Words {
    /// A state: in Chinese as the API says it.
    pub fn state(self, code: &str, zh: &str) -> String {
        match self.0 {
            Lang::Zh => zh.to_owned(),
            Lang::En => code.replace('_', " "),
        }
    }

    /// A kind of seal.
    pub fn kind(self, code: &str, zh: &str) -> String {
        self.state(code, zh)
    }

    /// A reason of suspension.
    pub fn reason(self, code: &str, zh: &str) -> String {
        self.state(code, zh)
    }

    /// A role.
    pub fn role(self, code: &str, zh: &str) -> String {
        self.state(code, zh)
    }

    /// A second factor.
    pub fn factor(self, factor: &str) -> &'static str {
        match factor {
            "enrolled" => self.0.pick("已启用", "enrolled"),
            "required" => self.0.pick("须启用", "required"),
            _ => self.0.pick("未启用", "none"),
        }
    }

    /// Result of a use.
    pub fn result_of(self, result: &str) -> String {
        let zh = match result {
            "sealed" | "signed" => "已用印",
            "refused" => "已拒绝",
            "failed" => "失败",
            "withdrawn" => "已撤回",
            "lapsed" => "已失效",
            "denied" => "已拒绝",
            "broken_off" => "已中断",
            other => other,
        };
        self.state(result, zh)
    }

    /// A step of a history.
    pub fn event(self, event: &str) -> String {
        let zh = match event {
            "open" => "新建",
            "edit" => "修改内容",
            "submit" => "提交",
            "return" => "退回补正",
            "refuse" => "不予批准",
            "approve" => "批准",
            "withdraw" => "撤回",
            "reopen" => "重新填写",
            "take" => "领取制作任务",
            "send_back" => "退回重审",
            "complete" => "办结",
            "lapse" => "失效",
            "begin" => "开始制作",
            "made" => "制成",
            "file" => "备案",
            "deliver" => "交付",
            "accept" => "签收",
            "decline" => "拒收",
            "suspend" => "暂停使用",
            "resume" => "恢复使用",
            "release" | "relieve" => "解除停用原因",
            "cancel" => "缴销",
            "replace" => "更换",
            "expire" => "到期",
            "void" => "宣告无效",
            "abandon" => "终止制作",
            "request_certificate" => "提交证书申请",
            "import_certificate" => "导入证书",
            "vote" => "审批",
            "delegate" => "委托审批",
            "sign" | "seal" => "用印",
            "done" | "finish" => "完成用印",
            other => other,
        };
        self.state(event, zh)
    }

    /// A step of a request to use a seal.
    pub fn use_event(self, event: &str) -> String {
        let zh = match event {
            "approve" => "审批通过",
            "refuse" => "不同意",
            "begin" => "开始用印",
            "finish" | "done" | "complete" => "用印完成",
            other => return self.event(other),
        };
        self.state(event, zh)
    }

    /// What has just been done; nothing for a verb nobody knows.
    pub fn done(self, verb: &str) -> &'static str {
        match verb {
            "saved" => {
                self.0.pick("已保存为草稿，请继续上传材料。", "Saved as a draft; please add the documents.")
            }
            "rules" => self.0.pick("制度已报送。", "The rules are handed in."),
            "request-cancel" => self.0.pick(
                "缴销申请已送达主管部门，决定前印章状态不变。",
                "The department has your request; the seal stays as it is until it decides.",
            ),
            "uploaded" => self.0.pick("材料已上传。", "The document was uploaded."),
            "submit" => self
                .0
                .pick("申请已提交，审核结果会以通知告知。", "Handed in. You will be told of the decision."),
            "approve" => self.0.pick("已批准，准予制作凭证已签发。", "Approved; the certificate is signed."),
            "return" => {
                self.0.pick("已退回补正，理由已告知申请人。", "Returned; the applicant is told the reasons.")
            }
            "refuse" => self.0.pick(
                "已作出不予批准的决定，理由已告知申请人。",
                "Refused; the applicant is told the reasons.",
            ),
            "withdraw" => self.0.pick("已撤回。", "Withdrawn."),
            "reopen" => self.0.pick("已转为草稿，可以修改。", "A draft again; it can be changed."),
            "accept" => self.0.pick("已签收，印章生效。", "Accepted; the seal is in force."),
            "take-over" => self.0.pick("已接收保管。", "The seal is in your hands."),
            "report-loss" => self.0.pick(
                "挂失已生效，印章不能再使用。",
                "The loss is on record; the seal cannot be used any more.",
            ),
            "suspend" => self.0.pick("印章已暂停使用。", "The seal is suspended."),
            "agree" => self.0.pick("已同意用印。", "You agreed."),
            "disagree" => self.0.pick("已表示不同意，申请终止。", "You refused; the request ends."),
            "sign" => self.0.pick(
                "正在用印，完成后状态会更新。",
                "Sealing is under way; the state changes when it is done.",
            ),
            "password" => self.0.pick(
                "口令已修改，其他设备上的登录已结束。",
                "Your password is changed; your other sessions ended.",
            ),
            "totp" => self.0.pick(
                "动态口令已启用，下次登录时需要填写。",
                "One-time codes are enrolled; you need one at the next login.",
            ),
            "bound" => self
                .0
                .pick("证书已绑定，下次可以用它登录。", "The certificate is bound; you can log in with it."),
            "unbound" => self.0.pick("证书已解除。", "The certificate is taken off."),
            "forgotten" => self.0.pick("文件和核验页面已删除。", "The document and its page are deleted."),
            "out" => self.0.pick("已退出登录。", "You are logged out."),
            other => self.done_sealing(other),
        }
    }
}

/// Color of a state: `good`, `wait`, `bad` or `off`.
pub fn tone(state: &str) -> &'static str {
    match state {
        "active" | "valid" | "approved" | "completed" | "done" | "signed" | "kept" | "accepted" | "ok"
        | "live" | "confirmed" | "current" => "good",
        "submitted" | "pending" | "proposed" | "signing" | "making" | "made" | "filed" | "delivered"
        | "offered" | "handing_over" | "waiting" | "partial" | "indeterminate" | "unsigned" => "wait",
        "denied" | "missing" | "outdated" | "returned" | "refused" | "suspended" | "void" | "invalid"
        | "failed" | "open" => "bad",
        _ => "off",
    }
}
