//! Times as the database holds them: microseconds since 1970 UTC.

use crate::StoreError;
use jiff::Timestamp;

pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

pub(crate) fn timestamp(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Internal(Box::new(error)))
}

pub(crate) fn maybe_timestamp(micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros.map(timestamp).transpose()
}
