//! Areas.

use crate::list::{ListFilter, Lists, Page, Placed, by_name, place};
use crate::record::record;
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::area::{Area, AreaPath};

record! {
    Area, "area", key: |area| area.code.as_str(),
    columns: {
        area_path = 5: |area| area.path.as_str().into(),
        name = 6: |area| area.name.as_str().into(),
    },
    find: {
        PLACE = place!("'area'", "'area'");
        NAME = by_name!("'area'", "'area'");
        /// What stands right under an area has one slash more than its path. The tree is small: this passes over its deeper levels.
        CHILDREN = "WHERE (area_path, id) > ($1, $2) AND area_path < $3 \
                    AND length(area_path) - length(replace(area_path, '/', '')) = CAST($5 AS BIGINT) ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)";
    }
}

impl Placed for Area {
    const LISTS: &'static Lists = &Lists { name: Some(&NAME), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.path.as_str()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Access {
    /// Areas right under one, by code; of the filter only cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn area_children(
        &mut self,
        parent: &AreaPath,
        filter: &ListFilter<'_>,
    ) -> Result<Page<Area>, StoreError> {
        let size = filter.size();
        let position = filter.position()?;
        let (path, id) =
            position.filter(|(path, _)| *path >= parent.as_str()).unwrap_or((parent.as_str(), ""));
        let slashes = parent.as_str().bytes().filter(|b| *b == b'/').count() + 1;
        let slashes = i64::try_from(slashes).unwrap_or(i64::MAX);
        let areas = self.find_all(&CHILDREN, values![path, id, &parent.end(), size + 1, slashes]).await?;
        Ok(Page::cut(areas, size, |area: &Area| format!("{}~{}", area.path, area.code)))
    }
}
