//! Which scope a list looks into: the widest of the caller's, or one he names within them.

use crate::app::Stop;
use crate::auth::Caller;
use crate::http::{Code, Problem};
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;
use yinxin_registry::ids::{MakerId, UnitId};
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;

/// Path of an area, for the description of the API.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[schema(pattern = "^/([0-9]{6,12}/){1,8}$", example = "/100000/610000/610100/")]
#[allow(dead_code, reason = "documentation only; bodies hold `AreaPath`")]
pub struct AreaPathText(String);

/// A scope named in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeQuery(Option<Scope>);

impl ScopeQuery {
    /// Reads an area path, a unit or a maker.
    ///
    /// # Errors
    /// `BAD_REQUEST` for anything else.
    pub fn parse(text: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = text else { return Ok(Self(None)) };
        let scope = AreaPath::parse(text)
            .map(Scope::Area)
            .ok()
            .or_else(|| UnitId::parse(text).map(Scope::Unit).ok())
            .or_else(|| MakerId::parse(text).map(Scope::Maker).ok());
        match scope {
            Some(scope) => Ok(Self(Some(scope))),
            None => Err(Problem::new(Code::BadRequest).detail(
                "scope 应为区划路径、单位或者制作单位的标识。",
                "scope is an area path, a unit or a maker.",
            )),
        }
    }

    /// Whether none was named.
    pub fn is_whole(&self) -> bool {
        self.0.is_none()
    }
}

/// The scope to look into.
///
/// # Errors
/// `FORBIDDEN` when no role of the caller may; `NOT_FOUND` when he names a scope that his do not cover.
pub fn choose(caller: &Caller, action: Action, wanted: ScopeQuery, now: Timestamp) -> Result<Scope, Stop> {
    let reach = caller.reach(action, now)?;
    match wanted.0 {
        None => reach.into_iter().next().ok_or_else(|| Problem::new(Code::Forbidden).into()),
        Some(wanted) => {
            let covered = reach.iter().any(|own| match (own, &wanted) {
                (Scope::All, _) => true,
                (Scope::Area(area), Scope::Area(asked)) => area.covers(asked),
                (own, asked) => own == asked,
            });
            if covered { Ok(wanted) } else { Err(Problem::new(Code::NotFound).into()) }
        }
    }
}
