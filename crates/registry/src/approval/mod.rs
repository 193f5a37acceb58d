//! Approval of the use of seals (用印审批): flows as data, the course of one approval, and standing authorizations for programs.

pub mod course;
pub mod flow;
pub mod standing;
