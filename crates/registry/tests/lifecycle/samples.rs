//! Sample aggregates in any state.

use jiff::Timestamp;
use yinxin_registry::Protected;
use yinxin_registry::area::{AreaCode, AreaPath};
use yinxin_registry::ids::{ApplicationId, ChangeId, MakerId, SealId, TicketId, UnitId};
use yinxin_registry::lifecycle::application::{
    Agent, Application, ApplicationEvent, ApplicationState, Basis, Content, Imprint, Opening, ProfileRef,
    Publicity, Truth,
};
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeEvent, ChangeOpening, ChangeState};
use yinxin_registry::lifecycle::reasons::{CancelReason, SuspensionReason, VoidReason};
use yinxin_registry::lifecycle::seal::{Filing, Made, Seal, SealEvent, SealState, Start, Suspension};
use yinxin_registry::lifecycle::{By, ProofRef, State};
use yinxin_registry::profile::{ApplicantKind, SealKind};
use yinxin_registry::unit::Person;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub fn by(id: &str) -> By {
    By { id: id.to_owned(), name: format!("示例{id}"), role: "sample".to_owned() }
}

pub fn person(name: &str) -> Person {
    let id_number = Protected {
        masked: "110***********1234".to_owned(),
        cipher: "k1.AAAA".to_owned(),
        index: Some("ab".to_owned()),
    };
    Person { name: name.to_owned(), id_number, phone: None }
}

fn id(prefix: &str, last: char) -> String {
    format!("{prefix}_{}{last}", "0".repeat(25))
}

pub fn seal_id(last: char) -> SealId {
    SealId::parse(&id("seal", last)).unwrap()
}

pub fn application_id() -> ApplicationId {
    ApplicationId::parse(&id("app", '1')).unwrap()
}

pub fn unit_id() -> UnitId {
    UnitId::parse(&id("unit", '1')).unwrap()
}

pub fn maker_id() -> MakerId {
    MakerId::parse(&id("mkr", '1')).unwrap()
}

pub fn change_id() -> ChangeId {
    ChangeId::parse(&id("chg", '1')).unwrap()
}

pub fn ticket_id() -> TicketId {
    TicketId::parse(&id("tkt", '1')).unwrap()
}

pub fn proof(number: &str) -> ProofRef {
    ProofRef { number: number.to_owned(), digest: "00".repeat(32), at: at(0) }
}

pub fn content(kind: SealKind) -> Content {
    Content {
        kind,
        publicity: Publicity::Public,
        seal_name: "示例市示例有限公司".to_owned(),
        holder: kind.is_personal().then(|| person("持有人")),
        agent: Agent { person: person("经办人"), account: None },
        legal_representative: person("法定代表人"),
        seal_administrator: Some(person("印章管理员")),
        technical_measures: "密钥存于密码设备".to_owned(),
        physical: None,
        imprint: Imprint::Drawn { width_tenth_mm: 400, height_tenth_mm: 400 },
        years: 3,
        key_request: None,
        excluded_uses: Vec::new(),
        materials: Vec::new(),
    }
}

pub fn draft(kind: SealKind, basis: Basis) -> Application {
    let opening = Opening {
        id: application_id(),
        basis,
        unit: unit_id(),
        parent_unit: None,
        unit_name: "示例市示例有限公司".to_owned(),
        credit_code: Some("91110000100000000A".to_owned()),
        applicant_kind: ApplicantKind::Enterprise,
        area: AreaCode::parse("610100").unwrap(),
        area_path: AreaPath::parse("/100000/610000/610100/").unwrap(),
        profile: ProfileRef { id: "national".to_owned(), version: 1 },
        content: content(kind),
    };
    Application::open(opening, &by("agent"), at(0)).unwrap()
}

pub fn submit(application: &Application) -> ApplicationEvent {
    ApplicationEvent::Submit {
        truth: Box::new(Truth {
            by: by("agent"),
            at: at(1),
            digest: application.content_digest(),
            method: "session".to_owned(),
            signature: None,
            certificate: None,
        }),
        checks: Vec::new(),
        number: "示例-1".to_owned(),
        profile: ProfileRef { id: "national".to_owned(), version: 1 },
        due: at(1000),
    }
}

