//! Makers.

use crate::list::{Lists, Placed, by_name, place};
use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::maker::Maker;

record! {
    Maker, "maker", key: |maker| maker.id.as_str(),
    columns: {
        credit_code = 5: |maker| maker.credit_code.to_string().into(),
        name = 6: |maker| maker.name.as_str().into(),
        state = 7: |maker| if maker.stopped.is_some() { "stopped" } else { "active" }.into(),
        area_path = 8: |maker| maker.area_path.as_str().into(),
        maker_id = 9: |maker| maker.id.as_str().into(),
    },
    find: {
        BY_CREDIT_CODE = "WHERE credit_code = $1";
        PLACE = place!("state", "'maker'");
        NAME = by_name!("state", "'maker'");
        ITSELF = "WHERE maker_id = $1 AND id > $2 AND (CAST($4 AS TEXT) IS NULL OR state = $4) \
                  AND CASE WHEN (CAST($5 AS TEXT) IS NULL OR 'maker' = $5) AND name >= $6 AND name < $7 THEN TRUE ELSE FALSE END \
                  ORDER BY id LIMIT CAST($3 AS BIGINT)";
    }
}

impl Placed for Maker {
    const LISTS: &'static Lists =
        &Lists { name: Some(&NAME), maker: Some([&ITSELF, &ITSELF]), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path.as_str()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Access {
    /// The maker with a credit code.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn maker_by_credit_code(&mut self, code: &str) -> Result<Option<Versioned<Maker>>, StoreError> {
        self.find(&BY_CREDIT_CODE, values![code]).await
    }
}
