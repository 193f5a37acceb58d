//! Who may do what: one table from action to the roles that may, and the rule that compares the scope of a grant with the
//! place of the thing.

use crate::area::AreaPath;
use crate::ids::{MakerId, UnitId};
use crate::role::{Grant, Role, Scope};
use jiff::Timestamp;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal : $($role:ident)|+ ;)*) => {
        /// Something that a request does. The code stands in the audit log.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Action] = &[$(Action::$name),*];

            /// Stable code: `application.submit`.
            pub fn code(self) -> &'static str {
                match self { $(Action::$name => $code,)* }
            }

            /// The roles that may.
            pub fn roles(self) -> &'static [Role] {
                match self { $(Action::$name => &[$(Role::$role),+],)* }
            }
        }
    };
}

actions! {
    /// Areas: add, change.
    AreaWrite = "area.write": SystemAdministrator;
    /// A department is designated.
    DesignationWrite = "designation.write": SystemAdministrator | IssuingReviewer;
    /// Designations read.
    DesignationRead = "designation.read": SystemAdministrator | IssuingReviewer | FilingOfficer | Supervisor;
    /// A designation is filed by the superior area.
    DesignationFile = "designation.file": FilingOfficer;
    /// A new version of a profile of practice.
    ProfileWrite = "profile.write": SystemAdministrator;
    /// Accounts: list, read.
    AccountRead = "account.read": SecurityAdministrator;
    /// Accounts: create, disable, unlock, reset.
    AccountWrite = "account.write": SecurityAdministrator;
    /// Roles given and taken.
    GrantWrite = "account.grant": SecurityAdministrator;
    /// Clients of the API.
    ClientWrite = "client.write": SecurityAdministrator;
    /// Keys of data protection rotated.
    KeyRotate = "key.rotate": SecurityAdministrator;
    /// Audit log read.
    AuditRead = "audit.read": AuditAdministrator;
    /// Audit chain verified, case exported by the auditor or a supervisor of the area.
    CaseExport = "case.export": AuditAdministrator | Supervisor;
    /// Makers: add, change the license.
    MakerWrite = "maker.write": IssuingReviewer;
    /// Makers read.
    MakerRead = "maker.read": IssuingReviewer | FilingOfficer | MakerOperator | Supervisor;
    /// Supervision of makers: entries written and settled by the issuing department.
    SupervisionWrite = "supervision.write": IssuingReviewer;
    /// Supervision of makers read; a maker reads its own.
    SupervisionRead = "supervision.read": IssuingReviewer | FilingOfficer | MakerOperator | Supervisor;
    /// Supervision of units: tickets opened, decided on, ended; seals suspended by them.
    TicketWrite = "ticket.write": IssuingReviewer;
    /// Supervision of units: answers and their files.
    TicketAnswer = "ticket.answer": UnitAgent;
    /// Supervision of units read; a unit reads its own.
    TicketRead = "ticket.read": IssuingReviewer | FilingOfficer | UnitAgent | Custodian | Supervisor;
    /// Emergency measures rehearsed.
    DrillHold = "drill.hold": IssuingReviewer;
    /// Drills read.
    DrillRead = "drill.read": IssuingReviewer | FilingOfficer | Supervisor;
    /// Rules of use of a unit handed in.
    UseRulesWrite = "use_rules.write": UnitAgent;
    /// Rules of use of units read.
    UseRulesRead = "use_rules.read": UnitAgent | Custodian | Approver | User | IssuingReviewer | FilingOfficer | Supervisor;
    /// Units registered or changed.
    UnitWrite = "unit.write": UnitAgent | IssuingReviewer;
    /// Units added to the registry.
    UnitCreate = "unit.create": IssuingReviewer;
    /// Units read.
    UnitRead = "unit.read": UnitAgent | IssuingReviewer | FilingOfficer | Supervisor | BusinessSystem | Custodian | Approver | User;
    /// A personal detail shown in clear.
    PersonReveal = "person.reveal": IssuingReviewer | Supervisor;
    /// An application written.
    ApplicationWrite = "application.write": UnitAgent | BusinessSystem;
    /// Handed in.
    ApplicationSubmit = "application.submit": UnitAgent;
    /// Taken back.
    ApplicationWithdraw = "application.withdraw": UnitAgent;
    /// Read.
    ApplicationRead = "application.read": UnitAgent | IssuingReviewer | FilingOfficer | MakerOperator | Supervisor | BusinessSystem;
    /// Decided: approved, refused, returned.
    ApplicationDecide = "application.decide": IssuingReviewer;
    /// Making taken up after the second check, or sent back.
    SealMake = "seal.make": MakerOperator;
    /// The made seal is handed to the filing department.
    SealFile = "seal.file": FilingOfficer;
    /// Handed to its owner.
    SealDeliver = "seal.deliver": MakerOperator;
    /// Accepted or declined by its owner.
    SealAccept = "seal.accept": UnitAgent;
    /// Seals read.
    SealRead = "seal.read": UnitAgent | IssuingReviewer | FilingOfficer | MakerOperator | Supervisor | BusinessSystem | Custodian | Approver | User;
    /// Loss or leak reported.
    SealReportLoss = "seal.report_loss": UnitAgent | Custodian | IssuingReviewer;
    /// Suspended, by its unit or by authority.
    SealSuspend = "seal.suspend": UnitAgent | IssuingReviewer;
    /// Resumed.
    SealResume = "seal.resume": IssuingReviewer;
    /// Canceled.
    SealCancel = "seal.cancel": IssuingReviewer;
    /// Cancellation asked for.
    SealRequestCancel = "seal.request_cancel": UnitAgent;
    /// Declared void.
    SealVoid = "seal.void": IssuingReviewer;
    /// Suspended in bulk by issuer or serial range.
    SealBulkSuspend = "seal.bulk_suspend": IssuingReviewer;
    /// A change case opened, withdrawn.
    ChangeWrite = "change.write": UnitAgent;
    /// Agents who may not apply.
    BlockWrite = "block.write": IssuingReviewer;
    /// Custody of seals read.
    CustodyRead = "custody.read": UnitAgent | Custodian | Approver | User | Supervisor;
    /// A custodian named or replaced, an offer taken back, a password forced to be changed.
    CustodyAssign = "custody.assign": UnitAgent;
    /// A seal passed on to another custodian.
    CustodyHandOver = "custody.hand_over": UnitAgent | Custodian;
    /// A seal taken over, checked, its password set.
    CustodyKeep = "custody.keep": Custodian;
    /// Rights to use a seal given.
    UseGrantGive = "use_grant.give": Custodian;
    /// Rights to use a seal taken back.
    UseGrantRevoke = "use_grant.revoke": Custodian | UnitAgent;
    /// Rights to use a seal read.
    UseGrantRead = "use_grant.read": UnitAgent | Custodian | Approver | User | BusinessSystem | Supervisor;
    /// Flows of approval written.
    FlowWrite = "flow.write": UnitAgent;
    /// Flows of approval read.
    FlowRead = "flow.read": UnitAgent | Custodian | Approver | User | BusinessSystem | Supervisor;
    /// A standing authorization proposed or taken back.
    StandingWrite = "standing.write": UnitAgent | Custodian;
    /// Standing authorizations read.
    StandingRead = "standing.read": UnitAgent | Custodian | Approver | User | BusinessSystem | Supervisor;
    /// Votes on requests and standing authorizations.
    UseVote = "use.vote": Approver;
    /// The use of a seal asked for.
    UseAsk = "use.ask": User | BusinessSystem;
    /// A request taken back.
    UseWithdraw = "use.withdraw": User | BusinessSystem | Custodian | UnitAgent;
    /// An approved request carried out.
    UseSign = "use.sign": Custodian | User | BusinessSystem;
    /// Requests and the use register read.
    UseRead = "use.read": UnitAgent | Custodian | Approver | User | BusinessSystem | Supervisor;
    /// Documents of requests read.
    UseContent = "use.content": Custodian | Approver | User | BusinessSystem;
    /// Copies of sealed documents registered and withdrawn.
    UseCopy = "use.copy": UnitAgent | Custodian | User | BusinessSystem;
    /// How long documents are kept: the rule of a unit set.
    RetentionWrite = "retention.write": UnitAgent;
    /// How long documents are kept, what is due, what holds it: read.
    RetentionRead = "retention.read": UnitAgent | Custodian | Approver | IssuingReviewer | Supervisor;
    /// Documents held, and let go again, by each side for itself.
    RetentionHold = "retention.hold": UnitAgent | Custodian | IssuingReviewer;
    /// A list of disposal proposed or taken back.
    DisposalPropose = "disposal.propose": UnitAgent | Custodian;
    /// A list of disposal decided on, by a second person.
    DisposalDecide = "disposal.decide": Approver;
    /// Lists of disposal read.
    DisposalRead = "disposal.read": UnitAgent | Custodian | Approver | IssuingReviewer | Supervisor;
    /// The use register given out, signed.
    UseExport = "use.export": UnitAgent | Custodian | Supervisor;
    /// Records of verifications by others read.
    VerificationRead = "verification.read": AuditAdministrator | Supervisor;
    /// Webhooks of any area or unit.
    WebhookWrite = "webhook.write": SystemAdministrator;
    /// Webhooks of one's own unit.
    WebhookOwn = "webhook.own": UnitAgent;
    /// Mails that were given up: read, sent once more.
    MailWrite = "mail.write": SystemAdministrator;
    /// Another seal system proposed for recognition, its trust list taken up.
    PeerPropose = "peer.propose": SystemAdministrator;
    /// Another seal system confirmed or resumed, by a second person.
    PeerConfirm = "peer.confirm": SecurityAdministrator;
    /// Another seal system suspended or ended: either administrator may stop relying on it.
    PeerStop = "peer.stop": SystemAdministrator | SecurityAdministrator;
    /// Other seal systems read.
    PeerRead = "peer.read": SystemAdministrator | SecurityAdministrator | AuditAdministrator;
    /// Figures of an area.
    OverviewRead = "overview.read": IssuingReviewer | FilingOfficer | Supervisor;
}

