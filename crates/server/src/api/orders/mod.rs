//! Orders (制作任务): what a maker has to make. The workshop's side is in [`crate::making::transport`].

mod facts;
mod list;
mod order;
mod send_back;
mod take;

pub use facts::workshop_facts;
pub use send_back::{SentBack, send_back_to_review};

use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Problem};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::MakerFault;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(facts::facts))
        .routes(routes!(list::list))
        .routes(routes!(take::take))
        .routes(routes!(send_back::send_back))
}

/// For which maker a request is made.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ForMaker {
    /// The maker; needed only by who works for more than one.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "mkr_01k0000000000000000000000a")]
    pub maker: Option<MakerId>,
}

impl ForMaker {
    /// The maker named, or the only one the caller works for.
    ///
    /// # Errors
    /// `FORBIDDEN` for who works for none; `NOT_FOUND` for a maker he does not work for; `BAD_REQUEST` when he works for several
    /// and names none.
    pub fn choose(self, caller: &Caller, now: Timestamp) -> Result<MakerId, Stop> {
        let mut own: Vec<MakerId> = caller
            .reach(Action::SealMake, now)?
            .into_iter()
            .filter_map(|scope| if let Scope::Maker(maker) = scope { Some(maker) } else { None })
            .collect();
        own.sort();
        own.dedup();
        match (self.maker, own.as_slice()) {
            (Some(named), own) if own.contains(&named) => Ok(named),
            (Some(_), _) => Err(Problem::new(Code::NotFound).into()),
            (None, [only]) => Ok(only.clone()),
            (None, []) => Err(Problem::new(Code::Forbidden).into()),
            (None, _) => Err(Problem::new(Code::BadRequest)
                .detail("须用 maker 指明制作单位。", "Name the maker in the parameter maker.")
                .into()),
        }
    }
}

/// Why a maker may not, as an answer: what lies outside its areas is not even said to exist.
pub fn barred(fault: &MakerFault) -> Problem {
    if *fault == MakerFault::Jurisdiction {
        return Problem::new(Code::NotFound);
    }
    let (zh, en) = crate::api::words::both(&fault.to_string());
    let rule = match fault {
        MakerFault::License => "MAKER_LICENSE",
        MakerFault::Stopped(_) => "MAKER_STOPPED",
        MakerFault::Entrusting => "MAKER_ENTRUSTING",
        MakerFault::Jurisdiction | MakerFault::Record(_) => "MAKER_RECORD",
    };
    Problem::new(Code::Conflict).rule(rule).detail(zh, en)
}
