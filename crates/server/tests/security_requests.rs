//! Signed requests of programs: canonical text, window, nonce, body, and the same by OpenSSL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::{KeyAlgorithm, PublicKey, SigningKey, Sm3, SoftwareKey};
use yinxin_server::security::Secret;
use yinxin_server::security::request_signature::{
    RequestLine, RequestSigner, RequestVerifier, SignRequestError, SignatureHeaders, SignatureRefused,
    SignedHeaders, generate_client_secret, sign_request, verify_head, verify_request,
};
use yinxin_testkit::clock::now;
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::pki::key;
use yinxin_testkit::rng::SeededRng;

const CLIENT: &str = "clnt_0example";
const SECRET: &str = "example-secret-not-for-use";
const BODY: &[u8] = r#"{"name":"示例"}"#.as_bytes();
/// The test vector of the module's documentation.
const VECTOR: SignatureHeaders<'static> = SignatureHeaders {
    client: CLIENT,
    timestamp: "1795305600",
    nonce: "0123456789abcdef",
    content_sm3: "62c256d573bff20c90b98acfaaaef4551110acd83294745c295707ad2a33b57a",
    signature: "hmac-sm3=eb26e28e5cabc2896faaa35c9b7c03a5d3a5c0ba8f8cf48f79454b5b43f0c998",
};

fn line() -> RequestLine<'static> {
    RequestLine::new("POST", "/api/v1/units?b=2&a=1")
}

fn hmac() -> RequestVerifier {
    RequestVerifier::HmacSm3(Secret::new(SECRET))
}

fn sm2_key() -> std::sync::Arc<SoftwareKey> {
    key("request client", KeyAlgorithm::Sm2)
}

fn sm2() -> RequestVerifier {
    RequestVerifier::from_public_key(&sm2_key().public_key().spki_der()).unwrap()
}

fn check(headers: &SignatureHeaders<'_>) -> Result<(), SignatureRefused> {
    verify_request(headers, &hmac(), &line(), BODY, now()).map(|_| ())
}

fn view(signed: &SignedHeaders) -> SignatureHeaders<'_> {
    SignatureHeaders::read(|name| signed.pairs().into_iter().find(|(n, _)| *n == name).map(|(_, v)| v))
        .unwrap()
        .unwrap()
}

fn signed(signer: &RequestSigner<'_>) -> SignedHeaders {
    sign_request(CLIENT, signer, &line(), BODY, now(), &mut SeededRng::new("nonce")).unwrap()
}

#[test]
fn the_documented_vector_verifies() {
    let verified = verify_request(&VECTOR, &hmac(), &line(), BODY, now()).unwrap();
    assert_eq!((verified.client.as_str(), verified.nonce.as_str()), (CLIENT, "0123456789abcdef"));
    assert_eq!(verified.signed_at, now());
}

/// The commands of the module's documentation.
#[test]
fn openssl_computes_the_documented_vector() {
    let lab = Lab::new("security-hmac");
    lab.write("body.json", BODY);
    let digest = lab.openssl(&["dgst", "-sm3", "-r", "body.json"]);
    assert_eq!(&digest[..64], VECTOR.content_sm3);
    let text = format!(
        "YINXIN1-HMAC-SM3\n{CLIENT}\n1795305600\n0123456789abcdef\nPOST\n/api/v1/units\na=1&b=2\n{}",
        VECTOR.content_sm3
    );
    lab.write("request.txt", text);
    let macopt = format!("key:{SECRET}");
    let code = lab.openssl(&["dgst", "-sm3", "-mac", "HMAC", "-macopt", &macopt, "-r", "request.txt"]);
    assert_eq!(format!("hmac-sm3={}", &code[..64]), VECTOR.signature);
}

