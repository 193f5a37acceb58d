use crate::life::{at, seal_id};
use crate::samples::*;
use proptest::prelude::*;
use yinxin_registry::ids::UseItemId;
use yinxin_registry::usage::token::{Asked, Claims, DOMAIN};

fn claims() -> Claims {
    let digest = |byte: &str| byte.repeat(32);
    Claims {
        id: token_id('1'),
        request: request_id(),
        item: UseItemId::parse(&format!("item_{}1", "0".repeat(25))).unwrap(),
        seal: seal_id('1'),
        seal_digest: digest("01"),
        key_digest: digest("02"),
        document: digest("03"),
        line: digest("04"),
        data_hash: digest("05"),
        approval: digest("06"),
        issued_at: at(0),
        until: at(300),
    }
}

/// What `claims` are for.
fn asked(claims: &Claims) -> Asked<'_> {
    Asked {
        seal_digest: &claims.seal_digest,
        key_digest: &claims.key_digest,
        data_hash: &claims.data_hash,
        approval: Some(&claims.approval),
    }
}

fn code(claims: &Claims, asked: &Asked<'_>, second: i64) -> &'static str {
    claims.allow(asked, at(second)).map_or_else(|refused| refused.code(), |()| "allowed")
}

#[test]
fn a_token_allows_exactly_what_it_names() {
    let claims = claims();
    let right = asked(&claims);
    let other = "ff".repeat(32);
    assert_eq!(code(&claims, &right, 10), "allowed");
    assert_eq!(code(&claims, &Asked { seal_digest: &other, ..right }, 10), "TOKEN_SEAL");
    assert_eq!(code(&claims, &Asked { key_digest: &other, ..right }, 10), "TOKEN_KEY");
    assert_eq!(code(&claims, &Asked { data_hash: &other, ..right }, 10), "TOKEN_DOCUMENT");
    assert_eq!(code(&claims, &Asked { approval: Some(&other), ..right }, 10), "TOKEN_APPROVAL");
    assert_eq!(code(&claims, &Asked { approval: None, ..right }, 10), "TOKEN_APPROVAL");
}

#[test]
fn a_token_has_its_time() {
    let claims = claims();
    assert_eq!(code(&claims, &asked(&claims), 299), "allowed");
    assert_eq!(code(&claims, &asked(&claims), 300), "TOKEN_OVER");
    assert_eq!(code(&claims, &asked(&claims), -30), "allowed", "clocks differ a little");
    assert_eq!(code(&claims, &asked(&claims), -31), "TOKEN_NOT_YET");
    let long = Claims { until: at(901), ..claims };
    assert_eq!(code(&long, &asked(&long), 10), "TOKEN_LONG");
}

#[test]
fn claims_have_one_form_only() {
    let claims = claims();
    let bytes = claims.canonical();
    assert_eq!(Claims::parse(&bytes).unwrap(), claims);
    let text = String::from_utf8(bytes).unwrap();
    let spaced = text.replace("{\"id\"", "{ \"id\"");
    let doubled = text.replace("{\"id\"", "{\"id\":\"tkn_00000000000000000000000002\",\"id\"");
    let longer = text.replace("{\"id\"", "{\"more\":1,\"id\"");
    let bare = text.replace(DOMAIN, "");
    for bad in [spaced, doubled, longer, bare, format!("{text} "), String::new()] {
        assert_eq!(Claims::parse(bad.as_bytes()).unwrap_err().code(), "TOKEN_FORM", "{bad}");
    }
}

proptest! {
    #[test]
    fn bytes_that_are_no_claims_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Claims::parse(&bytes).is_err());
    }
}
