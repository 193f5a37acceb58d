//! Exchange with other seal systems (互认与信息交换): which systems are recognized, and what their signed lists say.

pub mod list;
pub mod peer;
