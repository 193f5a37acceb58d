//! Unified social credit codes, resident identity numbers, kinds of seals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use yinxin_registry::credit_code::{CreditCode, CreditCodeError};
use yinxin_registry::profile::{ApplicantKind, SealClass, SealKind};
use yinxin_registry::resident_id::{ResidentId, ResidentIdError};

const TODAY: Date = date(2026, 3, 1);

/// The example of GB 32100-2015 and test values of other published implementations.
const PUBLISHED_CODES: [&str; 3] = ["91350100M000100Y43", "91110000600037341L", "91110108551385082Q"];

#[test]
fn published_credit_codes_are_read() {
    for text in PUBLISHED_CODES {
        let code = CreditCode::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(code.to_string(), text);
        assert_eq!(code.division(), &text[2..8]);
    }
}

#[test]
fn a_wrong_length_is_told_in_characters() {
    assert_eq!(CreditCode::parse(""), Err(CreditCodeError::Length { found: 0 }));
    assert_eq!(CreditCode::parse("91350100M000100Y4"), Err(CreditCodeError::Length { found: 17 }));
    assert_eq!(CreditCode::parse("统一"), Err(CreditCodeError::Length { found: 2 }));
    assert_eq!(CreditCode::parse("").unwrap_err().code(), "CREDIT_CODE_LENGTH");
}

#[test]
fn characters_outside_the_alphabet_are_named_with_their_place() {
    for bad in ['I', 'O', 'S', 'V', 'Z', 'a', ' ', '-', '印', '０'] {
        let text: String =
            PUBLISHED_CODES[0].chars().enumerate().map(|(i, c)| if i == 9 { bad } else { c }).collect();
        assert_eq!(CreditCode::parse(&text), Err(CreditCodeError::Character { position: 10, found: bad }));
    }
    assert_eq!(
        CreditCode::parse("91A50100M000100Y43"),
        Err(CreditCodeError::Character { position: 3, found: 'A' }),
        "the division code is digits"
    );
}

#[test]
fn the_check_character_expected_is_told() {
    assert_eq!(
        CreditCode::parse("91350100M000100Y40"),
        Err(CreditCodeError::Check { expected: '3', found: '0' })
    );
}

#[test]
fn credit_codes_are_json_strings_and_checked_on_the_way_in() {
    let code: CreditCode = serde_json::from_str("\"91350100M000100Y43\"").unwrap();
    assert_eq!(serde_json::to_string(&code).unwrap(), "\"91350100M000100Y43\"");
    let error = serde_json::from_str::<CreditCode>("\"91350100M000100Y4X\"").unwrap_err().to_string();
    assert!(error.contains("校验位"), "{error}");
}

/// The rule of the standard written a second way: the whole code with weight 1 on the check value is 0 modulo 31.
fn congruent(text: &str) -> bool {
    let values: Vec<u64> =
        text.chars().map(|c| "0123456789ABCDEFGHJKLMNPQRTUWXY".find(c).unwrap() as u64).collect();
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (sum + values[17]).is_multiple_of(31)
}

proptest! {
    #[test]
    fn exactly_one_check_character_fits(body in "[1-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}") {
        let right: Vec<String> = "0123456789ABCDEFGHJKLMNPQRTUWXY"
            .chars()
            .map(|check| format!("{body}{check}"))
            .filter(|text| CreditCode::parse(text).is_ok())
            .collect();
        prop_assert_eq!(right.len(), 1);
        prop_assert!(congruent(&right[0]));
    }

    #[test]
    fn one_wrong_character_is_always_found(place in 0usize..18, other in "[0-9A-HJ-NPQRTUWXY]") {
        let code = PUBLISHED_CODES[0];
        let text = format!("{}{other}{}", &code[..place], &code[place + 1..]);
        prop_assert_eq!(CreditCode::parse(&text).is_ok(), text == code);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,24}") {
        let _ = CreditCode::parse(&text);
        let _ = ResidentId::parse(&text, TODAY);
    }
}

/// The example in the annex of GB 11643-1999, and made-up numbers with right check characters.
const NUMBERS: [&str; 3] = ["11010519491231002X", "440524188001010014", "110101199003071233"];

