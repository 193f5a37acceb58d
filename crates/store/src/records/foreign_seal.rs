//! Seals of other systems.

use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::exchange::foreign::ForeignSeal;

record! {
    ForeignSeal, "foreign_seal", key: |seal| seal.id.as_str(),
    columns: {
        code = 5: |seal| seal.seal.code.as_str().into(),
        system = 6: |seal| seal.system.as_str().into(),
    },
    find: {
        BY_CODE = "WHERE code = $1";
    }
}

impl Access {
    /// The seal of another system with a code.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn foreign_seal(&mut self, code: &str) -> Result<Option<Versioned<ForeignSeal>>, StoreError> {
        self.find(&BY_CODE, values![code]).await
    }
}
