//! Rules of units: how long their documents are kept.

use crate::record::record;
use yinxin_registry::retention::rule::RetentionRule;

record! {
    RetentionRule, "retention_rule", key: |rule| rule.unit().as_str(),
    columns: {
        area_path = 5: |rule| rule.area_path().as_str().into(),
    }
}
