//! Words for codes of the API that tables of the desk share.

use crate::desk::say::{Named, Say};

/// Accounts, clients.
pub const ENABLED: &[Named] = &[("active", Say("正常", "active")), ("disabled", Say("已停用", "disabled"))];
/// Units.
pub const UNIT_STATES: &[Named] =
    &[("active", Say("存续", "exists")), ("dissolved", Say("已注销", "dissolved"))];
/// Makers.
pub const MAKER_STATES: &[Named] =
    &[("active", Say("正常", "at work")), ("stopped", Say("已停止业务", "stopped"))];
/// Blocks.
pub const BLOCK_STATES: &[Named] =
    &[("active", Say("限制中", "blocked")), ("lifted", Say("已移出", "lifted"))];
/// Flows of approval.
pub const FLOW_STATES: &[Named] = &[("live", Say("使用中", "in use")), ("retired", Say("已停用", "retired"))];
/// Webhooks.
pub const HOOK_STATES: &[Named] = &[("active", Say("推送中", "active")), ("ended", Say("已停止", "ended"))];
/// Designations.
pub const DESIGNATION_STATES: &[Named] = &[
    ("made", Say("待备案", "to be filed")),
    ("filed", Say("已备案", "filed")),
    ("ended", Say("已终止", "ended")),
];
/// Deliveries to programs.
pub const DELIVERIES: &[Named] = &[
    ("waiting", Say("待推送", "waiting")),
    ("delivered", Say("已送达", "delivered")),
    ("failed", Say("未送达", "failed")),
];
/// Forms of unit.
pub const FORMS: &[Named] = &[
    ("legal", Say("法人或者其他组织", "legal person or organization")),
    ("internal_body", Say("内设机构", "internal body")),
    ("branch", Say("分支机构", "branch")),
];
/// Kinds of applicant.
pub const APPLICANTS: &[Named] = &[
    ("enterprise", Say("企业", "enterprise")),
    ("government", Say("国家机关", "state organ")),
    ("institution", Say("事业单位", "public institution")),
    ("society", Say("社会组织", "social organization")),
    ("individual_business", Say("个体工商户", "individual business")),
    ("other", Say("其他依法成立的组织", "other organization")),
];
/// Levels an area may be added at.
pub const LEVELS: &[Named] = &[
    ("county", Say("县（区）", "county or district")),
    ("city", Say("市（州）", "city")),
    ("province", Say("省（自治区、直辖市）", "province")),
    ("zone", Say("开发区", "zone")),
];
/// Every level.
pub const ALL_LEVELS: &[Named] = &[
    ("nation", Say("全国", "nation")),
    ("county", Say("县（区）", "county or district")),
    ("city", Say("市（州）", "city")),
    ("province", Say("省（自治区、直辖市）", "province")),
    ("zone", Say("开发区", "zone")),
];
/// Roles of people.
pub const ROLES: &[Named] = &[
    ("unit_agent", Say("单位经办人（单位）", "unit agent (unit)")),
    ("custodian", Say("印章保管人（单位）", "custodian (unit)")),
    ("approver", Say("用印审批人（单位）", "approver (unit)")),
    ("user", Say("用印人（单位）", "user (unit)")),
    ("issuing_reviewer", Say("制发审核员（区划）", "issuing reviewer (area)")),
    ("filing_officer", Say("备案员（区划）", "filing officer (area)")),
    ("supervisor", Say("监督员（区划）", "supervisor (area)")),
    ("maker_operator", Say("制章操作员（制作单位）", "maker operator (maker)")),
    ("system_administrator", Say("系统管理员（全局）", "system administrator (all)")),
    ("security_administrator", Say("安全管理员（全局）", "security administrator (all)")),
    ("audit_administrator", Say("审计管理员（全局）", "audit administrator (all)")),
];
/// Roles of programs.
pub const PROGRAM_ROLES: &[Named] = &[
    ("business_system", Say("业务系统（单位）", "business system (unit)")),
    ("maker_operator", Say("制章操作员（制作单位）", "maker operator (maker)")),
    ("supervisor", Say("监督员（区划）", "supervisor (area)")),
];
/// Parts of the API.
pub const SCOPES: &[Named] = &[
    ("units_read", Say("查看单位", "read units")),
    ("applications_read", Say("查看申请", "read applications")),
    ("applications_write", Say("办理申请", "write applications")),
    ("seals_read", Say("查看印章", "read seals")),
    ("uses_read", Say("查看用印", "read uses")),
    ("uses_write", Say("办理用印", "write uses")),
    ("making", Say("制作", "making")),
    ("exchange", Say("跨系统交换", "exchange")),
];
/// What a ticket or an entry is.
pub const WATCH_KINDS: &[Named] = &[
    ("inspection", Say("检查", "inspection")),
    ("finding", Say("问题", "finding")),
    ("order", Say("责令整改", "order to correct")),
];
/// Tickets.
pub const TICKET_STATES: &[Named] = &[
    ("noted", Say("已记录", "noted")),
    ("open", Say("待整改", "to be corrected")),
    ("answered", Say("待复查", "answered")),
    ("accepted", Say("整改合格", "accepted")),
    ("closed", Say("已结案", "closed")),
];
/// Entries about makers.
pub const ENTRY_STATES: &[Named] =
    &[("noted", Say("已记录", "noted")), ("open", Say("待办结", "open")), ("done", Say("已办结", "settled"))];
