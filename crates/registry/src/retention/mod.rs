//! How long the contents of sealed documents are kept, and how they are disposed of (保管期限与鉴定销毁): by the unit's rule, never below the
//! least of its area; nothing goes by itself, only by a list that a second person agreed to; a hold keeps everything. Registers, digests,
//! codes and the audit log stay for ever.

pub mod disposal;
pub mod dossier;
pub mod outcome;
pub mod rule;
