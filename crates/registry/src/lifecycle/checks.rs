//! Automatic checks (自动核验) of an application before a reviewer sees it.

use super::application::{Application, Basis, Publicity};
use super::seal::SealState;
use crate::ids::SealId;
use crate::profile::{Material, SealKind};
use crate::unit::{Unit, UnitForm};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Stable code.
    pub code: String,
    /// Whether it holds.
    pub passed: bool,
    /// Whether the application cannot be handed in while it does not hold; others are left to the reviewer.
    pub blocking: bool,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What the checks need to know of a seal of the unit.
#[derive(Debug, Clone)]
pub struct OtherSeal {
    /// Key.
    pub id: SealId,
    /// Kind is the legal name's.
    pub legal_name: bool,
    /// Where it stands.
    pub state: SealState,
    /// Its end.
    pub valid_until: Option<Timestamp>,
    /// Belongs to the applicant.
    pub of_unit: bool,
}

/// Facts for the checks.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The unit as it is now.
    pub unit: &'a Unit,
    /// Whether the profile knows a procedure for this applicant and this kind of seal.
    pub procedure: bool,
    /// Required materials that are missing.
    pub missing_materials: Vec<&'a Material>,
    /// Whether the profile allows an imprint of this shape and size.
    pub imprint_allowed: bool,
    /// Whether the physical seal must exist first.
    pub physical_first: bool,
    /// Whether the profile allows seals for internal business.
    pub internal_allowed: bool,
    /// Longest validity, years.
    pub max_years: u32,
    /// Renewal may begin so early, for the seal that is followed.
    pub renewal_from: Option<Timestamp>,
    /// The legal-name seal of the unit that is in force or on its way.
    pub legal_name_seal: Option<OtherSeal>,
    /// The seal that is followed.
    pub previous: Option<OtherSeal>,
    /// Whether the agent is barred from applying.
    pub agent_blocked: bool,
    /// Whether the application names the legal representative of the record by the same identity number.
    pub same_representative: bool,
    /// Now.
    pub now: Timestamp,
}

/// Runs all checks, in a fixed order.
pub fn run(application: &Application, facts: &Facts<'_>) -> Vec<Check> {
    let content = application.content();
    let mut list = List(Vec::new());
    list.blocking("UNIT_EXISTS", facts.unit.dissolved_at.is_none(), "单位未注销", "the unit exists");
    list.blocking(
        "UNIT_NAME_CURRENT",
        application.unit_name() == facts.unit.name,
        "申请所载单位名称与登记一致",
        "the unit's name agrees with its record",
    );
    list.blocking(
        "AGENT_ALLOWED",
        !facts.agent_blocked,
        "经办人未被限制申请",
        "the agent is not barred from applying",
    );
    list.blocking(
        "PROCEDURE",
        facts.procedure,
        "本地区受理该类印章申请",
        "this area accepts this kind of application",
    );
    list.blocking(
        "MATERIALS",
        facts.missing_materials.is_empty(),
        &joined(
            "申请材料齐全",
            "缺少材料：",
            "、",
            facts.missing_materials.iter().map(|m| m.name.zh.clone()),
        ),
        &joined(
            "all materials are there",
            "missing materials: ",
            ", ",
            facts.missing_materials.iter().map(|m| format!("{} ({})", m.name.en, m.code)),
        ),
    );
    list.blocking(
        "PHYSICAL_SEAL",
        !facts.physical_first || content.physical.is_some(),
        "实物印章已刻制并登记",
        "the physical seal was engraved first and is on record",
    );
    list.blocking(
        "PHYSICAL_REGISTRATION",
        content.physical.as_ref().is_none_or(|p| {
            (3..=19).contains(&p.registration.len()) && p.registration.bytes().all(|b| b.is_ascii_digit())
        }),
        "实物印章登记编号为 3 至 19 位数字",
        "the registration number of the physical seal has 3 to 19 digits",
    );
    list.blocking(
        "IMPRINT_SIZE_ALLOWED",
        facts.imprint_allowed,
        "印模的形状和尺寸符合本地区规定",
        "the imprint's shape and size are those allowed here",
    );
    list.blocking(
        "INTERNAL_ALLOWED",
        content.publicity == Publicity::Public || facts.internal_allowed,
        "本地区允许自行管理内部印章",
        "this area allows seals for internal business",
    );
    list.blocking(
        "VALIDITY",
        content.years <= facts.max_years,
        "有效期不超过规定年限",
        "the validity keeps within the limit",
    );
    list.blocking(
        "SEAL_ADMINISTRATOR",
        content.seal_administrator.is_some(),
        "已指定印章管理员",
        "a seal administrator is named",
    );
    list.blocking(
        "TECHNICAL_MEASURES",
        content.technical_measures.trim().chars().count() >= 4,
        "已说明技术保障措施",
        "technical support measures are described",
    );
    list.legal_name(content.kind, &content.seal_name, facts.unit);
    let unique = match (&facts.legal_name_seal, application.basis()) {
        (Some(_), Basis::New) => !content.kind.is_unique_per_unit(),
        (Some(other), basis) => !content.kind.is_unique_per_unit() || basis.previous() == Some(&other.id),
        (None, _) => true,
    };
    list.blocking(
        "LEGAL_NAME_UNIQUE",
        unique,
        "单位没有其他法定名称章",
        "the unit has no other legal-name seal",
    );
    previous(application, facts, &mut list);
    let same = content.legal_representative.name == facts.unit.legal_representative.name
        && facts.same_representative;
    list.advisory(
        "LEGAL_REPRESENTATIVE",
        same,
        "法定代表人与登记一致",
        "the legal representative agrees with the record",
    );
    list.seal_name(content.kind, &content.seal_name, facts.unit);
    list.0
}

