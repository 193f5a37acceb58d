//! Searching the register.

use super::UseRecordView;
use crate::api::filter::{check_digest, check_length, check_word};
use crate::api::scope::{ScopeQuery, choose};
use crate::api::seals;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, List, Page, PageQuery, Path, Problem};
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::{SealId, UseRecordId};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;
use yinxin_store::UseFilter;

/// Filter of the register.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UseRecordFilter {
    /// Only uses of this seal.
    #[param(value_type = Option<String>, pattern = "^seal_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub seal: Option<SealId>,
    /// Not before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Only `sealed`, only `refused` or only `failed`.
    #[param(pattern = "^(sealed|refused|failed)$")]
    pub result: Option<String>,
    /// Only this kind of document.
    #[param(max_length = 64)]
    pub document_kind: Option<String>,
    /// Only what this account or client asked for.
    #[param(max_length = 64)]
    pub asked_by: Option<String>,
    /// Only what this account approved.
    #[param(max_length = 64)]
    pub approved_by: Option<String>,
    /// Only this document: SM3 before or after, hex.
    #[param(pattern = "^[0-9a-f]{64}$")]
    pub digest: Option<String>,
    /// `true`: only what something was strange about (异常用印).
    pub strange: Option<bool>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

impl UseRecordFilter {
    /// As the store takes it.
    pub(super) fn of(&self) -> Result<UseFilter<'_>, Problem> {
        check_word("result", self.result.as_deref(), &["sealed", "refused", "failed"])?;
        let texts = [
            ("document_kind", &self.document_kind),
            ("asked_by", &self.asked_by),
            ("approved_by", &self.approved_by),
        ];
        for (parameter, asked) in texts {
            check_length(parameter, asked.as_deref(), 0..=64)?;
        }
        check_digest(self.digest.as_deref())?;
        Ok(UseFilter {
            seal: self.seal.as_ref().map(SealId::as_str),
            from: self.from,
            until: self.until,
            result: self.result.as_deref(),
            document_kind: self.document_kind.as_deref(),
            asked_by: self.asked_by.as_deref(),
            approved_by: self.approved_by.as_deref(),
            digest: self.digest.as_deref(),
            strange: self.strange.unwrap_or(false),
            before: None,
            limit: 0,
        })
    }
}

/// 用印登记。 Searches the register, the newest entry first; refused and failed tries too.
#[utoipa::path(
    get, path = "/uses", tag = "use", operation_id = "uses.list", summary = "用印登记 · The use register",
    params(UseRecordFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<UseRecordView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<UseRecordFilter>,
) -> Result<Page<UseRecordView>, Stop> {
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::UseRead, wanted, app.now()?)?;
    page(&app, &list, &scope, None).await
}

/// 印章用印登记。 Searches the entries of one seal.
#[utoipa::path(
    get, path = "/seals/{id}/uses", tag = "use", operation_id = "uses.of_seal", summary = "印章用印登记 · Uses of a seal",
    params(("id" = String, Path, description = "印章 · seal"), UseRecordFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<UseRecordView>))
)]
pub async fn of_seal(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    list: List<UseRecordFilter>,
) -> Result<Page<UseRecordView>, Stop> {
    let seal = app.store.read().await?.get::<Seal>(id.as_str()).await?.value;
    caller.permit(Action::UseRead, &seals::place(&seal), app.now()?)?;
    let scope = match ScopeQuery::parse(list.filter.scope.as_deref())? {
        whole if whole.is_whole() => Scope::All,
        wanted => choose(&caller, Action::UseRead, wanted, app.now()?)?,
    };
    page(&app, &list, &scope, Some(id.as_str())).await
}

async fn page(
    app: &Shared,
    list: &List<UseRecordFilter>,
    scope: &Scope,
    seal: Option<&str>,
) -> Result<Page<UseRecordView>, Stop> {
    let after = match list.after::<2>()? {
        None => None,
        Some([at, id]) => {
            let at: Timestamp = at.parse().map_err(|_| Problem::new(Code::BadRequest))?;
            let id = UseRecordId::parse(id).map_err(|_| Problem::new(Code::BadRequest))?;
            Some((at, id))
        }
    };
    let asked = list.filter.of()?;
    let filter = UseFilter {
        seal: seal.or(asked.seal),
        before: after.as_ref().map(|(at, id)| (*at, id.as_str())),
        limit: u32::from(list.limit()).saturating_add(1),
        ..asked
    };
    let found = app.store.read().await?.uses(scope, &filter).await?;
    let views = found.iter().map(|entry| UseRecordView::from(&entry.value)).collect();
    Ok(list.page(views, |last: &UseRecordView| vec![last.at.to_string(), last.id.clone()]))
}
