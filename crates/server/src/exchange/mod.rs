//! Exchange with other seal systems (互认与信息交换): the trust list this authority signs, and those of others that verification relies on.

pub mod imported;
mod lists;
mod statement;
mod trust_list;

pub use imported::{Imported, ListFault};
pub(crate) use lists::Lists;
pub use statement::{
    FORMAT, ListAddresses, ListedCertificate, ListedLicense, ListedMaker, ListedSystem, TrustListStatement,
};
pub(crate) use trust_list::{Shelf, signed};
