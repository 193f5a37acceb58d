//! Status of seals for everybody, signed.

mod certificates;
mod history;
mod list;
mod show;
mod trust_list;

use crate::app::{App, Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, FieldError, Problem};
use crate::status::is_public;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;

/// Longest code of a seal, characters.
const MAX_CODE: usize = 64;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(show::show))
        .routes(routes!(history::history))
        .routes(routes!(list::list))
        .routes(routes!(list::delta))
        .routes(routes!(certificates::certificates))
        .routes(routes!(trust_list::trust_list))
}

/// What is asked about a seal.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// The moment asked about, not in the future; now when absent.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// To be repeated in the answer, which is then made anew: shows that it is not an older one.
    #[serde(default)]
    #[param(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]{1,64}$")]
    pub nonce: Option<String>,
}

impl Question {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        if self.at.is_some_and(|at| at > now) {
            let (zh, en) = ("at 不得晚于现在。", "at must not lie in the future.");
            let error = FieldError::parameter("at", "FUTURE", zh, en);
            return Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(error));
        }
        let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self
            .nonce
            .as_ref()
            .is_some_and(|nonce| !(1..=64).contains(&nonce.len()) || !nonce.bytes().all(good))
        {
            let (zh, en) =
                ("nonce 应为 1 至 64 个 A-Z a-z 0-9 _ -。", "nonce has 1 to 64 of A-Z a-z 0-9 _ -.");
            let error = FieldError::parameter("nonce", "BAD_VALUE", zh, en);
            return Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(error));
        }
        Ok(())
    }
}

fn check_code(code: &str) -> Result<(), Problem> {
    if (1..=MAX_CODE).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let (zh, en) =
        ("印章编码应为 1 至 64 个可见 ASCII 字符。", "A seal code has 1 to 64 visible ASCII characters.");
    let error = FieldError::parameter("code", "BAD_VALUE", zh, en);
    Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(error))
}

/// The seal with a code, as far as the caller may be told of it; and whether he may read all of it.
pub(crate) async fn find(
    app: &App,
    code: &str,
    caller: Option<&Caller>,
    now: Timestamp,
) -> Result<(Option<Seal>, bool), Stop> {
    let Some(seal) = app.store.read().await?.seal_by_code(code).await?.map(|found| found.value) else {
        return Ok((None, false));
    };
    let (told, reads) = may_be_told(&seal, caller, now);
    Ok((told.then_some(seal), reads && told))
}

/// Whether the caller may be told of a seal, and whether he may read it anyway.
pub(crate) fn may_be_told(seal: &Seal, caller: Option<&Caller>, now: Timestamp) -> (bool, bool) {
    let place = crate::api::seals::place(seal);
    let reads = caller.is_some_and(|caller| caller.permit(Action::SealRead, &place, now).is_ok());
    (is_public(seal) || (reads && seal.made().is_some()), reads)
}