/// Where a thing stands: what a scope is compared with. A part that is unknown or does not apply is `None` and matches no scope of
/// its kind.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Area.
    pub area: Option<AreaPath>,
    /// Unit.
    pub unit: Option<UnitId>,
    /// The unit above it: an agent of a legal unit acts for its internal bodies.
    pub parent_unit: Option<UnitId>,
    /// Maker.
    pub maker: Option<MakerId>,
}

impl Place {
    /// The registry itself: only a grant over everything reaches it.
    pub fn registry() -> Self {
        Self::default()
    }

    /// An area.
    pub fn area(path: &AreaPath) -> Self {
        Self { area: Some(path.clone()), ..Self::default() }
    }

    /// A unit in its area.
    pub fn unit(id: &UnitId, parent: Option<&UnitId>, path: &AreaPath) -> Self {
        Self { area: Some(path.clone()), unit: Some(id.clone()), parent_unit: parent.cloned(), maker: None }
    }

    /// A maker in its area.
    pub fn maker(id: &MakerId, path: &AreaPath) -> Self {
        Self { area: Some(path.clone()), maker: Some(id.clone()), ..Self::default() }
    }

    /// The same with a maker.
    #[must_use]
    pub fn with_maker(mut self, id: Option<&MakerId>) -> Self {
        self.maker = id.cloned();
        self
    }

