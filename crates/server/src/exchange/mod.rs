//! Exchange with other seal systems (互认与信息交换): the trust list this authority signs, those of others that verification relies on, what
//! goes out about its seals, and what comes in about theirs.

pub mod imported;
mod lists;
mod message;
pub(crate) mod outbox;
mod receipt;
mod reconcile;
mod statement;
mod summary;
mod trust_list;

pub use imported::{Imported, ListFault};
pub(crate) use lists::Lists;
pub use message::{MESSAGE_FORMAT, MessageSeal, MessageSince, SealMessage};
pub(crate) use outbox::{JOB as OUTBOX_JOB, lane as outbox_lane};
pub use receipt::{RECEIPT_FORMAT, ReceiptFault, ReceiptStatement};
pub(crate) use receipt::{certificates_of, read as read_receipt, sign as sign_receipt};
pub(crate) use reconcile::{JOB as RECONCILE_JOB, ReconcileOrder};
pub use statement::{
    FORMAT, ListAddresses, ListedCertificate, ListedLicense, ListedMaker, ListedSystem, TrustListStatement,
};
pub use summary::{RECEIVED_FORMAT, ReceivedStatement, SUMMARY_FORMAT, SummaryStatement};
pub(crate) use summary::{receipted, received, window, yesterday};
pub(crate) use trust_list::{Shelf, signed};
