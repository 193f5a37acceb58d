//! Roles (角色), what each is bound to, and which exclude each other.

use crate::area::AreaPath;
use crate::ids::{AccountId, MakerId, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 系统管理员: configuration, profiles, areas; sees no business data.
    SystemAdministrator,
    /// 安全管理员: accounts, roles, clients, key rotation.
    SecurityAdministrator,
    /// 审计管理员: reads the audit log.
    AuditAdministrator,
    /// 制发审核员: decides on applications of an area.
    IssuingReviewer,
    /// 制章操作员: makes the seals of a maker.
    MakerOperator,
    /// 备案员: files seals of an area.
    FilingOfficer,
    /// 单位经办人: applies for a unit.
    UnitAgent,
    /// 印章保管人
    Custodian,
    /// 用印审批人
    Approver,
    /// 用印人
    User,
    /// 业务系统
    BusinessSystem,
    /// 监督员: reads everything of an area, changes nothing.
    Supervisor,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 12] = [
        Role::SystemAdministrator,
        Role::SecurityAdministrator,
        Role::AuditAdministrator,
        Role::IssuingReviewer,
        Role::MakerOperator,
        Role::FilingOfficer,
        Role::UnitAgent,
        Role::Custodian,
        Role::Approver,
        Role::User,
        Role::BusinessSystem,
        Role::Supervisor,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::SystemAdministrator => "system_administrator",
            Role::SecurityAdministrator => "security_administrator",
            Role::AuditAdministrator => "audit_administrator",
            Role::IssuingReviewer => "issuing_reviewer",
            Role::MakerOperator => "maker_operator",
            Role::FilingOfficer => "filing_officer",
            Role::UnitAgent => "unit_agent",
            Role::Custodian => "custodian",
            Role::Approver => "approver",
            Role::User => "user",
            Role::BusinessSystem => "business_system",
            Role::Supervisor => "supervisor",
        }
    }

    /// Name in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Role::SystemAdministrator => "系统管理员",
            Role::SecurityAdministrator => "安全管理员",
            Role::AuditAdministrator => "审计管理员",
            Role::IssuingReviewer => "制发审核员",
            Role::MakerOperator => "制章操作员",
            Role::FilingOfficer => "备案员",
            Role::UnitAgent => "单位经办人",
            Role::Custodian => "印章保管人",
            Role::Approver => "用印审批人",
            Role::User => "用印人",
            Role::BusinessSystem => "业务系统",
            Role::Supervisor => "监督员",
        }
    }

    /// One of the three administrators (三员), who need two factors and hold nothing else.
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdministrator | Role::SecurityAdministrator | Role::AuditAdministrator)
    }

    /// Whether both may not be held by one account. The three administrators exclude everything else (GB/T 22239, 8.1.5);
    /// who decides does not make (maker and issuer are separate), and who supervises takes no part.
    pub fn excludes(self, other: Role) -> bool {
        if self == other {
            return false;
        }
        let one_of = |role: Role| self == role || other == role;
        self.is_administrator()
            || other.is_administrator()
            || one_of(Role::Supervisor)
            || (one_of(Role::MakerOperator)
                && (one_of(Role::IssuingReviewer) || one_of(Role::FilingOfficer) || one_of(Role::UnitAgent)))
            || (one_of(Role::UnitAgent) && (one_of(Role::IssuingReviewer) || one_of(Role::FilingOfficer)))
    }

    /// Which kind of scope a grant of this role carries.
    pub fn scope_kind(self) -> ScopeKind {
        match self {
            Role::SystemAdministrator | Role::SecurityAdministrator | Role::AuditAdministrator => {
                ScopeKind::All
            }
            Role::IssuingReviewer | Role::FilingOfficer | Role::Supervisor => ScopeKind::Area,
            Role::MakerOperator => ScopeKind::Maker,
            Role::UnitAgent | Role::Custodian | Role::Approver | Role::User | Role::BusinessSystem => {
                ScopeKind::Unit
            }
        }
    }
}

/// Kind of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The whole registry.
    All,
    /// An area and what lies in it.
    Area,
    /// One unit.
    Unit,
    /// One maker.
    Maker,
}

/// How far a role reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Scope {
    /// The whole registry; administrators only.
    All,
    /// An area and what lies in it.
    Area(AreaPath),
    /// One unit, with its internal bodies.
    Unit(UnitId),
    /// One maker.
    Maker(MakerId),
}

impl Scope {
    /// Its kind.
    pub fn kind(&self) -> ScopeKind {
        match self {
            Scope::All => ScopeKind::All,
            Scope::Area(_) => ScopeKind::Area,
            Scope::Unit(_) => ScopeKind::Unit,
            Scope::Maker(_) => ScopeKind::Maker,
        }
    }
}

/// A role given to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
    /// Since when.
    pub from: Timestamp,
    /// Until when; absent: until taken back.
    pub until: Option<Timestamp>,
    /// Who gave it; absent for the first three administrators.
    pub by: Option<AccountId>,
}

impl Grant {
    /// Whether it counts at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|end| now < end)
    }
}
