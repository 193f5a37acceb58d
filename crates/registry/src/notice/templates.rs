//! The words of notices. None names a person: a notice leaves the building by e-mail. `{}` stands for what people know the thing by.

use super::Words;

/// The words of one kind of notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Stable code.
    pub kind: &'static str,
    /// In a few words, Chinese.
    pub title_zh: &'static str,
    /// English.
    pub title_en: &'static str,
    /// In a sentence, Chinese.
    pub text_zh: &'static str,
    /// English.
    pub text_en: &'static str,
}

impl Template {
    /// Title and text about a thing.
    pub fn render(&self, label: &str) -> (Words, Words) {
        let words = |zh: &str, en: &str| Words { zh: zh.replace("{}", label), en: en.replace("{}", label) };
        (words(self.title_zh, self.title_en), words(self.text_zh, self.text_en))
    }
}

/// The words of a kind.
pub fn template(kind: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.kind == kind)
}

macro_rules! templates {
    ($($kind:literal: $title_zh:literal, $title_en:literal, $text_zh:literal, $text_en:literal;)*) => {
        /// Every kind of notice.
        pub const TEMPLATES: &[Template] = &[$(Template {
            kind: $kind, title_zh: $title_zh, title_en: $title_en, text_zh: $text_zh, text_en: $text_en,
        }),*];
    };
}