pub fn approved(kind: SealKind) -> Application {
    let application = draft(kind, Basis::New);
    let event = submit(&application);
    let (application, _) = application.apply(event, &by("agent"), at(1)).unwrap();
    application.apply(approve(kind.is_numbered().then_some(1)), &by("reviewer"), at(2)).unwrap().0
}

pub fn approve(number: Option<u32>) -> ApplicationEvent {
    ApplicationEvent::Approve {
        proof: proof("准制-1"),
        code: "6101000000001".to_owned(),
        number,
        notes: Vec::new(),
    }
}

/// The same application put into another state, as if it had come there.
pub fn application_in(state: ApplicationState) -> Application {
    let mut value = serde_json::to_value(approved(SealKind::LegalName)).unwrap();
    value["state"] = state.as_str().into();
    serde_json::from_value(value).unwrap()
}

pub fn application_event(name: &str, application: &Application) -> ApplicationEvent {
    let reasons = vec!["材料不清晰".to_owned()];
    match name {
        "edit" => ApplicationEvent::Edit { content: Box::new(content(SealKind::LegalName)) },
        "submit" => submit(application),
        "return" => ApplicationEvent::Return { reasons, due: at(500) },
        "refuse" => ApplicationEvent::Refuse { reasons },
        "approve" => approve(None),
        "withdraw" => ApplicationEvent::Withdraw { reason: "不再需要".to_owned() },
        "reopen" => ApplicationEvent::Reopen,
        "take" => ApplicationEvent::Take { maker: maker_id(), seal: seal_id('1') },
        "send_back" => ApplicationEvent::SendBack { reason: "二次核验不符".to_owned(), due: at(900) },
        "complete" => ApplicationEvent::Complete,
        "lapse" => ApplicationEvent::Lapse { reason: "逾期未办理".to_owned() },
        other => panic!("no event {other}"),
    }
}

pub fn made() -> Made {
    Made {
        at: at(10),
        by: "maker".to_owned(),
        es_id: "61010000000001".to_owned(),
        digest: "11".repeat(32),
        format_version: 4,
        imprint_digest: "22".repeat(32),
        certificate_issuer: "CN=示例CA".to_owned(),
        certificate_serial: "01".to_owned(),
        key_digest: "33".repeat(32),
        key_id: None,
        certificate_from: at(0),
        certificate_until: at(10_000),
        valid_from: at(10),
        valid_until: at(10_000),
        imprint: None,
    }
}

pub fn beginning(kind: SealKind) -> Seal {
    let start = Start { id: seal_id('1'), maker: maker_id() };
    Seal::begin(start, &approved(kind), &by("maker"), at(5)).unwrap()
}

pub fn seal_event(name: &str) -> SealEvent {
    match name {
        "request_certificate" => SealEvent::RequestCertificate { request: "AAAA".to_owned() },
        "import_certificate" => SealEvent::ImportCertificate { certificates: vec!["BBBB".to_owned()] },
        "made" => SealEvent::Made { made: Box::new(made()), filing_due: at(100) },
        "abandon" => SealEvent::Abandon { reason: "设备故障".to_owned() },
        "file" => SealEvent::File {
            filing: Filing { at: at(20), by: "officer".to_owned(), due: at(100), proof: proof("备案-1") },
            claim_due: at(200),
        },
        "deliver" => SealEvent::Deliver { to: "示例经办人".to_owned() },
        "accept" => SealEvent::Accept,
        "decline" => SealEvent::Decline { reason: "印模有误".to_owned() },
        "lapse" => SealEvent::Lapse,
        "suspend" => SealEvent::Suspend { suspension: suspension(SuspensionReason::Loss, 50) },
        "resume" => SealEvent::Resume { reason: "已找回".to_owned(), document: None },
        "release" => SealEvent::Release { ticket: ticket_id(), reason: "整改合格".to_owned() },
        "relieve" => SealEvent::Relieve { ticket: ticket_id(), reason: "整改合格".to_owned() },
        "cancel" => SealEvent::Cancel {
            reason: CancelReason::EndOfUse,
            detail: "停止使用".to_owned(),
            proof: proof("缴销-1"),
        },
        "replace" => SealEvent::Replace { by: seal_id('2') },
        "expire" => SealEvent::Expire,
        "void" => SealEvent::Void {
            reason: VoidReason::FalseMaterials,
            detail: "申请材料虚假".to_owned(),
            effective_at: at(0),
            document: "示例决〔2027〕1号".to_owned(),
        },
        other => panic!("no event {other}"),
    }
}

