//! Copies of sealed documents.

use crate::life::{at, by};
use crate::samples::*;
use yinxin_registry::ids::CopyId;
use yinxin_registry::lifecycle::{Refused, State};
use yinxin_registry::usage::copy::{CopyFacts, CopyForm, CopyState, EVENTS, RegisteredCopy, TABLE};
use yinxin_registry::usage::document::{ItemState, UseItem};
use yinxin_registry::usage::request::RequestState;

fn facts() -> CopyFacts {
    CopyFacts { form: CopyForm::Print, number: 3, purpose: "对方单位存档".to_owned() }
}

fn sealed_item() -> UseItem {
    put(&item_in(ItemState::Signed), |value| value["sealed"] = serde_json::to_value(sealed()).unwrap())
}

fn registered(item: &UseItem, facts: CopyFacts) -> Result<RegisteredCopy, Refused> {
    let id = CopyId::parse("copy_00000000000000000000000001").unwrap();
    let request = request_in(RequestState::Done, by_grant());
    RegisteredCopy::register(
        id,
        "ABCDEFGHJKLMNPQRSTUV".to_owned(),
        (&request, item),
        facts,
        &by("user"),
        at(9),
    )
}

fn code(refused: Result<RegisteredCopy, Refused>) -> &'static str {
    refused.unwrap_err().code()
}

#[test]
fn a_copy_is_of_a_sealed_document_and_of_no_other() {
    let copy = registered(&sealed_item(), facts()).unwrap();
    assert_eq!((copy.state(), copy.original()), (CopyState::Valid, sealed().digest.as_str()));
    for state in ItemState::ALL.iter().filter(|state| **state != ItemState::Signed) {
        let refused = registered(&item_in(*state), facts()).unwrap_err();
        assert!(matches!(refused, Refused::State { event: "register_copy", .. }), "{state:?}");
    }
}

#[test]
fn what_is_said_of_a_copy_has_its_bounds() {
    let with = |change: &dyn Fn(&mut CopyFacts)| {
        let mut facts = facts();
        change(&mut facts);
        registered(&sealed_item(), facts)
    };
    let conversion = |format: &str| CopyForm::Conversion { format: format.to_owned() };
    for number in [1, 10_000] {
        with(&|facts| facts.number = number).unwrap();
    }
    for number in [0, 10_001] {
        assert_eq!(code(with(&|facts| facts.number = number)), "COPY_NUMBER");
    }
    with(&|facts| facts.form = conversion(&"式".repeat(32))).unwrap();
    for format in ["", " ", "P\nF", &"式".repeat(33)] {
        assert_eq!(code(with(&|facts| facts.form = conversion(format))), "COPY_FORMAT", "{format}");
    }
    with(&|facts| facts.purpose = "用".repeat(200)).unwrap();
    for purpose in ["", "\u{3000}", "存\t档", &"用".repeat(201)] {
        assert_eq!(code(with(&|facts| facts.purpose = purpose.to_owned())), "COPY_PURPOSE", "{purpose}");
    }
}

#[test]
fn a_copy_is_withdrawn_once_with_a_reason_and_never_comes_back() {
    let copy = registered(&sealed_item(), facts()).unwrap();
    assert_eq!(code(copy.clone().withdraw(" ", &by("user"), at(10))), "REASON_MISSING");
    let withdrawn = copy.withdraw("用途已变", &by("user"), at(10)).unwrap();
    let withdrawal = withdrawn.withdrawn().unwrap();
    assert_eq!((withdrawn.state(), withdrawal.at), (CopyState::Withdrawn, at(10)));
    assert_eq!(withdrawal.reason, "用途已变");
    let again = withdrawn.withdraw("再次撤回", &by("user"), at(11)).unwrap_err();
    assert_eq!(again, Refused::State { state: "withdrawn", event: "withdraw", allowed: Vec::new() });
    assert_eq!(EVENTS, ["withdraw"]);
    assert!(TABLE.iter().all(|rule| rule.from == CopyState::Valid && rule.to == CopyState::Withdrawn));
}
