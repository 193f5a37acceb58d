//! The form in which a typed password is hashed and compared.

use crate::security::{Secret, one_time};

/// Characters of a one-time password without its dashes.
const ONE_TIME: usize = 24;
/// Longer passwords are refused before they are looked at.
pub(super) const LONGEST: usize = 512;

/// Whether a text has the form of a one-time password. Nobody may choose one of this form, so it is always known which a typed
/// password is.
pub(super) fn is_one_time(typed: &Secret) -> bool {
    one_time::normalize(typed.reveal()).is_some_and(|code| code.reveal().len() == ONE_TIME)
}

/// A one-time password in capitals without dashes and spaces, any other password as it was typed.
pub(super) fn form(typed: &Secret) -> Secret {
    match one_time::normalize(typed.reveal()) {
        Some(code) if code.reveal().len() == ONE_TIME => code,
        _ => typed.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_passwords_may_be_typed_in_any_way_and_others_only_as_they_are() {
        let typed = |text: &str| Secret::new(text);
        let code = "2345-6789-abcd-EFGH-JKLM-NPQR";
        assert_eq!(form(&typed(code)).reveal(), "23456789ABCDEFGHJKLMNPQR");
        assert_eq!(form(&typed("2345 6789abcdefgh jklmnpqr")).reveal(), "23456789ABCDEFGHJKLMNPQR");
        assert!(is_one_time(&typed(code)));
        // The form of a recovery code, but nobody's one-time password.
        let chosen = typed("abcd-efgh-jkmn-pqrs");
        assert_eq!(form(&chosen).reveal(), chosen.reveal());
        assert!(!is_one_time(&chosen));
    }
}
