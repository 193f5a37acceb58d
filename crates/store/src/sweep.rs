//! Passes over whole tables: do all MACs hold, and after a change of a key, new MACs and new cipher texts for old rows.

use crate::record::{Stored, protected};
use crate::value::{Owned, Row, values};
use crate::{Access, StoreError, Tx};
use yinxin_registry::account::Account;
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::approval::standing::Standing;
use yinxin_registry::area::{Area, Designation};
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::client::ApiClient;
use yinxin_registry::correction::Ticket;
use yinxin_registry::custody::activation::Activation;
use yinxin_registry::custody::grant::UseGrant;
use yinxin_registry::custody::keeping::Keeping;
use yinxin_registry::drill::Drill;
use yinxin_registry::exchange::delivery::ExchangeDelivery;
use yinxin_registry::exchange::foreign::{ForeignSeal, ReceivedMessage};
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::Peer;
use yinxin_registry::exchange::reconciliation::Reconciliation;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::change::ChangeCase;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::maker::Maker;
use yinxin_registry::notice::Notice;
use yinxin_registry::profile::ProfileVersion;
use yinxin_registry::retention::disposal::Disposal;
use yinxin_registry::retention::dossier::Dossier;
use yinxin_registry::retention::rule::RetentionRule;
use yinxin_registry::supervision::SupervisionEntry;
use yinxin_registry::unit::Unit;
use yinxin_registry::usage::copy::RegisteredCopy;
use yinxin_registry::usage::document::UseItem;
use yinxin_registry::usage::record::UseRecord;
use yinxin_registry::usage::request::UseRequest;
use yinxin_registry::usage::templates::PlaceTemplates;
use yinxin_registry::use_rules::UseRules;
use yinxin_registry::verification::Verification;
use yinxin_registry::webhook::{Delivery, Webhook};

/// What a part of a pass found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Rows looked at.
    pub rows: u64,
    /// Rows under an older key; [`Tx::renew_rows`] has renewed them.
    pub older: u64,
    /// Keys of rows whose MAC does not hold, or that the rewriting refused. They are left as they are.
    pub broken: Vec<String>,
    /// Where the next part begins; `None` at the end of the table.
    pub next: Option<String>,
}

/// Puts parts of a row's body in place that were written under an older key: the row's key and body, whether it changed anything. A
/// row that it refuses is left as it is.
pub type Rewrite<'a> = dyn FnMut(&str, &mut serde_json::Value) -> Result<bool, String> + Send + 'a;

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
            /// was used, or where `rewrite` changed the body. Versions stay.
            ///
            /// # Errors
            /// [`StoreError::NotFound`] for an unknown table; [`StoreError::Unavailable`].
            pub async fn renew_rows(
                &mut self,
                table: &str,
                after: &str,
                limit: u32,
                rewrite: Option<&mut Rewrite<'_>>,
            ) -> Result<Sweep, StoreError> {
                $(if table == <$type as Stored>::TABLE {
                    return self.renew::<$type>(after, limit, rewrite).await;
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
    SupervisionEntry,
    Ticket,
    Drill,
    PlaceTemplates,
    UseRules,
    Application,
    Seal,
    ChangeCase,
    Keeping,
    Activation,
    UseGrant,
    Flow,
    Standing,
    UseRequest,
    UseItem,
    UseRecord,
    RetentionRule,
    Dossier,
    Disposal,
    RegisteredCopy,
    Verification,
    Notice,
    Webhook,
    Delivery,
    Peer,
    PeerList,
    ExchangeDelivery,
    ForeignSeal,
    ReceivedMessage,
    Reconciliation
);

impl Access {
    /// What a part of a table holds, and its rows whose MAC holds.
    async fn sweep<T: Stored>(&mut self, after: &str, limit: u32) -> Result<(Sweep, Vec<Seen>), StoreError> {
        let limit = i64::from(limit.max(1));
        let rows = self.rows(T::STATEMENTS.sweep, values![after, limit]).await?;
        let mut sweep = Sweep::default();
        let mut whole = Vec::new();
        for row in &rows {
            let seen = Seen::read(row)?;
            sweep.rows += 1;
            sweep.next = Some(seen.id.clone());
            let values = protected(&seen.id, seen.version, &seen.body, &seen.columns);
            if !self.keys().verify(T::TABLE, &values, &seen.mac) {
                sweep.broken.push(seen.id);
                continue;
            }
            sweep.older += u64::from(!self.keys().is_current(&seen.mac));
            whole.push(seen);
        }
        if i64::try_from(rows.len()).is_ok_and(|found| found < limit) {
            sweep.next = None;
        }
        Ok((sweep, whole))
    }
}

impl Tx {
    async fn renew<T: Stored>(
        &mut self,
        after: &str,
        limit: u32,
        mut rewrite: Option<&mut Rewrite<'_>>,
    ) -> Result<Sweep, StoreError> {
        let (mut sweep, whole) = self.sweep::<T>(after, limit).await?;
        for seen in whole {
            let current = self.keys().is_current(&seen.mac);
            let changed = match rewrite.as_mut().map(|rewrite| rewritten::<T>(&seen, &mut **rewrite)) {
                None => None,
                Some(Ok(changed)) => changed,
                Some(Err(Refused)) => {
                    sweep.broken.push(seen.id);
                    continue;
                }
            };
            if let Some((body, columns)) = changed {
                let mac = self.keys().mac(T::TABLE, &protected(&seen.id, seen.version, &body, &columns));
                let mut values = values![&seen.id, seen.version, &body, &mac].to_vec();
                values.extend(columns.iter().map(Owned::as_value));
                self.execute(T::STATEMENTS.rewrite, &values).await?;
                sweep.older += u64::from(current);
            } else if !current {
                let mac =
                    self.keys().mac(T::TABLE, &protected(&seen.id, seen.version, &seen.body, &seen.columns));
                self.execute(T::STATEMENTS.renew, values![&seen.id, seen.version, &mac]).await?;
            }
        }
        Ok(sweep)
    }
}

/// A row that cannot be rewritten.
struct Refused;

/// Body and columns of a row that `rewrite` changed.
fn rewritten<T: Stored>(
    seen: &Seen,
    rewrite: &mut Rewrite<'_>,
) -> Result<Option<(String, Vec<Owned>)>, Refused> {
    let mut body = serde_json::from_str(&seen.body).map_err(|_| Refused)?;
    if !rewrite(&seen.id, &mut body).map_err(|_| Refused)? {
        return Ok(None);
    }
    let value: T = serde_json::from_value(body).map_err(|_| Refused)?;
    let body = serde_json::to_string(&value).map_err(|_| Refused)?;
    Ok(Some((body, value.columns())))
}
