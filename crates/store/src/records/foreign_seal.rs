//! Seals of other systems.

use crate::list::{ListFilter, Page};
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
        OF_SYSTEM = "WHERE system = $1 AND code > $2 ORDER BY code LIMIT CAST($3 AS BIGINT)";
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

    /// Seals a system has told of, by their codes; of the filter cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn foreign_seals(
        &mut self,
        system: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<ForeignSeal>, StoreError> {
        let size = filter.size();
        let after = filter.position()?.map_or("", |(_, code)| code);
        let items = self.find_all(&OF_SYSTEM, values![system, after, size + 1]).await?;
        Ok(Page::cut(items, size, |last: &ForeignSeal| format!("~{}", last.seal.code)))
    }
}
