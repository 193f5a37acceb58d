//! What the domain says against an account, as problems.

use crate::api::words::both;
use crate::http::{Code, FieldError, Problem};
use crate::security::password::PasswordError;
use yinxin_registry::account::AccountFault;

/// The problem of a fault.
pub fn account_fault(fault: &AccountFault) -> Problem {
    let (zh, en) = both(&fault.to_string());
    let field = |pointer: &str, code| {
        Problem::new(Code::Validation).with_error(FieldError::body(pointer, code, zh.clone(), en.clone()))
    };
    match fault {
        AccountFault::Login => field("/login", "LOGIN"),
        AccountFault::Name => field("/name", "NAME"),
        AccountFault::ScopeKind { .. } => field("/scope", "SCOPE_KIND"),
        AccountFault::Exclusive { .. } => Problem::new(Code::RoleConflict).detail(zh, en),
        AccountFault::Self_ => Problem::new(Code::Forbidden).detail(zh, en),
        AccountFault::TooMany => Problem::new(Code::Conflict).rule("TOO_MANY_GRANTS").detail(zh, en),
        AccountFault::Grant => Problem::new(Code::Conflict).rule("GRANT").detail(zh, en),
    }
}

/// Why a password could not be hashed or compared.
pub fn password_fault(error: &PasswordError) -> Problem {
    match error {
        PasswordError::Busy => Problem::new(Code::Unavailable).retry_after(1),
        PasswordError::TooLong => Problem::new(Code::LoginFailed),
        PasswordError::StoredHash => {
            tracing::error!(code = error.code(), "a stored password hash is damaged");
            Problem::new(Code::Integrity)
        }
        _ => {
            tracing::error!(code = error.code(), "a password could not be hashed");
            Problem::new(Code::Internal)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_registry::role::Role;

    #[test]
    fn exclusive_roles_are_a_conflict_and_a_bad_login_names_its_field() {
        let (one, other) = (Role::SystemAdministrator, Role::AuditAdministrator);
        let conflict = account_fault(&AccountFault::Exclusive { one, other });
        assert_eq!(conflict.code(), Code::RoleConflict);
        assert!(conflict.document().detail.contains("审计管理员"));
        let bad = account_fault(&AccountFault::Login);
        assert_eq!(bad.code(), Code::Validation);
        assert_eq!(bad.document().errors[0].pointer.as_deref(), Some("/login"));
    }
}
