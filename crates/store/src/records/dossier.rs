//! Dossiers of requests: what is kept, until when, and what is due.

use crate::record::{Versioned, record};
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::Timestamp;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::retention::dossier::Dossier;

record! {
    Dossier, "dossier", key: |dossier| dossier.request().as_str(),
    columns: {
        state = 5: |dossier| dossier.state().as_str().into(),
        area_path = 6: |dossier| dossier.area_path().as_str().into(),
        unit_id = 7: |dossier| dossier.unit().as_str().into(),
        parent_unit_id = 8: |dossier| dossier.parent_unit().map(|unit| unit.as_str()).into(),
        kept_until = 9: |dossier| dossier.kept_until().map(micros).into(),
        held = 10: |dossier| i64::from(dossier.is_held()).into(),
    },
    find: {
        DUE = "WHERE unit_id = $1 AND state = 'kept' AND held = 0 AND kept_until <= $2 AND (kept_until, id) > ($3, $4) \
               ORDER BY kept_until, id LIMIT CAST($5 AS BIGINT)";
    }
}

impl Access {
    /// Dossiers of a unit that were to be kept until `cutoff` at the longest, that nobody holds and that stand on no list; the longest due
    /// first, behind the place `after`.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn dossiers_due(
        &mut self,
        unit: &str,
        cutoff: Timestamp,
        after: Option<(i64, &str)>,
        limit: u32,
    ) -> Result<Vec<Versioned<Dossier>>, StoreError> {
        let (until, id) = after.unwrap_or((i64::MIN, ""));
        self.find_all(&DUE, values![unit, micros(cutoff), until, id, i64::from(limit)]).await
    }
}
