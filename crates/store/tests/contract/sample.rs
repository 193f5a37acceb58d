//! Sample things of the registry, all fictitious.

use crate::bench::unique;
use jiff::{SignedDuration, Timestamp};
use yinxin_registry::Protected;
use yinxin_registry::account::{Account, AccountState, Credentials, Failures};
use yinxin_registry::area::{Area, AreaCode, AreaLevel, AreaPath};
use yinxin_registry::audit::{ActorKind, ActorRef, Entry, Outcome};
use yinxin_registry::credit_code::CreditCode;
use yinxin_registry::ids::{AccountId, ApplicationId, ChangeId, MakerId, SealId, UnitId};
use yinxin_registry::lifecycle::application::{
    Agent, Application, ApplicationEvent, Basis, Content, Imprint, Opening, ProfileRef, Publicity, Truth,
};
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeOpening};
use yinxin_registry::lifecycle::seal::{Filing, Made, Seal, SealEvent, Start};
use yinxin_registry::lifecycle::{By, ProofRef};
use yinxin_registry::maker::{License, Maker};
use yinxin_registry::profile::{ApplicantKind, SealKind};
use yinxin_registry::unit::{Person, Unit, UnitForm};
use yinxin_store::{Store, Tx};
use yinxin_testkit::rng::SeededRng;

pub const DISTRICT: &str = "/100000/990000/990100/990101/";

pub fn rng() -> SeededRng {
    SeededRng::new(&format!("store {}", unique()))
}