/// Other systems.
pub const PEER_STATES: &[Named] = &[
    ("proposed", Say("待确认", "proposed")),
    ("confirmed", Say("已确认", "confirmed")),
    ("suspended", Say("已暂停", "suspended")),
    ("ended", Say("已终止", "ended")),
];
/// Kinds of other systems.
pub const PEER_KINDS: &[Named] = &[
    ("national", Say("国家平台", "national platform")),
    ("province", Say("省级系统", "provincial system")),
    ("city", Say("市级系统", "city system")),
    ("district", Say("区县系统", "district system")),
    ("engraving", Say("印章业治安管理信息系统", "engraving trade system")),
    ("business", Say("业务系统", "business system")),
];
/// Rules of use of units.
pub const RULE_STATES: &[Named] = &[
    ("missing", Say("未报送", "missing")),
    ("outdated", Say("逾期未审阅", "outdated")),
    ("current", Say("有效", "current")),
];
/// Drills.
pub const DRILL_STATES: &[Named] =
    &[("held", Say("已演练", "held")), ("carried_out", Say("已按此处置", "carried out"))];
/// Reasons of measures by the authority.
pub const REASONS: &[Named] = &[
    ("certificate_authority", Say("电子认证服务机构原因", "certification authority")),
    ("unlawful", Say("涉嫌违法", "unlawful acts")),
    ("authority", Say("主管部门决定", "decision of the authority")),
    ("correction", Say("责令整改", "order to correct")),
];
/// Kinds of seal.
pub const SEAL_KINDS: &[Named] = &[
    ("legal_name", Say("法定名称章", "legal-name seal")),
    ("internal_body", Say("内设机构章", "seal of an internal body")),
    ("branch", Say("分支机构章", "seal of a branch")),
    ("business_contract", Say("合同专用章", "contract seal")),
    ("business_finance", Say("财务专用章", "finance seal")),
    ("business_invoice", Say("发票专用章", "invoice seal")),
    ("business_cancellation", Say("核销专用章", "cancellation seal")),
    ("business_customs", Say("报关专用章", "customs declaration seal")),
    ("business_other", Say("其他业务专用章", "other business seal")),
    ("personal_legal_representative", Say("法定代表人名章", "seal of the legal representative")),
    ("personal_person_in_charge", Say("主要负责人名章", "seal of the person in charge")),
    ("personal_finance_officer", Say("财务负责人名章", "seal of the finance officer")),
    ("personal_authorized_representative", Say("授权代表名章", "seal of an authorized representative")),
    ("personal_staff", Say("其他人员名章", "seal of other staff")),
];
/// What a unit is held to account for.
pub const BREACHES: &[Named] = &[
    ("false_materials", Say("提供虚假申请材料", "false documents handed in")),
    ("forged", Say("伪造、变造、冒用、盗用印章", "seal forged, altered or used by others")),
    ("traded", Say("出售、出租、出借印章", "seal sold, lent or let")),
    ("beyond_approval", Say("未经审批或者超出审批范围用印", "used without or beyond approval")),
    ("password_not_kept", Say("未妥善保管印章或者口令", "seal or password not kept safe")),
    ("loss_not_reported", Say("丢失、被盗、泄露未及时报告", "loss, theft or leak not reported in time")),
    ("not_canceled", Say("应当缴销而未缴销", "not canceled though due")),
    ("no_records", Say("用印记录不完整", "register of use incomplete")),
    ("no_rules", Say("未建立印章使用管理制度", "no rules of use")),
    ("data_leaked", Say("泄露采集的信息", "collected information leaked")),
    ("not_cooperating", Say("不配合监督检查", "not cooperating with inspection")),
    ("other", Say("其他", "other")),
];
/// Events programs are told of.
pub const EVENTS: &[Named] = &[
    ("seal.made", Say("印章已制作", "a seal was made")),
    ("seal.filed", Say("印章已备案", "a seal was filed")),
    ("seal.delivered", Say("印章已交付", "a seal was handed over")),
    ("seal.active", Say("印章启用或者恢复使用", "a seal is in force, for the first time or again")),
    ("seal.suspended", Say("印章停用", "a seal was suspended")),
    ("seal.canceled", Say("印章缴销", "a seal was canceled")),
    ("seal.replaced", Say("印章被新印章接替", "a seal was followed by another")),
    ("seal.expired", Say("印章到期", "a seal's time is over")),
    ("seal.void", Say("印章宣告无效", "a seal was declared void")),
    ("seal.abandoned", Say("印章放弃制作", "making a seal was given up")),
    ("seal.ends", Say("印章及其证书即将到期", "a seal and its certificate end soon")),
    ("application.approved", Say("申请获准", "an application was approved")),
    ("application.refused", Say("申请不予批准", "an application was refused")),
    ("application.returned", Say("申请退回补正", "an application was returned for correction")),
    ("application.completed", Say("申请办结", "an application is done")),
    ("application.withdrawn", Say("申请撤回", "an application was taken back")),
    ("application.lapsed", Say("申请失效", "an application ended unused")),
    ("use.approved", Say("用印申请获准", "a request to use a seal was agreed to")),
    ("use.refused", Say("用印申请不予同意", "a request to use a seal was refused")),
    ("use.done", Say("用印完成", "every document of a request is sealed")),
    ("use.partial", Say("用印部分完成", "some documents of a request could not be sealed")),
    ("use.withdrawn", Say("用印申请撤回", "a request to use a seal was taken back")),
    ("use.lapsed", Say("用印申请失效", "a request to use a seal lapsed")),
    ("disposal.proposed", Say("销毁清单待批准", "a list of disposal was proposed")),
    ("disposal.approved", Say("销毁清单获准", "a list of disposal was agreed to")),
    ("disposal.refused", Say("销毁清单不予批准", "a list of disposal was refused")),
    ("disposal.withdrawn", Say("销毁清单撤回", "a list of disposal was taken back")),
    ("disposal.disposing", Say("开始销毁", "documents of a list are being disposed of")),
    ("disposal.done", Say("销毁完成", "every document of a list was disposed of")),
    ("ticket.noted", Say("监督检查已记录", "an inspection of a unit was written down")),
    (
        "ticket.open",
        Say("责令整改或者退回整改", "a unit has to correct something, or to correct it once more"),
    ),
    ("ticket.answered", Say("单位已反馈整改", "a unit answered what it corrected")),
    ("ticket.accepted", Say("整改合格", "what a unit corrected was accepted")),
    ("ticket.closed", Say("监管单结案", "a ticket ended in another way")),
    ("ticket.overdue", Say("整改逾期", "a unit has not answered an order by its day")),
];
/// Why a seal is canceled; a change has a case of its own.
pub const CANCEL_REASONS: &[Named] = &[
    ("damage", Say("印章损坏", "damage")),
    ("end_of_use", Say("停止使用", "end of use")),
    ("rename", Say("单位更名", "unit renamed")),
    ("key_leak", Say("密钥泄露", "key leaked")),
    ("device_damage", Say("密钥载体损坏", "device damaged")),
    ("theft", Say("被盗", "stolen")),
    ("loss", Say("丢失", "lost")),
    ("merger", Say("单位合并", "merger")),
    ("dissolution", Say("单位撤销或者注销", "dissolution")),
    ("remade", Say("已重新制作", "made anew")),
    ("other", Say("其他", "other")),
];
