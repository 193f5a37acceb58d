//! Many tokens under one signature of the registry: each still opens the gate for its own document only, and once.

use yinxin_registry::usage::token::{MOST_ON_SHEET, SHEET, on_sheet, sheet};
use yinxin_server::gate::Ask;

use crate::sample::{Bench, code, soon};

#[test]
fn one_signature_is_good_for_every_token_on_its_sheet_and_for_no_other() {
    let bench = Bench::new();
    let gate = bench.gate();
    let prepared: Vec<_> = ["第一条", "第二条", "第三条"].map(|text| bench.prepared(text)).into();
    let tokens: Vec<_> =
        prepared.iter().zip(1..).map(|(p, number)| bench.token(number, &p.to_sign, |_| {})).collect();
    let listed = sheet(tokens[..2].iter().map(|token| token.bytes.as_slice()));
    let signature = bench.registry.sign(&listed);
    let ask = |number: usize, document: usize| Ask {
        sheet: &listed,
        signature: &signature,
        ..bench.ask(&tokens[number], &prepared[document].to_sign)
    };
    // Another document than the token's; a token that is not on the sheet.
    let outcomes = gate.sign_all(&[ask(0, 1), ask(2, 2)], soon());
    let codes: Vec<_> = outcomes.into_iter().map(code).collect();
    assert_eq!(codes, ["TOKEN_DOCUMENT", "TOKEN_ISSUER"]);
    // The sheet of a stranger stays one between two that are good, and behind a good one.
    let strange = bench.pki.signer_b.sign(&listed);
    let other = Ask { signature: &strange, ..ask(1, 1) };
    let codes: Vec<_> = gate.sign_all(&[other, ask(0, 0), other], soon()).into_iter().map(code).collect();
    assert_eq!(codes, ["TOKEN_ISSUER", "signed", "TOKEN_ISSUER"]);
    let codes: Vec<_> = gate.sign_all(&[ask(1, 1), ask(0, 0)], soon()).into_iter().map(code).collect();
    assert_eq!(codes, ["signed", "TOKEN_SPENT"]);
    // A signature over the sheet is none over claims, nor the other way round.
    let alone = Ask { sheet: b"", ..ask(2, 2) };
    assert_eq!(code(gate.sign(alone, soon())), "TOKEN_ISSUER");
    let single = Ask { signature: &tokens[0].signature, ..ask(0, 0) };
    assert_eq!(code(gate.sign(single, soon())), "TOKEN_ISSUER");
}

#[test]
fn what_is_no_sheet_lists_nothing() {
    let claims = b"claims".as_slice();
    let good = sheet([claims]);
    assert!(on_sheet(&good, claims));
    assert!(!on_sheet(&good, b"others"));
    assert!(!on_sheet(&good[SHEET.len()..], claims), "without its beginning");
    assert!(!on_sheet(&good[..good.len() - 1], claims), "cut off");
    let longer = [&good[..], b"x"].concat();
    assert!(!on_sheet(&longer, claims), "with something behind");
    let spaced = String::from_utf8(good).unwrap().replace('\n', " ").into_bytes();
    assert!(!on_sheet(&spaced, claims));
    let many = vec![claims; MOST_ON_SHEET];
    assert!(on_sheet(&sheet(many.iter().copied()), claims));
    assert!(!on_sheet(&sheet(many.iter().copied().chain([claims])), claims), "too many");
}
