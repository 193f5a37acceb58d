//! Messages of other systems that were taken in.

use crate::record::{Versioned, record};
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::Timestamp;
use yinxin_registry::exchange::foreign::ReceivedMessage;

record! {
    ReceivedMessage, "exchange_received", key: |message| message.id.as_str(),
    columns: {
        system = 5: |message| message.system.as_str().into(),
        code = 6: |message| message.code.as_str().into(),
        at = 7: |message| micros(message.at).into(),
    },
    find: {
        OF_TIME = "WHERE system = $1 AND at >= $2 AND at < $3 ORDER BY at, id LIMIT CAST($4 AS BIGINT)";
    }
}

impl Access {
    /// Messages of a system that were received from a moment on until before another, in their order; at most so many.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn received_messages(
        &mut self,
        system: &str,
        from: Timestamp,
        until: Timestamp,
        most: i64,
    ) -> Result<Vec<Versioned<ReceivedMessage>>, StoreError> {
        self.find_all(&OF_TIME, values![system, micros(from), micros(until), most]).await
    }
}
