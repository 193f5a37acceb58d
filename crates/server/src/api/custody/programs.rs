//! Which programs may be given a right to a seal.

use super::load;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Path};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::client::ClientScope;
use yinxin_registry::ids::SealId;
use yinxin_registry::permission::{Action, permit};
use yinxin_store::ListFilter;

/// Programs looked at: there are dozens where there are many.
const MOST: usize = 2_000;

/// A program that may be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProgramView {
    /// Name.
    pub name: String,
    /// Client.
    #[schema(example = "clnt_01k0000000000000000000000a")]
    pub client: String,
}

/// Those that may be named.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgramList {
    /// By name.
    pub items: Vec<ProgramView>,
}

/// 可授权的业务系统。 Lists the programs that a standing authorization on this seal can name: in use, with the scope `uses_write` and the
/// role `business_system` in the seal's unit. Of the first 2,000 by name.
#[utoipa::path(
    get, path = "/seals/{id}/programs", tag = "custody", operation_id = "custody.programs", summary = "可授权的业务系统 · Programs that may be named",
    params(("id" = String, Path, description = "印章 · seal")),
    responses((status = 200, description = "业务系统 · the programs", body = ProgramList))
)]
pub async fn programs(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
) -> Result<Json<ProgramList>, Stop> {
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let kept = load(&mut read, id.as_str()).await?;
    caller.permit(Action::StandingWrite, &kept.place(), now)?;
    let (mut items, mut looked, mut cursor) = (Vec::new(), 0, None::<String>);
    loop {
        let filter = ListFilter {
            state: Some("active"),
            cursor: cursor.as_deref(),
            limit: 200,
            ..ListFilter::default()
        };
        let page = read.clients(&filter).await?;
        looked += page.items.len();
        for client in page.items.into_iter().map(|found| found.value) {
            let able = client.scopes.contains(&ClientScope::UsesWrite)
                && permit(&client.grants, Action::UseAsk, &kept.place(), now).is_ok();
            if able {
                items.push(ProgramView { name: client.name, client: client.id.to_string() });
            }
        }
        match page.next {
            Some(next) if looked < MOST => cursor = Some(next),
            _ => return Ok(Json(ProgramList { items })),
        }
    }
}