pub fn suspension(reason: SuspensionReason, effective: i64) -> Suspension {
    Suspension {
        reason,
        detail: "报失登记".to_owned(),
        effective_at: at(effective),
        until: None,
        document: None,
        ticket: None,
    }
}

/// A seal in `state` that can take `event` where the table has it: what a ticket's end does hangs on what else keeps it suspended.
pub fn seal_for(state: SealState, event: &str) -> Seal {
    let before = match (state, event) {
        (SealState::Suspended, "release") => SealState::Active,
        (SealState::Suspended, "relieve") => SealState::Suspended,
        _ => return seal_in(state),
    };
    let ground = suspension(SuspensionReason::Correction, 61);
    let ground = Suspension { ticket: Some(ticket_id()), ..ground };
    let suspend = SealEvent::Suspend { suspension: ground };
    seal_in(before).apply(suspend, &by("officer"), at(61)).unwrap().0
}

/// A seal brought to `state` by real steps where one leads there.
pub fn seal_in(state: SealState) -> Seal {
    let mut seal = beginning(SealKind::LegalName);
    let path: &[&str] = match state {
        SealState::Making => &["request_certificate"],
        SealState::Made => &["made"],
        SealState::Filed => &["made", "file"],
        SealState::Delivered => &["made", "file", "deliver"],
        SealState::Active => &["made", "file", "deliver", "accept"],
        SealState::Suspended => &["made", "file", "deliver", "accept", "suspend"],
        SealState::Expired => &["made", "file", "deliver", "accept", "expire"],
        SealState::Canceled => &["made", "file", "deliver", "accept", "cancel"],
        SealState::Replaced => &["made", "file", "deliver", "accept", "replace"],
        SealState::Void => &["made", "file", "deliver", "accept", "void"],
        SealState::Lapsed => &["made", "file", "lapse"],
        SealState::Abandoned => &["abandon"],
    };
    for (place, event) in path.iter().enumerate() {
        let now = match *event {
            "expire" => at(10_000),
            "lapse" => at(200),
            "suspend" | "cancel" | "replace" | "void" => at(60),
            _ => at(10 + i64::try_from(place).unwrap() * 10),
        };
        seal = seal.apply(seal_event(event), &by("officer"), now).unwrap().0;
    }
    assert_eq!(seal.state(), state);
    seal
}

pub fn change_in(state: ChangeState) -> ChangeCase {
    let opening = ChangeOpening {
        id: change_id(),
        unit: unit_id(),
        parent_unit: None,
        area_path: AreaPath::parse("/100000/610000/610100/").unwrap(),
        seal: seal_id('1'),
        application: application_id(),
        reason: "单位更名".to_owned(),
    };
    let case = ChangeCase::open(opening, &by("agent"), at(0)).unwrap();
    let mut value = serde_json::to_value(case).unwrap();
    value["state"] = state.as_str().into();
    serde_json::from_value(value).unwrap()
}

pub fn change_event(name: &str) -> ChangeEvent {
    match name {
        "cancel_old" => ChangeEvent::CancelOld,
        "withdraw" => ChangeEvent::Withdraw { reason: "不再变更".to_owned() },
        "complete" => ChangeEvent::Complete { seal: seal_id('2') },
        other => panic!("no event {other}"),
    }
}