#[test]
fn a_request_signed_by_openssl_with_sm2_verifies() {
    let lab = Lab::new("security-sm2");
    lab.openssl(&["genpkey", "-algorithm", "SM2", "-out", "key.pem"]);
    lab.openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "pub.pem"]);
    let text = format!(
        "YINXIN1-SM2-SM3\n{CLIENT}\n1795305600\n0123456789abcdef\nPOST\n/api/v1/units\na=1&b=2\n{}",
        VECTOR.content_sm3
    );
    lab.write("request.txt", text);
    let sigopt = "distid:1234567812345678";
    let out = lab.openssl(&["dgst", "-sm3", "-sign", "key.pem", "-sigopt", sigopt, "-hex", "request.txt"]);
    let signature = format!("sm2-sm3={}", out.trim().rsplit(' ').next().unwrap());
    let headers = SignatureHeaders { signature: &signature, ..VECTOR };
    let verifier = RequestVerifier::from_public_key(&lab.read("pub.pem")).unwrap();
    assert!(verify_request(&headers, &verifier, &line(), BODY, now()).is_ok());
    assert_eq!(verify_request(&headers, &verifier, &line(), b"{}", now()), Err(SignatureRefused::Content));
}

#[test]
fn what_a_client_signs_the_server_verifies_with_either_key() {
    let secret = generate_client_secret(&mut SeededRng::new("secret"));
    assert_eq!(secret.reveal().len(), 43);
    let by_secret = signed(&RequestSigner::HmacSm3(&secret));
    assert!(by_secret.signature.starts_with("hmac-sm3="));
    assert!(
        verify_request(&view(&by_secret), &RequestVerifier::HmacSm3(secret), &line(), BODY, now()).is_ok()
    );
    let by_key = signed(&RequestSigner::Sm2(&*sm2_key()));
    assert!(by_key.signature.starts_with("sm2-sm3="));
    assert!(verify_request(&view(&by_key), &sm2(), &line(), BODY, now()).is_ok());
    assert_ne!(
        by_key.nonce,
        sign_request(
            CLIENT,
            &RequestSigner::Sm2(&*sm2_key()),
            &line(),
            BODY,
            now(),
            &mut SeededRng::new("other")
        )
        .unwrap()
        .nonce
    );
}

#[test]
fn every_part_of_the_request_is_signed() {
    let refused = |line: RequestLine<'_>| verify_request(&VECTOR, &hmac(), &line, BODY, now()).unwrap_err();
    for (method, target) in [
        ("PUT", "/api/v1/units?b=2&a=1"),
        ("POST", "/api/v1/unit?b=2&a=1"),
        ("POST", "/api/v1/units/?b=2&a=1"),
        ("POST", "/api/v1/units"),
        ("POST", "/api/v1/units?b=2&a=2"),
        ("POST", "/api/v1/units?b=2&a=1&a=1"),
        ("POST", "/api/v1/units?b=2%26a=1"),
        ("POST", "/api/v1/units?b=1&a=2"),
    ] {
        assert_eq!(
            refused(RequestLine::new(method, target)),
            SignatureRefused::Signature,
            "{method} {target}"
        );
    }
    assert_eq!(verify_request(&VECTOR, &hmac(), &line(), b"{}", now()), Err(SignatureRefused::Content));
    let other = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b";
    for changed in [
        SignatureHeaders { client: "clnt_0other", ..VECTOR },
        SignatureHeaders { timestamp: "1795305601", ..VECTOR },
        SignatureHeaders { nonce: "0123456789abcdeg", ..VECTOR },
        SignatureHeaders { content_sm3: other, ..VECTOR },
    ] {
        assert_eq!(check(&changed), Err(SignatureRefused::Signature), "{changed:?}");
    }
    let wrong = RequestVerifier::HmacSm3(Secret::new("another secret"));
    assert_eq!(verify_request(&VECTOR, &wrong, &line(), BODY, now()), Err(SignatureRefused::Signature));
}

