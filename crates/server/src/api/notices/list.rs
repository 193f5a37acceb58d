//! Reading one's notices.

use super::{NoticeView, own};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, FieldError, Json, List, PageQuery, Path, Problem};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::ids::NoticeId;
use yinxin_store::NoticeFilter;

/// Unread notices are counted no further.
const MOST: u32 = 1000;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnNotices {
    /// 仅未读 · Only what is not marked as read.
    pub unread: Option<bool>,
    /// 种类 · Only this kind: `seal.suspended`.
    #[param(pattern = "^[a-z]{1,20}\\.[a-z_]{1,40}$")]
    pub kind: Option<String>,
    /// 对象 · Only about this thing, by its identifier.
    #[param(pattern = "^[a-z]{1,5}_[0-9a-z]{26}$")]
    pub subject: Option<String>,
}

/// A page of one's notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticeList {
    /// The notices, the newest first.
    pub items: Vec<NoticeView>,
    /// The cursor of the page after; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many are not marked as read, whatever the filter; 1000 stands for 1000 or more.
    pub unread: u64,
}

fn check(filter: &OwnNotices) -> Result<(), Problem> {
    let bad = |name: &str, zh: &str, en: &str| {
        Err(Problem::new(Code::BadRequest).with_error(FieldError::parameter(name, "BAD_VALUE", zh, en)))
    };
    let lower = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
    };
    // As the patterns above say: a kind that is no longer used finds nothing, a misspelt word is refused.
    let is_kind = |kind: &str| {
        kind.split_once('.').is_some_and(|(resource, what)| {
            lower(resource, 20)
                && (1..=40).contains(&what.len())
                && what.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
    };
    let is_subject = |subject: &str| {
        subject.split_once('_').is_some_and(|(prefix, body)| {
            lower(prefix, 5)
                && body.len() == 26
                && body.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
    };
    if filter.kind.as_deref().is_some_and(|kind| !is_kind(kind)) {
        return bad("kind", "不是通知种类。", "Not a kind of notice.");
    }
    if filter.subject.as_deref().is_some_and(|subject| !is_subject(subject)) {
        return bad("subject", "不是标识。", "Not an identifier.");
    }
    Ok(())
}

/// 我的通知。 Lists one's own notices, the newest first.
#[utoipa::path(
    get, path = "/notices", tag = "notices", operation_id = "notices.list", summary = "我的通知 · List my notices",
    params(OwnNotices, PageQuery),
    responses((status = 200, description = "通知 · the notices", body = NoticeList))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<OwnNotices>,
) -> Result<Json<NoticeList>, Stop> {
    let account = own(&caller)?;
    check(&list.filter)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = NoticeFilter {
        unread: list.filter.unread.unwrap_or(false),
        kind: list.filter.kind.as_deref(),
        subject: list.filter.subject.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
    };
    let mut read = app.store.read().await?;
    let page = read.notices(&account, &filter).await?;
    let unread = read.unread_notices(&account, MOST).await?;
    let items = page.items.iter().map(|(notice, read_at)| NoticeView::of(notice, *read_at)).collect();
    let page = list.carry(items, page.next);
    Ok(Json(NoticeList { items: page.items, next: page.next, unread }))
}

/// 查看通知。 Reads one; another's does not exist.
#[utoipa::path(
    get, path = "/notices/{id}", tag = "notices", operation_id = "notices.show", summary = "查看通知 · Read a notice",
    params(("id" = String, Path, description = "通知 · notice")),
    responses((status = 200, description = "通知 · the notice", body = NoticeView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<NoticeId>,
) -> Result<Json<NoticeView>, Stop> {
    let account = own(&caller)?;
    let (notice, read_at) = app.store.read().await?.notice(&account, id.as_str()).await?;
    Ok(Json(NoticeView::of(&notice, read_at)))
}
