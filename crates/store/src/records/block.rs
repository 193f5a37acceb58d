//! Agents who may not apply.

use crate::list::{Lists, Placed, by_name, place};
use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::block::BlockedAgent;

record! {
    BlockedAgent, "block", key: |block| block.id.as_str(),
    columns: {
        person = 5: |block| block.index.as_str().into(),
        area_path = 6: |block| block.area_path.as_str().into(),
        name = 7: |block| block.person.as_str().into(),
        state = 8: |block| if block.lifted_at.is_some() { "lifted" } else { "active" }.into(),
    },
    find: {
        OF_PERSON = "WHERE person IN ($1, $2) ORDER BY id DESC LIMIT 200";
        PLACE = place!("state", "'block'");
        NAME = by_name!("state", "'block'");
    }
}

impl Placed for BlockedAgent {
    const LISTS: &'static Lists = &Lists { name: Some(&NAME), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path.as_str()
    }

    fn name(&self) -> &str {
        &self.person
    }
}

impl Access {
    /// Entries about a person, by the blind index of the identity number, newest first: lifted and ended ones too, of all areas.
    /// [`BlockedAgent::counts`] tells which matter. A number has an index under each index key there is: those of two keys are asked
    /// for in one round trip, at most 200 entries each.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn blocks_of(
        &mut self,
        indexes: &[String],
    ) -> Result<Vec<Versioned<BlockedAgent>>, StoreError> {
        let mut found = Vec::new();
        for pair in indexes.chunks(2) {
            let (Some(one), Some(other)) = (pair.first(), pair.last()) else { continue };
            found.extend(self.find_all(&OF_PERSON, values![one, other]).await?);
        }
        Ok(found)
    }
}
