//! Addresses of programs that are told of events.

use crate::list::{Lists, Placed, of_unit, place, place_state};
use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::role::Scope;
use yinxin_registry::webhook::Webhook;

record! {
    Webhook, "webhook", key: |webhook| webhook.id.as_str(),
    columns: {
        state = 5: |webhook| webhook.state().into(),
        area_path = 6: |webhook| webhook.area_path.as_str().into(),
        unit_id = 7: |webhook| webhook.unit().map(|unit| unit.as_str()).into(),
        parent_unit_id = 8: |webhook| webhook.parent_unit.as_ref().map(|unit| unit.as_str()).into(),
        target = 9: |webhook| target(&webhook.scope).into(),
    },
    find: {
        /// Two texts: the engines take a list apart in different words.
        OF_TARGETS = "INDEXED BY webhook_target WHERE state = 'active' AND target IN (SELECT value FROM json_each($1)) ORDER BY id LIMIT CAST($2 AS BIGINT)",
            postgres: "WHERE state = 'active' AND target IN (SELECT json_array_elements_text(CAST(CAST($1 AS TEXT) AS JSON))) \
                       ORDER BY id LIMIT CAST($2 AS BIGINT)";
        PLACE = place!("state", "'webhook'");
        PLACE_STATE = place_state!("'webhook'");
        OF_UNIT = of_unit!("webhook", "'webhook'", "''");
    }
}

fn target(scope: &Scope) -> &str {
    match scope {
        Scope::Area(area) => area.as_str(),
        Scope::Unit(unit) => unit.as_str(),
        Scope::Maker(maker) => maker.as_str(),
        Scope::All => "/",
    }
}

impl Placed for Webhook {
    const LISTS: &'static Lists =
        &Lists { place_state: Some(&PLACE_STATE), unit: Some(&OF_UNIT), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path.as_str()
    }
}

impl Access {
    /// Active ones whose scope is one of these areas and units; at most 1000.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn webhooks_of(&mut self, targets: &[&str]) -> Result<Vec<Versioned<Webhook>>, StoreError> {
        let targets = serde_json::to_string(targets)?;
        self.find_all(&OF_TARGETS, values![&targets, 1000]).await
    }
}