templates! {
    "application.submitted": "有新的申请待审核", "An application waits for a decision", "申请 {} 已提交，请在期限内审核。", "Application {} was handed in; decide on it by its deadline.";
    "application.sent_back": "申请被制作单位退回", "An application came back from the maker", "申请 {} 被制作单位退回，请重新审核。", "Application {} was sent back by the maker; decide on it anew.";
    "application.review_soon": "申请审核即将到期", "A decision is due soon", "申请 {} 的审核期限将至，请及时审核。", "The decision on application {} is due soon.";
    "application.review_overdue": "申请审核已逾期", "A decision is overdue", "申请 {} 已超过审核期限，请立即处理。", "The decision on application {} is overdue.";
    "application.returned": "申请被退回补正", "An application was returned", "申请 {} 被退回，请在期限内补正。", "Application {} was returned; correct it by its deadline.";
    "application.refused": "申请未获批准", "An application was refused", "申请 {} 未获批准，理由见办理结果。", "Application {} was refused; the reasons stand in the decision.";
    "application.approved": "申请已获批准", "An application was approved", "申请 {} 已获批准，将由制作单位制作。", "Application {} was approved and goes to its maker.";
    "application.completed": "申请已办结", "An application is done", "申请 {} 已办结。", "Application {} is done.";
    "application.ended": "申请已撤回或者失效", "An application was taken back or lapsed", "申请 {} 已撤回或者失效，无需审核。", "Application {} was taken back or lapsed; no decision is needed.";
    "order.ready": "有新的制作任务", "A seal is to be made", "申请 {} 已获批准，请接受制作任务。", "Application {} was approved; take its order up.";
    "seal.certificate_requested": "印章证书待签发", "A certificate is to be issued", "印章 {} 的证书申请已生成，请取得并导入证书。", "The certification request of seal {} is ready; get and import its certificate.";
    "seal.made": "印章待备案", "A seal waits for filing", "印章 {} 已制作，请在期限内备案。", "Seal {} was made; file it by its deadline.";
    "seal.filing_soon": "印章备案即将到期", "Filing is due soon", "印章 {} 的备案期限将至。", "Filing seal {} is due soon.";
    "seal.filing_overdue": "印章备案已逾期", "Filing is overdue", "印章 {} 已超过备案期限，请立即办理。", "Filing seal {} is overdue.";
    "seal.abandoned": "印章已放弃制作", "Making was given up", "印章 {} 已放弃制作。", "Making seal {} was given up.";
    "seal.filed": "印章已备案，请交付", "A seal may be handed over", "印章 {} 已备案，请通知单位领取。", "Seal {} was filed; hand it over to its unit.";
    "seal.claim_soon": "印章领取即将到期", "A seal is to be claimed soon", "印章 {} 的领取期限将至，逾期未领取将失效。", "Seal {} lapses unless it is claimed by its deadline.";
    "seal.delivered": "印章已交付，请签收", "A seal was handed over", "印章 {} 已交付，请核对后签收。", "Seal {} was handed over; check and accept it.";
    "seal.declined": "印章被拒收", "A seal was declined", "印章 {} 被单位拒收，请核查。", "Seal {} was declined by its unit.";
    "seal.lapsed": "印章逾期未领取已失效", "A seal lapsed", "印章 {} 逾期未领取，已失效。", "Seal {} was not claimed in time and lapsed.";
    "seal.suspended": "印章已停用", "A seal was suspended", "印章 {} 已停用，停用期间不得使用。", "Seal {} was suspended; it may not be used.";
    "seal.suspension_ends": "印章停用期限届满", "A suspension is over", "印章 {} 的停用期限已到，请决定恢复或者缴销。", "The suspension of seal {} is over; resume or cancel it.";
    "seal.resumed": "印章已恢复使用", "A seal was resumed", "印章 {} 已恢复使用。", "Seal {} may be used again.";
    "seal.cancel_requested": "有缴销申请待处理", "Cancellation was asked for", "单位申请缴销印章 {}，请处理。", "The unit asks to cancel seal {}.";
    "seal.canceled": "印章已缴销", "A seal was canceled", "印章 {} 已缴销，不得再使用。", "Seal {} was canceled.";
    "seal.expired": "印章已到期", "A seal expired", "印章 {} 已到期，不得再使用。", "Seal {} has expired.";
    "seal.void": "印章被宣告无效", "A seal was declared void", "印章 {} 被宣告无效。", "Seal {} was declared void.";
    "seal.renewal_reminder": "印章及其证书即将到期", "A seal and its certificate end soon", "印章 {} 及其证书即将到期，如需继续使用请及时申请续期。", "Seal {} and its certificate end soon; apply for its renewal in time.";
    "custody.offered": "请确认接管印章", "Custody is offered", "请在期限内确认接管印章 {}。", "Confirm by the deadline that you keep seal {}.";
    "custody.taken": "印章已由保管人接管", "Custody was taken", "印章 {} 的保管人已确认接管。", "The custodian of seal {} has confirmed.";
    "custody.declined": "保管人未接受印章", "Custody was declined", "印章 {} 的接管被拒绝，请另行指定保管人。", "Custody of seal {} was declined; name another custodian.";
    "custody.handover_overdue": "印章移交逾期未确认", "A handover is overdue", "印章 {} 的移交逾期未确认。", "The handover of seal {} was not confirmed in time.";
    "custody.check_due": "印章盘点到期", "A check of custody is due", "印章 {} 的定期盘点已到期。", "The periodic check of seal {} is due.";
    "custody.check_failed": "印章盘点发现问题", "A check of custody found a fault", "印章 {} 的盘点发现问题，请核查。", "A check of seal {} found something not in order.";
    "grant.revoked": "用印授权已收回", "A right to use a seal was taken back", "印章 {} 的一项用印授权已收回。", "A right to use seal {} was taken back.";
    "standing.revoked": "常设授权已收回", "A standing authorization was taken back", "印章 {} 的一项常设授权已收回。", "A standing authorization for seal {} was taken back.";
    "approval.waits": "有用印审批待您处理", "An approval waits for you", "{} 的用印审批等待您处理。", "An approval about {} waits for your vote.";
    "approval.overdue": "用印审批已逾期", "An approval is overdue", "{} 的用印审批已逾期，已转上级处理。", "An approval about {} is overdue and went to the superior.";
    "approval.refused": "用印审批未获同意", "An approval was refused", "{} 的用印审批未获同意。", "An approval about {} was refused.";
    "approval.agreed": "用印审批已同意", "An approval was given", "{} 的用印审批已同意。", "An approval about {} was given.";
    "use.withdrawn": "用印申请已撤回", "A request was taken back", "用印申请 {} 已撤回。", "Request {} was taken back.";
    "use.finished": "用印已完成", "A request is done", "用印申请 {} 已处理完毕，结果见申请。", "Request {} has been worked through; see it for what came of it.";
    "use.lapsed": "用印申请已失效", "A request lapsed", "用印申请 {} 已失效。", "Request {} lapsed.";
    "use.unusual_hour": "非工作时间用印", "A seal was used at an unusual hour", "印章 {} 在非工作时间被使用，请核实。", "Seal {} was used at an unusual hour; look into it.";
    "use.unusual_place": "陌生地点用印", "A seal was used from an unusual place", "印章 {} 在陌生地点被使用，请核实。", "Seal {} was used from an unusual place; look into it.";
    "use.high_volume": "用印数量异常", "A seal was used unusually often", "印章 {} 的用印数量异常，请核实。", "Seal {} was used unusually often; look into it.";
    "use.refused_tries": "用印屡被拒绝", "Tries to use a seal were refused", "印章 {} 屡次出现被拒绝的用印尝试，请核实。", "Several tries to use seal {} were refused; look into it.";
    "retention.due": "有文件保管期限已满", "Documents are due for disposal", "单位 {} 有用印文件保管期限已满，请鉴定后提出销毁清单，或者予以留存。", "Documents of unit {} are kept long enough: propose a list of disposal, or hold them.";
    "disposal.proposed": "有销毁清单待批准", "A list of disposal waits for you", "销毁清单 {} 等待批准，批准后文件内容不可恢复。", "List of disposal {} waits for a decision; what it names cannot be brought back.";
    "disposal.approved": "销毁清单已获批准", "A list of disposal was agreed to", "销毁清单 {} 已获批准，即将销毁。", "List of disposal {} was agreed to and is about to be carried out.";
    "disposal.refused": "销毁清单未获批准", "A list of disposal was refused", "销毁清单 {} 未获批准，理由见清单。", "List of disposal {} was refused; the reason stands with it.";
    "disposal.withdrawn": "销毁清单已撤回", "A list of disposal was taken back", "销毁清单 {} 已撤回。", "List of disposal {} was taken back.";
    "disposal.done": "销毁已完成", "A list of disposal is done", "销毁清单 {} 已执行完毕，销毁证明见清单。", "List of disposal {} has been carried out; its certificate stands with it.";
    "unit.dissolved": "单位已注销", "A unit was dissolved", "单位 {} 已注销，其印章须缴销。", "Unit {} was dissolved; its seals have to be canceled.";
    "maker.stopped": "制作单位已暂停制作", "A maker was stopped", "制作单位 {} 已被暂停制作。", "Maker {} was stopped.";
    "maker.resumed": "制作单位已恢复制作", "A maker was resumed", "制作单位 {} 已恢复制作。", "Maker {} was resumed.";
    "supervision.written": "有新的监管记录", "There is a new entry of supervision", "有关于贵单位的监管记录 {}，请查看。", "There is an entry of supervision about your maker: {}.";
    "supervision.settled": "监管记录已办结", "An entry of supervision was settled", "监管记录 {} 已办结。", "The entry of supervision {} was settled.";
    "ticket.opened": "有新的监管单", "There is a ticket of supervision", "有关于贵单位的监管单 {}，请查看并按要求办理。", "There is a ticket of supervision about your unit: {}.";
    "ticket.answered": "单位已反馈整改", "A ticket was answered", "监管单 {} 已由单位反馈，请复查。", "The unit has answered ticket {}; look into it.";
    "ticket.sent_back": "整改反馈被退回", "An answer was sent back", "监管单 {} 的反馈被退回，请在期限内继续整改。", "The answer to ticket {} was sent back; correct what is missing by its day.";
    "ticket.extended": "整改期限已延长", "There is more time", "监管单 {} 的整改期限已延长。", "Ticket {} has another day.";
    "ticket.accepted": "整改合格", "A correction was accepted", "监管单 {} 已复查合格，因此停用的印章将自动恢复。", "What ticket {} asked for was accepted; seals it suspended are resumed.";
    "ticket.closed": "监管单已结案", "A ticket was closed", "监管单 {} 已结案。", "Ticket {} was closed.";
    "ticket.soon": "整改即将到期", "A correction is due soon", "监管单 {} 的整改期限将至，请及时反馈。", "The day of ticket {} is near; answer it.";
    "ticket.overdue": "整改已逾期", "A correction is overdue", "监管单 {} 已超过整改期限，印章可能被停用。", "Ticket {} is overdue; seals may be suspended.";
    "peer.proposed": "有对接系统待确认", "A system waits to be confirmed", "对接系统 {} 已提出，待安全管理员核对证书后确认。", "System {} was proposed; a security administrator has to compare its certificates and confirm it.";
    "peer.confirmed": "对接系统已确认", "A system was confirmed", "对接系统 {} 已确认，可以导入其信任列表。", "System {} was confirmed; its trust list may be taken up.";
    "peer.suspended": "对接系统已暂停", "A system was suspended", "对接系统 {} 已暂停，其印章不再按其信任列表认可。", "System {} was suspended; its seals are no longer judged by its trust list.";
    "peer.resumed": "对接系统已恢复", "A system was resumed", "对接系统 {} 已恢复。", "System {} was resumed.";
    "peer.ended": "对接系统已终止", "A system was ended", "对接系统 {} 已终止。", "System {} is not recognized any more.";
    "peer.list_ends": "对接系统的信任列表即将到期", "A system's trust list runs out soon", "对接系统 {} 的信任列表即将到期，到期后其印章不再认可，请取得并导入新的列表。", "The trust list of system {} runs out soon, and its seals count no more then; fetch the newer list and take it up.";
    "peer.differs": "与对接系统对账不一致", "Two systems have not the same", "与对接系统 {} 的对账未完成或者不一致，请查看对账记录。", "A comparison with system {} failed or found differences; look at the list of comparisons.";
    "peer.waits": "对接系统长时间未回执", "A system gives no receipts", "发往对接系统 {} 的消息已等待超过 4 小时，请联系对方。", "Messages to system {} have waited for more than four hours; ask the other side.";
    "peer.failed": "对接系统消息未送达", "A system refused messages", "发往对接系统 {} 的部分消息已放弃，请在发件箱中核对后重发。", "Some messages to system {} were given up; look at the outbox and send them again.";
    "webhook.failed": "事件推送失败", "Events could not be sent", "事件推送 {} 持续失败，部分事件已放弃，请检查接收方。", "Webhook {} keeps failing and events were given up; look at its receiver.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_stands_once_and_names_its_thing() {
        let kinds: BTreeSet<_> = TEMPLATES.iter().map(|template| template.kind).collect();
        assert_eq!(kinds.len(), TEMPLATES.len());
        for one in TEMPLATES {
            assert!(one.text_zh.contains("{}") && one.text_en.contains("{}"), "{}", one.kind);
            let (title, text) = one.render("91330000100000");
            assert!(text.zh.contains("91330000100000") && !text.en.contains("{}"));
            assert!(title.zh.chars().count() <= 20, "{}", title.zh);
        }
    }
}
