//! Exchange with other seal systems (互认与信息交换): which systems are recognized, what their signed lists say, what
//! goes out to them, what they tell of their seals, and whether both
//! sides have the same.

pub mod delivery;
pub mod foreign;
pub mod list;
pub mod peer;
pub mod reconciliation;
