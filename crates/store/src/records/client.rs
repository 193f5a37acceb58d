//! Clients of the API.

use crate::idempotency::KeptAnswer;
use crate::list::{LAST, ListFilter, Page};
use crate::record::{Versioned, read_from, record};
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::Timestamp;
use yinxin_registry::client::ApiClient;

record! {
    ApiClient, "client", key: |client| client.id.as_str(),
    columns: {
        name = 5: |client| client.name.as_str().into(),
        state = 6: |client| if client.enabled { "active" } else { "disabled" }.into(),
    },
    find: {
        NAME = "WHERE (name, id) > ($1, $2) AND name < $3 AND (CAST($5 AS TEXT) IS NULL OR state = $5) ORDER BY name, id LIMIT CAST($4 AS BIGINT)";
    },
    other: {
        WITH_ANSWER = "SELECT client.id, client.version, client.body, client.mac, client.name, client.state, \
                       i.request, i.status, i.headers, i.body \
                       FROM client LEFT JOIN idempotency i ON i.owner = client.id AND i.key = $2 AND i.expires_at > $3 \
                       WHERE client.id = $1";
    }
}

impl Access {
    /// A client together with the answer kept under an idempotency key of its, in one round trip.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn client_with_answer(
        &mut self,
        id: &str,
        idempotency_key: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<(Versioned<ApiClient>, Option<KeptAnswer>)>, StoreError> {
        let row = self.row(&WITH_ANSWER, values![id, idempotency_key, micros(now)]).await?;
        let Some(row) = row else { return Ok(None) };
        let client = read_from(&row, 0, 6, self.keys())?;
        let answer = row.maybe_blob(6)?.map(|_| KeptAnswer::read(&row, 6)).transpose()?;
        Ok(Some((client, answer)))
    }

    /// Clients by name; the filter's kind does not count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn clients(&mut self, filter: &ListFilter<'_>) -> Result<Page<ApiClient>, StoreError> {
        let first = filter.name.unwrap_or_default();
        let (name, id) = filter.position()?.filter(|(name, _)| *name >= first).unwrap_or((first, ""));
        let size = filter.size();
        let found = self
            .find_all(&NAME, values![name, id, &format!("{first}{LAST}"), size + 1, filter.state])
            .await?;
        Ok(Page::cut(found, size, |client: &ApiClient| format!("{}~{}", client.name, client.id)))
    }
}