pub fn now() -> Timestamp {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

pub fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

pub fn by(role: &str) -> By {
    By { id: format!("acct_of_{role}"), name: "示例人员".to_owned(), role: role.to_owned() }
}

pub fn path(text: &str) -> AreaPath {
    AreaPath::parse(text).unwrap()
}

/// A credit code with a right check character.
pub fn credit_code() -> CreditCode {
    let body = format!("91990101{:09}", unique());
    "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .find_map(|check| CreditCode::parse(&format!("{body}{check}")).ok())
        .unwrap()
}

pub fn person() -> Person {
    let id_number = Protected {
        masked: "990101********0018".to_owned(),
        cipher: "k1.c2FtcGxl".to_owned(),
        index: Some("ab".repeat(32)),
    };
    Person { name: "示例人员".to_owned(), id_number, phone: None }
}

pub fn areas() -> Vec<Area> {
    let nation = Area::nation();
    let code = |text: &str| AreaCode::parse(text).unwrap();
    let province =
        Area::under(&nation, code("990000"), "示例省", AreaLevel::Province, "示例省政务局").unwrap();
    let city = Area::under(&province, code("990100"), "示例市", AreaLevel::City, "示例市政务局").unwrap();
    let district = Area::under(&city, code("990101"), "示例区", AreaLevel::County, "示例区政务局").unwrap();
    vec![nation, province, city, district]
}

pub fn unit_in(area_path: &str, name: &str) -> Unit {
    Unit {
        id: UnitId::new(now(), &mut rng()),
        form: UnitForm::Legal,
        credit_code: Some(credit_code()),
        name: name.to_owned(),
        applicant_kind: ApplicantKind::Enterprise,
        area: AreaCode::parse(path(area_path).code()).unwrap(),
        area_path: path(area_path),
        parent: None,
        legal_representative: person(),
        seal_administrator: None,
        technical_measures: "专人保管".to_owned(),
        dissolved_at: None,
        former: Vec::new(),
    }
}

pub fn unit() -> Unit {
    unit_in(DISTRICT, &format!("示例{}有限公司", unique()))
}

pub fn maker() -> Maker {
    Maker {
        id: MakerId::new(now(), &mut rng()),
        name: format!("示例制章{}有限公司", unique()),
        credit_code: credit_code(),
        area: AreaCode::parse("990101").unwrap(),
        area_path: path(DISTRICT),
        jurisdictions: vec![path(DISTRICT)],
        license: License {
            number: "示例许可1号".to_owned(),
            issuer: "示例市公安局".to_owned(),
            from: later(-1_000_000),
            until: later(10_000_000),
        },
        entrusted: None,
        certificate: None,
        former_certificates: Vec::new(),
        responsible: "示例人员".to_owned(),
        stopped: None,
        created_by: AccountId::new(now(), &mut rng()),
    }
}

pub fn account(login: &str) -> Account {
    Account {
        email: None,
        id: AccountId::new(now(), &mut rng()),
        login: login.to_owned(),
        name: "示例人员".to_owned(),
        state: AccountState::Active,
        credentials: Credentials {
            password: "$argon2id$sample".to_owned(),
            former: Vec::new(),
            must_change: false,
            set_at: now(),
            totp: None,
            totp_step: 0,
            certificates: Vec::new(),
        },
        failures: Failures::default(),
        grants: Vec::new(),
        created_at: now(),
        created_by: None,
    }
}

pub fn content(kind: SealKind, name: &str) -> Content {
    Content {
        kind,
        publicity: Publicity::Public,
        seal_name: name.to_owned(),
        holder: kind.is_personal().then(person),
        agent: Agent { person: person(), account: None },
        legal_representative: person(),
        seal_administrator: None,
        technical_measures: String::new(),
        physical: None,
        imprint: Imprint::Drawn { width_tenth_mm: 400, height_tenth_mm: 400 },
        years: 5,
        key_request: None,
        excluded_uses: Vec::new(),
        materials: Vec::new(),
    }
}

pub fn application_on(unit: &Unit, kind: SealKind, basis: Basis) -> Application {
    let opening = Opening {
        id: ApplicationId::new(now(), &mut rng()),
        basis,
        unit: unit.id.clone(),
        parent_unit: unit.parent.clone(),
        unit_name: unit.name.clone(),
        credit_code: unit.credit_code.as_ref().map(ToString::to_string),
        applicant_kind: unit.applicant_kind,
        area: unit.area.clone(),
        area_path: unit.area_path.clone(),
        profile: ProfileRef { id: "national".to_owned(), version: 1 },
        content: content(kind, &format!("{}{}", unit.name, kind.name_zh())),
    };
    Application::open(opening, &by("unit_agent"), now()).unwrap()
}

pub fn application(unit: &Unit, kind: SealKind) -> Application {
    application_on(unit, kind, Basis::New)
}

pub fn proof() -> ProofRef {
    ProofRef { number: format!("准制-{}", unique()), digest: format!("{:064x}", unique()), at: now() }
}

pub fn submitted(application: Application) -> Application {
    let truth = Truth {
        by: by("unit_agent"),
        at: now(),
        digest: application.content_digest(),
        method: "session".to_owned(),
        signature: None,
        certificate: None,
    };
    let event = ApplicationEvent::Submit {
        truth: Box::new(truth),
        checks: Vec::new(),
        number: format!("申-{}", unique()),
        profile: ProfileRef { id: "national".to_owned(), version: 1 },
        due: later(86_400),
    };
    application.apply(event, &by("unit_agent"), now()).unwrap().0
}

pub fn approved_as(application: Application, code: &str, number: Option<u32>) -> Application {
    let event =
        ApplicationEvent::Approve { proof: proof(), code: code.to_owned(), number, notes: Vec::new() };
    submitted(application).apply(event, &by("issuing_reviewer"), now()).unwrap().0
}

pub fn approved(application: Application) -> Application {
    let number = application.content().kind.is_numbered().then(|| u32::try_from(unique()).unwrap());
    approved_as(application, &format!("99{:011}", unique()), number)
}

/// The application taken up and the seal begun.
pub fn taken(application: Application, maker: &Maker) -> (Application, Seal) {
    let id = SealId::new(now(), &mut rng());
    let start = Start { id: id.clone(), maker: maker.id.clone() };
    let seal = Seal::begin(start, &application, &by("maker_operator"), now()).unwrap();
    let event = ApplicationEvent::Take { maker: maker.id.clone(), seal: id };
    (application.apply(event, &by("maker_operator"), now()).unwrap().0, seal)
}

pub const ISSUER: &str = "CN=Sample CA,O=Yinxin sample,C=CN";

pub fn made_with(seal: Seal, serial: &str) -> Seal {
    made_as(seal, serial, &format!("{:064x}", unique()))
}

pub fn made_by_key(seal: Seal, key: &str) -> Seal {
    made_as(seal, &format!("{:x}", unique()), key)
}

fn made_as(seal: Seal, serial: &str, key: &str) -> Seal {
    let made = Made {
        at: now(),
        by: by("maker_operator").id,
        es_id: "sample".to_owned(),
        digest: "c".repeat(64),
        format_version: 4,
        imprint_digest: "d".repeat(64),
        certificate_issuer: ISSUER.to_owned(),
        certificate_serial: serial.to_owned(),
        key_digest: key.to_owned(),
        key_id: None,
        certificate_from: now(),
        certificate_until: later(100_000_000),
        valid_from: now(),
        valid_until: later(90_000_000),
        imprint: None,
    };
    step(seal, SealEvent::Made { made: Box::new(made), filing_due: later(86_400) }, "maker_operator")
}

pub fn made(seal: Seal) -> Seal {
    made_with(seal, &format!("{:x}", unique()))
}

pub fn filed(seal: Seal) -> Seal {
    let filing = Filing { at: now(), by: by("filing_officer").id, due: later(86_400), proof: proof() };
    step(seal, SealEvent::File { filing, claim_due: later(8_000_000) }, "filing_officer")
}

pub fn active(seal: Seal) -> Seal {
    let delivered =
        step(filed(made(seal)), SealEvent::Deliver { to: "示例人员".to_owned() }, "maker_operator");
    step(delivered, SealEvent::Accept, "unit_agent")
}

pub fn step(seal: Seal, event: SealEvent, role: &str) -> Seal {
    seal.apply(event, &by(role), now()).unwrap().0
}

pub fn change_of(seal: &Seal, application: &Application) -> ChangeCase {
    let opening = ChangeOpening {
        id: ChangeId::new(now(), &mut rng()),
        unit: seal.unit().clone(),
        parent_unit: seal.parent_unit().cloned(),
        area_path: seal.area_path().clone(),
        seal: seal.id().clone(),
        application: application.id().clone(),
        reason: "单位更名".to_owned(),
    };
    ChangeCase::open(opening, &by("unit_agent"), now()).unwrap()
}

pub fn entry(action: &str, subject: &str, area_path: &str, at: Timestamp) -> Entry {
    Entry {
        at,
        actor: ActorRef {
            kind: ActorKind::Account,
            id: "acct_sample".to_owned(),
            name: "示例人员".to_owned(),
            role: "issuing_reviewer".to_owned(),
            address: Some("192.0.2.7".to_owned()),
        },
        action: action.to_owned(),
        subject: subject.to_owned(),
        area_path: area_path.to_owned(),
        unit: Some("unit_sample".to_owned()),
        outcome: Outcome::Ok,
        reason: None,
        details: serde_json::json!({"号": unique()}),
        request_id: format!("req-{}", unique()),
    }
}

/// A unit, an approved application of it and a maker, all in the database.
pub struct Ground {
    pub unit: Unit,
    pub maker: Maker,
}

impl Ground {
    pub async fn lay(store: &Store) -> Self {
        let ground = Self { unit: unit(), maker: maker() };
        let mut tx = store.begin().await.unwrap();
        tx.insert(&ground.unit).await.unwrap();
        tx.insert(&ground.maker).await.unwrap();
        tx.commit().await.unwrap();
        ground
    }

    /// Saves an approved application taken up by the maker; its seal, not yet saved.
    pub async fn begun(&self, tx: &mut Tx, kind: SealKind) -> Seal {
        self.begun_for(tx, approved(application(&self.unit, kind))).await
    }

    pub async fn begun_for(&self, tx: &mut Tx, application: Application) -> Seal {
        let (application, seal) = taken(application, &self.maker);
        // Whoever comes second with a legal-name application is refused at the application; these tests are about seals.
        let done = application.apply(ApplicationEvent::Complete, &by("unit_agent"), now()).unwrap().0;
        tx.insert(&done).await.unwrap();
        seal
    }
}
