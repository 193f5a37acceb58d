//! Lists of things within a scope, told apart by their state: what most lists of the API are.

use super::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page};
use yinxin_registry::permission::Action;
use yinxin_store::{ListFilter, Listed, Versioned};

/// What is asked of such a list.
#[derive(Debug, Clone, Copy)]
pub struct InScope<'a> {
    /// What the caller must be permitted to do there.
    pub action: Action,
    /// Only this state, checked by the caller of [`in_scope`].
    pub state: Option<&'a str>,
    /// Area path or identifier, within what the caller's roles reach; the widest of them when absent.
    pub scope: Option<&'a str>,
}

/// A page of it.
///
/// # Errors
/// `BAD_REQUEST` for a scope or a cursor that is none; those of [`choose`]; problems of the database.
pub async fn in_scope<T: Listed, F, V>(
    app: &Shared,
    caller: &Caller,
    list: &List<F>,
    asked: InScope<'_>,
    view: impl Fn(&Versioned<T>) -> V,
) -> Result<Page<V>, Stop> {
    let scope = choose(caller, asked.action, ScopeQuery::parse(asked.scope)?, app.now()?)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: asked.state,
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<T>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(view).collect(), page.next))
}
