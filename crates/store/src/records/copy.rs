//! Registered copies of sealed documents.

use crate::list::{ListFilter, Page};
use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::usage::copy::RegisteredCopy;

/// Behind every identifier.
const END: &str = "copy~";

record! {
    RegisteredCopy, "document_copy", key: |copy| copy.id().as_str(),
    columns: {
        state = 5: |copy| copy.state().as_str().into(),
        item_id = 6: |copy| copy.item().as_str().into(),
        code = 7: |copy| copy.code().into(),
    },
    find: {
        BY_CODE = "WHERE code = $1";
        OF_ITEM = "WHERE item_id = $1 AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)";
    }
}

impl Access {
    /// The copy that a code stands for.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn copy_by_code(
        &mut self,
        code: &str,
    ) -> Result<Option<Versioned<RegisteredCopy>>, StoreError> {
        self.find(&BY_CODE, values![code]).await
    }

    /// Copies of a document of a request, the newest first; of the filter cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn copies_of(
        &mut self,
        item: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<RegisteredCopy>, StoreError> {
        let size = filter.size();
        let before = filter.position()?.map_or(END, |(_, id)| id);
        let items = self.find_all(&OF_ITEM, values![item, before, size + 1]).await?;
        Ok(Page::cut(items, size, |last: &RegisteredCopy| format!("~{}", last.id())))
    }
}