#[test]
fn the_examples_of_the_standard_are_read_where_the_birth_date_can_be() {
    let id = ResidentId::parse(NUMBERS[0], TODAY).unwrap();
    assert_eq!(id.birth_date(), date(1949, 12, 31));
    assert_eq!(id.reveal(), NUMBERS[0]);
    // The standard's second example was born in 1880: a right check character and an implausible date.
    assert_eq!(ResidentId::parse(NUMBERS[1], TODAY), Err(ResidentIdError::BirthDate));
}

#[test]
fn a_small_x_is_the_same_number() {
    assert_eq!(
        ResidentId::parse("11010519491231002x", TODAY).unwrap(),
        ResidentId::parse(NUMBERS[0], TODAY).unwrap()
    );
}

#[test]
fn faults_of_resident_ids_tell_places_and_no_digits() {
    let cases = [
        ("1101051949123100", ResidentIdError::Length { found: 16 }, "RESIDENT_ID_LENGTH"),
        ("1101O519491231002X", ResidentIdError::Character { position: 5 }, "RESIDENT_ID_CHARACTER"),
        ("X1010519491231002X", ResidentIdError::Character { position: 1 }, "RESIDENT_ID_CHARACTER"),
        ("99X10519491231002X", ResidentIdError::Character { position: 3 }, "RESIDENT_ID_CHARACTER"),
        ("00010519491231002X", ResidentIdError::Division, "RESIDENT_ID_DIVISION"),
        ("11010519490229002X", ResidentIdError::BirthDate, "RESIDENT_ID_BIRTH_DATE"),
        ("110105202603020028", ResidentIdError::BirthDate, "RESIDENT_ID_BIRTH_DATE"),
        ("110105194912310020", ResidentIdError::Check, "RESIDENT_ID_CHECK"),
    ];
    for (text, expected, code) in cases {
        let error = ResidentId::parse(text, TODAY).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert_eq!(error.code(), code);
        assert!(!error.to_string().contains(&text[6..14]), "{error}");
    }
}

#[test]
fn debug_and_mask_show_first_three_and_last_four() {
    let id = ResidentId::parse(NUMBERS[0], TODAY).unwrap();
    assert_eq!(id.masked(), "110***********002X");
    assert_eq!(format!("{id:?}"), "ResidentId(110***********002X)");
    assert_eq!(id.masked().chars().count(), 18);
}

#[test]
fn every_single_wrong_digit_of_a_resident_id_is_found() {
    for place in 0..18 {
        for other in "0123456789X".chars() {
            let text = format!("{}{other}{}", &NUMBERS[0][..place], &NUMBERS[0][place + 1..]);
            assert_eq!(ResidentId::parse(&text, TODAY).is_ok(), text == NUMBERS[0], "{text}");
        }
    }
}

#[test]
fn kind_codes_are_the_same_in_json_and_in_text() {
    for kind in SealKind::ALL {
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        assert_eq!(kind.as_str().parse::<SealKind>().unwrap(), kind);
        assert!(!kind.name_zh().is_ascii() && kind.name_en().is_ascii());
    }
    for kind in ApplicantKind::ALL {
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        assert_eq!(kind.as_str().parse::<ApplicantKind>().unwrap(), kind);
    }
    assert_eq!("seal".parse::<SealKind>().unwrap_err().code(), "KIND_UNKNOWN");
}

#[test]
fn kinds_carry_the_national_type_codes() {
    let expected = [
        (SealKind::LegalName, "01"),
        (SealKind::BusinessFinance, "02"),
        (SealKind::BusinessInvoice, "03"),
        (SealKind::BusinessContract, "04"),
        (SealKind::PersonalLegalRepresentative, "05"),
        (SealKind::PersonalStaff, "05"),
        (SealKind::InternalBody, "99"),
        (SealKind::BusinessCustoms, "99"),
    ];
    for (kind, code) in expected {
        assert_eq!(kind.type_code(), code, "{kind}");
    }
}

#[test]
fn only_the_legal_name_seal_is_unique_and_only_business_seals_are_numbered() {
    for kind in SealKind::ALL {
        assert_eq!(kind.is_unique_per_unit(), kind == SealKind::LegalName, "{kind}");
        assert_eq!(kind.is_numbered(), kind.class() == SealClass::Business, "{kind}");
        assert_eq!(kind.is_personal(), kind.type_code() == "05", "{kind}");
    }
}