#[test]
fn the_order_of_query_parts_and_empty_ones_do_not_matter() {
    for target in ["/api/v1/units?a=1&b=2", "/api/v1/units?&b=2&&a=1&"] {
        assert!(
            verify_request(&VECTOR, &hmac(), &RequestLine::new("POST", target), BODY, now()).is_ok(),
            "{target}"
        );
    }
}

#[test]
fn the_window_is_five_minutes_to_both_sides() {
    let at = |moment: Timestamp| verify_request(&VECTOR, &hmac(), &line(), BODY, moment);
    let five = SignedDuration::from_mins(5);
    let one = SignedDuration::from_secs(1);
    assert!(at(now() + five).is_ok() && at(now() - five).is_ok());
    assert_eq!(at(now() + five + one), Err(SignatureRefused::Window));
    assert_eq!(at(now() - five - one), Err(SignatureRefused::Window));
    // As long as the request is accepted its nonce is remembered.
    let forget = at(now()).unwrap().forget_nonce_at;
    assert_eq!(at(forget), Err(SignatureRefused::Window));
}

#[test]
fn headers_out_of_form_are_told_by_name() {
    let long = "n".repeat(65);
    let upper = VECTOR.content_sm3.to_uppercase();
    for (headers, name) in [
        (SignatureHeaders { client: "", ..VECTOR }, "Yinxin-Client"),
        (SignatureHeaders { client: "a\nb", ..VECTOR }, "Yinxin-Client"),
        (SignatureHeaders { nonce: "short", ..VECTOR }, "Yinxin-Nonce"),
        (SignatureHeaders { nonce: &long, ..VECTOR }, "Yinxin-Nonce"),
        (SignatureHeaders { nonce: "0123456789abcde ", ..VECTOR }, "Yinxin-Nonce"),
        (SignatureHeaders { timestamp: "01795305600", ..VECTOR }, "Yinxin-Timestamp"),
        (SignatureHeaders { timestamp: "+1795305600", ..VECTOR }, "Yinxin-Timestamp"),
        (SignatureHeaders { timestamp: "2026-11-22T00:00:00Z", ..VECTOR }, "Yinxin-Timestamp"),
        (SignatureHeaders { timestamp: "99999999999999999999", ..VECTOR }, "Yinxin-Timestamp"),
        (SignatureHeaders { content_sm3: "abc", ..VECTOR }, "Yinxin-Content-SM3"),
        (SignatureHeaders { content_sm3: &upper, ..VECTOR }, "Yinxin-Content-SM3"),
        (SignatureHeaders { signature: "hmac-sm3", ..VECTOR }, "Yinxin-Signature"),
        (SignatureHeaders { signature: "hmac-sm3=xyz", ..VECTOR }, "Yinxin-Signature"),
    ] {
        assert_eq!(check(&headers), Err(SignatureRefused::Header(name)), "{headers:?}");
    }
}

#[test]
fn signature_headers_are_read_all_or_none() {
    let pairs = signed(&RequestSigner::HmacSm3(&Secret::new(SECRET)));
    assert_eq!(SignatureHeaders::read(|_| None), Ok(None));
    for (missing, _) in pairs.pairs() {
        let read = SignatureHeaders::read(|name| {
            pairs.pairs().into_iter().find(|(n, _)| *n == name && *n != missing).map(|(_, v)| v)
        });
        assert_eq!(read, Err(SignatureRefused::Header(missing)));
    }
}

