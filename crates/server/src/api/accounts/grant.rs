//! A role with its scope, as requests carry it.

use crate::app::{Stop, Work};
use crate::http::{Code, FieldError, Problem};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::ids::{AccountId, MakerId, UnitId};
use yinxin_registry::maker::Maker;
use yinxin_registry::role::{Grant, Role, Scope, ScopeKind};
use yinxin_registry::unit::Unit;

/// A role to be given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantBody {
    /// The role: `issuing_reviewer`.
    #[schema(
        value_type = String, example = "issuing_reviewer",
        pattern = "^(system_administrator|security_administrator|audit_administrator|issuing_reviewer|maker_operator|filing_officer|unit_agent|custodian|approver|user|business_system|supervisor)$"
    )]
    pub role: Role,
    /// How far it reaches: the path of an area, a unit or a maker, as the role takes it; absent for administrators.
    #[serde(default)]
    #[schema(max_length = 120, example = "/100000/610000/610100/")]
    pub scope: Option<String>,
    /// Until when; absent: until taken back.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

impl GrantBody {
    /// The grant, given by `by` from now on; `base` is where it stands in the request.
    ///
    /// # Errors
    /// `VALIDATION` for a scope of the wrong kind, one that does not exist, or an end that is past.
    pub async fn into_grant(
        self,
        work: &mut Work,
        by: Option<&AccountId>,
        base: &str,
    ) -> Result<Grant, Stop> {
        let scope = read_scope(self.role, self.scope.as_deref(), &format!("{base}/scope"))?;
        scope_that_exists(work, &scope, &format!("{base}/scope")).await?;
        if self.until.is_some_and(|until| until <= work.now) {
            return Err(at(
                &format!("{base}/until"),
                "PAST",
                "截止时间应在将来",
                "the end must lie in the future",
            )
            .into());
        }
        Ok(Grant { role: self.role, scope, from: work.now, until: self.until, by: by.cloned() })
    }
}

/// Reads the scope a role takes.
///
/// # Errors
/// `VALIDATION` at `pointer` for one of another kind.
pub fn read_scope(role: Role, text: Option<&str>, pointer: &str) -> Result<Scope, Problem> {
    let (scope, zh, en) = match (role.scope_kind(), text) {
        (ScopeKind::All, None) => (Some(Scope::All), "", ""),
        (ScopeKind::All, Some(_)) => (None, "该角色不带范围", "this role takes no scope"),
        (ScopeKind::Area, text) => {
            let scope = text.and_then(|t| AreaPath::parse(t).ok()).map(Scope::Area);
            (scope, "该角色的范围是区划路径", "the scope of this role is the path of an area")
        }
        (ScopeKind::Unit, text) => {
            let scope = text.and_then(|t| UnitId::parse(t).ok()).map(Scope::Unit);
            (scope, "该角色的范围是单位标识", "the scope of this role is a unit")
        }
        (ScopeKind::Maker, text) => {
            let scope = text.and_then(|t| MakerId::parse(t).ok()).map(Scope::Maker);
            (scope, "该角色的范围是制作单位标识", "the scope of this role is a maker")
        }
    };
    scope.ok_or_else(|| at(pointer, "SCOPE_KIND", zh, en))
}

/// Makes sure that what a scope names is there.
///
/// # Errors
/// `VALIDATION` at `pointer`; problems of the database.
pub async fn scope_that_exists(work: &mut Work, scope: &Scope, pointer: &str) -> Result<(), Stop> {
    let exists = match scope {
        Scope::All => true,
        Scope::Area(path) => {
            let area = work.tx.load::<Area>(path.code()).await?;
            area.is_some_and(|found| found.value.path == *path)
        }
        Scope::Unit(unit) => work.tx.load::<Unit>(unit.as_str()).await?.is_some(),
        Scope::Maker(maker) => work.tx.load::<Maker>(maker.as_str()).await?.is_some(),
    };
    if exists {
        return Ok(());
    }
    Err(at(
        pointer,
        "SCOPE_UNKNOWN",
        "范围所指的区划、单位或者制作单位不存在",
        "there is no such area, unit or maker",
    )
    .into())
}

fn at(pointer: &str, code: &'static str, zh: &str, en: &str) -> Problem {
    Problem::new(Code::Validation).with_error(FieldError::body(pointer, code, zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_takes_its_own_kind_of_scope_only() {
        let area = "/100000/610000/";
        let read = |role, text| read_scope(role, text, "/scope");
        assert!(matches!(read(Role::IssuingReviewer, Some(area)), Ok(Scope::Area(_))));
        assert_eq!(read(Role::AuditAdministrator, None).unwrap(), Scope::All);
        let wrong = [
            (Role::IssuingReviewer, None),
            (Role::IssuingReviewer, Some("mkr_01k0000000000000000000000a")),
            (Role::UnitAgent, Some(area)),
            (Role::MakerOperator, Some("unit_01k0000000000000000000000a")),
            (Role::SystemAdministrator, Some(area)),
        ];
        for (role, text) in wrong {
            let problem = read(role, text).unwrap_err();
            assert_eq!(problem.document().errors[0].code, "SCOPE_KIND", "{role:?} {text:?}");
            assert_eq!(problem.document().errors[0].pointer.as_deref(), Some("/scope"));
        }
    }
}