    fn within(&self, scope: &Scope) -> bool {
        match scope {
            Scope::All => true,
            Scope::Area(path) => self.area.as_ref().is_some_and(|area| path.covers(area)),
            Scope::Unit(unit) => self.unit.as_ref() == Some(unit) || self.parent_unit.as_ref() == Some(unit),
            Scope::Maker(maker) => self.maker.as_ref() == Some(maker),
        }
    }
}

/// The request is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No live grant has a role that may.
    #[error("没有执行该操作的角色 (no role of yours may do this)")]
    Role,
    /// A role may, but its scope does not reach there.
    #[error("该对象不在您的管辖或者所属范围内 (this is outside the scope of your role)")]
    Scope,
}

/// Decides.
///
/// # Errors
/// [`Denied`], which says whether the role or the scope is lacking. Whoever answers a request must not tell the second from
/// *not found* to a stranger.
pub fn permit<'a>(
    grants: &'a [Grant],
    action: Action,
    place: &Place,
    now: Timestamp,
) -> Result<&'a Grant, Denied> {
    let mut denied = Denied::Role;
    for grant in grants.iter().filter(|g| g.is_live(now) && action.roles().contains(&g.role)) {
        if place.within(&grant.scope) {
            return Ok(grant);
        }
        denied = Denied::Scope;
    }
    Err(denied)
}

