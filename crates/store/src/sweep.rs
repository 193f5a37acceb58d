//! Passes over whole tables: do all MACs hold, and after a change of the row key, new MACs for old rows.

use crate::record::{Stored, protected};
use crate::value::{Owned, Row, values};
use crate::{Access, StoreError, Tx};
use yinxin_registry::account::Account;
use yinxin_registry::area::{Area, Designation};
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::client::ApiClient;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::change::ChangeCase;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::maker::Maker;
use yinxin_registry::profile::ProfileVersion;
use yinxin_registry::unit::Unit;

/// What a part of a pass found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Rows looked at.
    pub rows: u64,
    /// Rows whose MAC was under an older key; [`Tx::renew_rows`] has renewed them.
    pub older: u64,
    /// Keys of rows whose MAC does not hold. They are left as they are.
    pub broken: Vec<String>,
    /// Where the next part begins; `None` at the end of the table.
    pub next: Option<String>,
}

struct Seen {
    id: String,
    version: i64,
    body: String,
    columns: Vec<Owned>,
    mac: Vec<u8>,
}

impl Seen {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let columns = (4..row.width()).map(|column| row.any(column)).collect::<Result<_, _>>()?;
        Ok(Self { id: row.text(0)?, version: row.int(1)?, body: row.text(2)?, mac: row.blob(3)?, columns })
    }
}

macro_rules! tables {
    ($($type:ty),+ $(,)?) => {
        /// Every table whose rows have a version and a MAC.
        pub const TABLES: &[&str] = &[$(<$type as Stored>::TABLE),+];

        impl Access {
            /// Checks the MACs of up to `limit` rows of a table behind key `after` (empty at the beginning).
            ///
            /// # Errors
            /// [`StoreError::NotFound`] for an unknown table; [`StoreError::Unavailable`].
            pub async fn check_rows(&mut self, table: &str, after: &str, limit: u32) -> Result<Sweep, StoreError> {
                $(if table == <$type as Stored>::TABLE {
                    return Ok(self.sweep::<$type>(after, limit).await?.0);
                })+
                Err(StoreError::NotFound { table: "table", id: table.to_owned() })
            }
        }

        impl Tx {
            /// Checks the MACs of up to `limit` rows behind key `after` and writes new ones under the current key where an older key
            /// was used. Versions stay.
            ///
            /// # Errors
            /// [`StoreError::NotFound`] for an unknown table; [`StoreError::Unavailable`].
            pub async fn renew_rows(&mut self, table: &str, after: &str, limit: u32) -> Result<Sweep, StoreError> {
                $(if table == <$type as Stored>::TABLE {
                    return self.renew::<$type>(after, limit).await;
                })+
                Err(StoreError::NotFound { table: "table", id: table.to_owned() })
            }
        }
    };
}

tables!(
    Area,
    Designation,
    ProfileVersion,
    BlockedAgent,
    Unit,
    Account,
    ApiClient,
    Maker,
    Application,
    Seal,
    ChangeCase
);

impl Access {
    async fn sweep<T: Stored>(&mut self, after: &str, limit: u32) -> Result<(Sweep, Vec<Seen>), StoreError> {
        let limit = i64::from(limit.max(1));
        let rows = self.rows(T::STATEMENTS.sweep, values![after, limit]).await?;
        let mut sweep = Sweep::default();
        let mut older = Vec::new();
        for row in &rows {
            let seen = Seen::read(row)?;
            sweep.rows += 1;
            sweep.next = Some(seen.id.clone());
            if !self.keys().verify(
                T::TABLE,
                &protected(&seen.id, seen.version, &seen.body, &seen.columns),
                &seen.mac,
            ) {
                sweep.broken.push(seen.id);
            } else if !self.keys().is_current(&seen.mac) {
                sweep.older += 1;
                older.push(seen);
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|found| found < limit) {
            sweep.next = None;
        }
        Ok((sweep, older))
    }
}

impl Tx {
    async fn renew<T: Stored>(&mut self, after: &str, limit: u32) -> Result<Sweep, StoreError> {
        let (sweep, older) = self.sweep::<T>(after, limit).await?;
        for seen in older {
            let mac =
                self.keys().mac(T::TABLE, &protected(&seen.id, seen.version, &seen.body, &seen.columns));
            self.execute(T::STATEMENTS.renew, values![&seen.id, seen.version, &mac]).await?;
        }
        Ok(sweep)
    }
}