/// What is to be said of a seal's name alone, before there is an application.
pub fn name_checks(kind: SealKind, seal_name: &str, unit: &Unit) -> Vec<Check> {
    let mut list = List(Vec::new());
    list.legal_name(kind, seal_name, unit);
    list.seal_name(kind, seal_name, unit);
    list.0
}

fn previous(application: &Application, facts: &Facts<'_>, list: &mut List) {
    let Some(_) = application.basis().previous() else { return };
    let found = facts.previous.as_ref().filter(|p| p.of_unit);
    list.blocking(
        "PREVIOUS_SEAL",
        found.is_some(),
        "原印章属于该单位",
        "the seal that is followed belongs to the unit",
    );
    let Some(old) = found else { return };
    match application.basis() {
        Basis::Renewal { .. } => {
            let right = matches!(old.state, SealState::Active | SealState::Expired);
            list.blocking(
                "RENEWAL_STATE",
                right,
                "原印章有效或者刚到期",
                "the seal to be renewed is in force or has just ended",
            );
            let open = facts.renewal_from.is_none_or(|from| from <= facts.now);
            list.blocking("RENEWAL_WINDOW", open, "已到可续期的时间", "the window for renewal is open");
        }
        Basis::Remake { .. } => {
            let right = matches!(old.state, SealState::Suspended | SealState::Canceled | SealState::Expired);
            list.blocking(
                "REMAKE_STATE",
                right,
                "原印章已挂失、暂停或者缴销",
                "the seal to be made anew is suspended or ended",
            );
        }
        Basis::Change { .. } => {
            // Once the approval has canceled it, a reopened application of the same case goes on.
            let right = matches!(old.state, SealState::Active | SealState::Suspended | SealState::Canceled);
            list.blocking("CHANGE_STATE", right, "原印章可以变更", "the seal to be changed is in force");
        }
        Basis::New => {}
    }
}

fn joined(good: &str, bad: &str, comma: &str, missing: impl Iterator<Item = String>) -> String {
    let missing: Vec<String> = missing.collect();
    if missing.is_empty() { good.to_owned() } else { format!("{bad}{}", missing.join(comma)) }
}

struct List(Vec<Check>);

impl List {
    fn legal_name(&mut self, kind: SealKind, seal_name: &str, unit: &Unit) {
        let (zh, en) =
            ("法定名称章的名称与单位法定名称一致", "a legal-name seal carries the unit's legal name");
        let fits = !kind.is_unique_per_unit() || (seal_name == unit.name && unit.form == UnitForm::Legal);
        self.blocking("LEGAL_NAME", fits, zh, en);
    }

    fn seal_name(&mut self, kind: SealKind, seal_name: &str, unit: &Unit) {
        let fits = seal_name.contains(&unit.name) || kind.is_personal() || unit.parent.is_some();
        self.advisory("SEAL_NAME", fits, "印章名称含单位名称", "the seal's name contains the unit's name");
    }

    fn blocking(&mut self, code: &str, passed: bool, zh: &str, en: &str) {
        self.push(code, passed, true, zh, en);
    }

    fn advisory(&mut self, code: &str, passed: bool, zh: &str, en: &str) {
        self.push(code, passed, false, zh, en);
    }

    fn push(&mut self, code: &str, passed: bool, blocking: bool, zh: &str, en: &str) {
        let (zh, en) = if passed || zh.starts_with("缺少") {
            (zh.to_owned(), en.to_owned())
        } else {
            (format!("未通过：{zh}"), format!("failed: {en}"))
        };
        self.0.push(Check { code: code.to_owned(), passed, blocking, zh, en });
    }
}