/// The scopes within which a list for this action may look, widest first; empty when the action is not allowed at all.
pub fn reach(grants: &[Grant], action: Action, now: Timestamp) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = grants
        .iter()
        .filter(|g| g.is_live(now) && action.roles().contains(&g.role))
        .map(|g| g.scope.clone())
        .collect();
    scopes.sort_by_key(|scope| match scope {
        Scope::All => (0, 0),
        Scope::Area(path) => (1, path.as_str().len()),
        Scope::Unit(_) => (2, 0),
        Scope::Maker(_) => (3, 0),
    });
    scopes.dedup();
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let codes: BTreeSet<&str> = Action::ALL.iter().map(|a| a.code()).collect();
        assert_eq!(codes.len(), Action::ALL.len());
    }

    #[test]
    fn an_administrator_touches_no_business_and_no_business_role_administers() {
        for action in Action::ALL {
            let roles = action.roles();
            let administrators = roles.iter().filter(|r| r.is_administrator()).count();
            assert!(
                administrators == 0
                    || administrators == roles.len()
                    || matches!(
                        action,
                        Action::CaseExport
                            | Action::DesignationWrite
                            | Action::DesignationRead
                            | Action::VerificationRead
                    ),
                "{action:?}"
            );
        }
    }

    #[test]
    fn a_supervisor_only_reads() {
        for action in Action::ALL.iter().filter(|a| a.roles().contains(&Role::Supervisor)) {
            let reads = [".read", ".reveal", ".export"];
            assert!(reads.iter().any(|end| action.code().ends_with(end)), "{action:?}");
        }
    }

    #[test]
    fn scope_decides_after_the_role() {
        let now = Timestamp::UNIX_EPOCH;
        let city = AreaPath::parse("/100000/610000/610100/").unwrap();
        let other = AreaPath::parse("/100000/610000/610200/").unwrap();
        let grants = [Grant {
            role: Role::IssuingReviewer,
            scope: Scope::Area(city.clone()),
            from: now,
            until: None,
            by: None,
        }];
        assert!(permit(&grants, Action::ApplicationDecide, &Place::area(&city), now).is_ok());
        assert_eq!(permit(&grants, Action::ApplicationDecide, &Place::area(&other), now), Err(Denied::Scope));
        assert_eq!(permit(&grants, Action::SealMake, &Place::area(&city), now), Err(Denied::Role));
        assert_eq!(permit(&grants, Action::ApplicationDecide, &Place::registry(), now), Err(Denied::Scope));
    }

    #[test]
    fn an_ended_grant_gives_nothing() {
        let start = Timestamp::UNIX_EPOCH;
        let end = Timestamp::from_second(100).unwrap();
        let grants = [Grant {
            role: Role::AuditAdministrator,
            scope: Scope::All,
            from: start,
            until: Some(end),
            by: None,
        }];
        assert!(permit(&grants, Action::AuditRead, &Place::registry(), start).is_ok());
        assert_eq!(permit(&grants, Action::AuditRead, &Place::registry(), end), Err(Denied::Role));
    }
}