#[test]
fn the_registered_key_decides_on_the_algorithm() {
    assert_eq!(verify_request(&VECTOR, &sm2(), &line(), BODY, now()), Err(SignatureRefused::Algorithm));
    let by_key = signed(&RequestSigner::Sm2(&*sm2_key()));
    assert_eq!(
        verify_request(&view(&by_key), &hmac(), &line(), BODY, now()),
        Err(SignatureRefused::Algorithm)
    );
    // The text of one algorithm is not that of the other, so no value serves under both names.
    let renamed = by_key.signature.replace("sm2-sm3", "hmac-sm3");
    let headers = SignatureHeaders { signature: &renamed, ..view(&by_key) };
    assert_eq!(verify_request(&headers, &hmac(), &line(), BODY, now()), Err(SignatureRefused::Signature));
    for none in ["none=", "=", "HMAC-SM3=00", "hmac-sm3 =00"] {
        let headers = SignatureHeaders { signature: none, ..VECTOR };
        assert_eq!(check(&headers), Err(SignatureRefused::Algorithm), "{none}");
    }
    assert_eq!(
        check(&SignatureHeaders { signature: "hmac-sm3=", ..VECTOR }),
        Err(SignatureRefused::Signature)
    );
}

#[test]
fn an_empty_secret_verifies_nothing() {
    let empty = Secret::new("");
    let by_empty = signed(&RequestSigner::HmacSm3(&empty));
    let verifier = RequestVerifier::HmacSm3(empty);
    assert_eq!(
        verify_request(&view(&by_empty), &verifier, &line(), BODY, now()),
        Err(SignatureRefused::Signature)
    );
}

#[test]
fn a_body_read_piece_by_piece_is_compared_at_the_end() {
    let stream = |parts: &[&[u8]]| {
        let mut digest = Sm3::new();
        parts.iter().for_each(|p| digest.update(p));
        verify_head(&VECTOR, &hmac(), &line(), now()).unwrap().with_streamed(digest)
    };
    let (a, b) = BODY.split_at(5);
    assert!(stream(&[a, b]).is_ok());
    assert_eq!(stream(&[b, a]), Err(SignatureRefused::Content));
    assert_eq!(stream(&[a]), Err(SignatureRefused::Content));
}

#[test]
fn requests_that_could_be_read_in_two_ways_are_neither_signed_nor_verified() {
    let secret = Secret::new(SECRET);
    let signer = RequestSigner::HmacSm3(&secret);
    for line in [
        RequestLine { method: "post", path: "/a", query: None },
        RequestLine { method: "", path: "/a", query: None },
        RequestLine { method: "GET\n/a", path: "/b", query: None },
        RequestLine { method: "GET", path: "a", query: None },
        RequestLine { method: "GET", path: "/a?b", query: None },
        RequestLine { method: "GET", path: "/a\n", query: None },
        RequestLine { method: "GET", path: "/示例", query: None },
        RequestLine { method: "GET", path: "/a", query: Some("x y") },
        RequestLine { method: "GET", path: "/a", query: Some("x#y") },
    ] {
        let refused = sign_request(CLIENT, &signer, &line, b"", now(), &mut SeededRng::new("n"));
        assert_eq!(refused, Err(SignRequestError::Request), "{line:?}");
        assert_eq!(
            verify_request(&VECTOR, &hmac(), &line, BODY, now()),
            Err(SignatureRefused::Request),
            "{line:?}"
        );
    }
    let refused = sign_request("clnt\n", &signer, &line(), b"", now(), &mut SeededRng::new("n"));
    assert_eq!(refused, Err(SignRequestError::Request));
}

#[test]
fn only_sm2_keys_sign_and_verify_requests() {
    let p256 = key("p256 client", KeyAlgorithm::P256);
    assert!(RequestVerifier::from_public_key(&p256.public_key().spki_der()).is_none());
    assert!(RequestVerifier::from_public_key(b"no key").is_none());
    let refused =
        sign_request(CLIENT, &RequestSigner::Sm2(&*p256), &line(), BODY, now(), &mut SeededRng::new("n"));
    assert_eq!(refused, Err(SignRequestError::NotSm2));
    assert!(matches!(sm2_key().public_key(), PublicKey::Sm2(_)));
}

#[test]
fn debug_outputs_show_no_secret() {
    assert_eq!(format!("{:?} {:?}", hmac(), sm2()), "RequestVerifier(hmac-sm3) RequestVerifier(sm2-sm3)");
}
