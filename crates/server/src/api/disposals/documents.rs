//! The documents of a list, with what came of each.

use super::place;
use super::view::DisposalDocumentView;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, NoFilter, Page, PageQuery, Path};
use axum::extract::State;
use yinxin_registry::ids::DisposalId;
use yinxin_registry::permission::Action;
use yinxin_registry::retention::disposal::Disposal;

/// 销毁清单所列文件。 Lists the documents of a list, request by request, in their order.
#[utoipa::path(
    get, path = "/disposals/{id}/documents", tag = "retention", operation_id = "disposals.documents", summary = "销毁清单所列文件 · Documents of a list of disposal",
    params(("id" = String, Path, description = "销毁清单 · list"), PageQuery),
    responses((status = 200, description = "列表 · the documents", body = Page<DisposalDocumentView>))
)]
pub async fn documents(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DisposalId>,
    list: List<NoFilter>,
) -> Result<Page<DisposalDocumentView>, Stop> {
    let mut read = app.store.read().await?;
    let disposal = read.get::<Disposal>(id.as_str()).await?.value;
    caller.permit(Action::DisposalRead, &place(&disposal), app.now()?)?;
    let after = list.after::<2>()?.map(|[request, at]| (request.to_owned(), at.parse::<i64>().unwrap_or(-1)));
    let (begin, mut from) = match &after {
        None => (0, -1),
        Some((request, at)) => {
            let line = disposal.lines().iter().position(|line| line.request.as_str() == request);
            (line.unwrap_or(disposal.lines().len()), *at)
        }
    };
    let wanted = usize::from(list.limit()).saturating_add(1);
    let mut views: Vec<DisposalDocumentView> = Vec::new();
    for line in disposal.lines().iter().skip(begin) {
        let left = wanted.saturating_sub(views.len());
        if left == 0 {
            break;
        }
        // A request without documents is passed over without a question.
        if line.documents > 0 {
            let limit = u32::try_from(left).unwrap_or(u32::MAX);
            let found = read.use_items(line.request.as_str(), None, from, limit).await?;
            views.extend(found.iter().map(|item| DisposalDocumentView::from(&item.value)));
        }
        from = -1;
    }
    Ok(list.page(views, |last| vec![last.request.clone(), last.place.to_string()]))
}
