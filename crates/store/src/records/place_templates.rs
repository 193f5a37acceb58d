//! Places of a seal that people keep under names: one row for each person.

use crate::record::record;
use yinxin_registry::usage::templates::PlaceTemplates;

record! {
    PlaceTemplates, "place_templates", key: |kept| kept.account().as_str(),
    columns: {
        templates = 5: |kept| i64::try_from(kept.templates().len()).unwrap_or(i64::MAX).into(),
    }
}
