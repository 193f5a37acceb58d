use crate::life::{at, seal_in};
use crate::samples::*;
use yinxin_registry::custody::keeping::{Keeping, KeepingState};
use yinxin_registry::lifecycle::State;
use yinxin_registry::lifecycle::seal::{Seal, SealState};
use yinxin_registry::usage::document::UseItem;
use yinxin_registry::usage::permit::{Facts, permit_use};
use yinxin_registry::usage::request::{RequestEvent, RequestState, UseRequest};

struct Scene {
    seal: Seal,
    keeping: Keeping,
    request: UseRequest,
    item: UseItem,
    digest: String,
}

/// Everything in order.
fn scene() -> Scene {
    let request = approved().apply(RequestEvent::Begin, &who('w'), at(2)).unwrap().0;
    let seal = edit(&seal_in(SealState::Active), |value| value["id"] = belongs().seal.as_str().into());
    Scene { seal, keeping: kept(), request, item: item(), digest: document(0).digest }
}

fn edit<T: serde::Serialize + serde::de::DeserializeOwned>(
    thing: &T,
    change: impl FnOnce(&mut serde_json::Value),
) -> T {
    let mut value = serde_json::to_value(thing).unwrap();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

fn judge(scene: &Scene, now: jiff::Timestamp) -> &'static str {
    let facts = Facts {
        seal: &scene.seal,
        keeping: &scene.keeping,
        request: &scene.request,
        item: &scene.item,
        bytes_digest: &scene.digest,
    };
    permit_use(&facts, now).map_or_else(|refused| refused.code(), |()| "allowed")
}

fn with(change: impl FnOnce(&mut Scene)) -> &'static str {
    let mut changed = scene();
    change(&mut changed);
    judge(&changed, at(60))
}

#[test]
fn a_seal_in_force_kept_and_approved_may_be_used() {
    assert_eq!(with(|_| {}), "allowed");
}

#[test]
fn no_state_but_in_force_lets_a_seal_be_used() {
    for state in SealState::ALL.iter().filter(|state| **state != SealState::Active) {
        let code =
            with(|scene| scene.seal = edit(&scene.seal, |value| value["state"] = state.as_str().into()));
        assert_eq!(code, "SEAL_NOT_ACTIVE", "{}", state.as_str());
    }
}

#[test]
fn no_state_but_signing_lets_a_request_be_carried_out() {
    for state in RequestState::ALL.iter().filter(|state| **state != RequestState::Signing) {
        let code = with(|scene| {
            scene.request = edit(&scene.request, |value| value["state"] = state.as_str().into())
        });
        assert_eq!(code, "REQUEST_STATE", "{}", state.as_str());
    }
}

#[test]
fn each_thing_that_stands_in_the_way_is_named() {
    assert_eq!(with(|scene| scene.keeping = keeping_in(KeepingState::Offered)), "SEAL_UNKEPT");
    assert_eq!(with(|scene| scene.keeping = keeping_in(KeepingState::Ended)), "SEAL_UNKEPT");
    assert_eq!(with(|scene| scene.digest = "00".repeat(32)), "DOCUMENT_CHANGED");
    let other = "seal_0000000000000000000000000z";
    assert_eq!(
        with(|scene| scene.seal = edit(&scene.seal, |value| value["id"] = other.into())),
        "SEAL_DIFFERS"
    );
    assert_eq!(
        with(|scene| scene.item = edit(&scene.item, |value| {
            value["request"] = "use_0000000000000000000000000z".into();
        })),
        "ITEM_DIFFERS"
    );
    assert_eq!(
        with(|scene| scene.seal =
            edit(&scene.seal, |value| value["excluded_uses"] = ["合同"].as_slice().into())),
        "USE_EXCLUDED"
    );
    assert_eq!(
        with(
            |scene| scene.request = edit(&scene.request, |value| value["approval"] = serde_json::Value::Null)
        ),
        "APPROVAL_MISSING"
    );
    let over = |field: &str| {
        let mut scene = scene();
        scene.seal = edit(&scene.seal, |value| value["made"][field] = at(30).to_string().into());
        judge(&scene, at(60))
    };
    assert_eq!(over("valid_until"), "SEAL_OVER");
    assert_eq!(over("certificate_until"), "CERTIFICATE_OVER");
    let mut late = scene();
    late.seal = edit(&late.seal, |value| {
        value["made"]["valid_until"] = hours(999).to_string().into();
        value["made"]["certificate_until"] = hours(999).to_string().into();
    });
    assert_eq!(judge(&late, hours(73)), "APPROVAL_OVER");
}
