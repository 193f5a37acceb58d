//! Which data keys there are.

use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::Page;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::WrappedKey;

/// A data key, without its material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeyView {
    /// What it is for: `field`, `document`, `index`, `row`, `audit`, `token`.
    #[schema(example = "field")]
    pub purpose: String,
    /// Number within the purpose, from 1.
    pub number: u32,
    /// Whether it is the one in use, or about to be; older ones only read.
    pub active: bool,
    /// Name of the master key that wraps it; `destroyed` once it is destroyed.
    #[schema(example = "sw-0123456789abcdef")]
    pub wrapped_by: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When a newer one took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub retired_at: Option<Timestamp>,
}

impl KeyView {
    /// Of a stored key among all of them.
    fn of(key: &WrappedKey, all: &[WrappedKey]) -> Self {
        let newest = all.iter().filter(|k| k.label == key.label).map(|k| k.number).max();
        Self {
            purpose: key.label.clone(),
            number: key.number,
            active: newest == Some(key.number),
            wrapped_by: key.wrapped_by.clone(),
            created_at: key.created_at,
            retired_at: key.retired_at,
        }
    }
}

/// 数据密钥清单。 Every data key by purpose and number, without material.
#[utoipa::path(
    get, path = "/keys", tag = "keys", operation_id = "keys.list", summary = "数据密钥清单 · List data keys",
    responses((status = 200, description = "清单 · the list", body = Page<KeyView>))
)]
pub async fn list(State(app): State<Shared>, caller: Caller) -> Result<Page<KeyView>, Stop> {
    caller.permit(Action::KeyRotate, &Place::registry(), app.now()?)?;
    let keys = app.store.read().await?.wrapped_keys().await?;
    Ok(Page { items: keys.iter().map(|key| KeyView::of(key, &keys)).collect(), next: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_number_is_the_active_key() {
        let key = |label: &str, number| WrappedKey {
            label: label.to_owned(),
            number,
            wrapped: vec![1],
            wrapped_by: "sw-0".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            retired_at: None,
        };
        let all = [key("field", 1), key("field", 2), key("audit", 1)];
        let views: Vec<_> = all.iter().map(|k| KeyView::of(k, &all)).collect();
        assert_eq!(views.iter().map(|v| v.active).collect::<Vec<_>>(), [false, true, true]);
    }
}
