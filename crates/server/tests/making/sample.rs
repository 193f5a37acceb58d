//! A workshop of an example city with everything around it, in a folder of its own.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use tempfile::TempDir;
use yinxin_crypto::keystore::Password;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_registry::profile::SealKind;
use yinxin_seal::TrustFacts;
use yinxin_server::imprints::Drawer;
use yinxin_server::making::accept::{ExpectedKey, OrderFacts};
use yinxin_server::making::authority::TestAuthority;
use yinxin_server::making::dto::{
    AssignedSealDto, OrderDto, OrderImprintDto, OrderKeyDto, OrderSealDto, OrderUnitDto,
};
use yinxin_server::making::keys::KeyShelf;
use yinxin_server::making::log::FileLog;
use yinxin_server::making::{License, MakerIdentity, Order, Settings, Workshop};
use yinxin_server::proof::{
    AuthorizedSigner, IssuingAuthority, OwningUnit, ProofKind, ProofSigner, SealFacts, Statement, Subjects,
    sign,
};
use yinxin_testkit::revocation::CrlForge;
use yinxin_testkit::rng::SeededRng;
use yinxin_testkit::{CertSpec, Identity, Pki, clock};

pub const AREA: &str = "/100000/990000/990100/";
pub const AUTHORITY: &str = "11990100MB0000001X";
pub const MAKER: &str = "mkr_00000000000000000000000001";
pub const MAKER_CODE: &str = "91990100MA0000001N";
pub const UNIT: &str = "示例市示例科技有限公司";
pub const UNIT_CODE: &str = "91990100MA0000000P";
pub const SEAL: &str = "seal_00000000000000000000000001";
pub const SEAL_CODE: &str = "9901000000001";
pub const APPROVAL: &str = "准制-990100-20261101-000001";

pub fn password() -> Password {
    Password::new(b"sample password".to_vec())
}

/// Everything a workshop needs.
pub struct Bench {
    pub folder: TempDir,
    pub pki: Pki,
    pub office: Identity,
    pub ca: Arc<TestAuthority>,
    pub keys: Arc<KeyShelf>,
    pub log: Arc<FileLog>,
    pub facts: Arc<TrustFacts>,
    pub rng: SeededRng,
}

/// The folder of a test CA, made once: stretching passwords takes time.
fn ready_made_ca() -> &'static Path {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = SeededRng::new("ca");
        TestAuthority::open(&folder.path().join("ca"), "示例", &password(), clock::made(), &mut rng).unwrap();
        folder
    });
    folder.path()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.metadata().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = SeededRng::new("bench");
        let place = folder.path().join("ca");
        copy(&ready_made_ca().join("ca"), &place);
        let ca = TestAuthority::open(&place, "示例", &password(), clock::made(), &mut rng).unwrap();
        let pki = Pki::new();
        let office = pki.leaf(&CertSpec::leaf("示例市政务服务局"));
        let facts = Arc::new(facts(&pki, &ca, &[]));
        let keys = KeyShelf::open(&folder.path().join("keys"), &password(), &mut rng).unwrap();
        let log = FileLog::open(&folder.path().join("log")).unwrap();
        Self { ca: Arc::new(ca), keys: Arc::new(keys), log: Arc::new(log), folder, pki, office, facts, rng }
    }

    pub fn maker(&self) -> MakerIdentity {
        MakerIdentity {
            id: MAKER.into(),
            code: MAKER_CODE.into(),
            license: License {
                number: "特行刻字 0001".into(),
                from: clock::at("2026-01-01T00:00:00Z"),
                until: clock::at("2027-01-01T00:00:00Z"),
                areas: vec!["/100000/990000/".into()],
                stopped: false,
            },
            certificate: self.pki.maker.cert.clone(),
            key: self.pki.maker.key.clone(),
        }
    }

    pub fn settings(&self) -> Settings {
        let signer = AuthorizedSigner {
            code: AUTHORITY.into(),
            area: AREA.into(),
            certificate: self.office.cert.clone(),
            until: None,
        };
        Settings { approvers: vec![signer], ..Settings::default() }
    }

    pub fn workshop(&self) -> Workshop {
        Workshop {
            maker: self.maker(),
            settings: self.settings(),
            keys: self.keys.clone(),
            authority: self.ca.clone(),
            log: self.log.clone(),
            drawer: Arc::new(Drawer::builtin()),
        }
    }

    /// An approval, signed by the office.
    pub fn approve(&self, statement: Statement) -> String {
        approved_by(&self.office, statement)
    }

    /// An order whose approval says the same.
    pub fn order(&self) -> OrderDto {
        self.order_with(|_| {}, |_| {})
    }

    /// An order and an approval, each changed beforehand.
    pub fn order_with(
        &self,
        order: impl FnOnce(&mut OrderDto),
        approval: impl FnOnce(&mut Statement),
    ) -> OrderDto {
        let (mut dto, mut statement) = (order_dto(), statement());
        order(&mut dto);
        approval(&mut statement);
        dto.approval = self.approve(statement);
        dto
    }
}

pub fn approved_by(office: &Identity, statement: Statement) -> String {
    let signer = ProofSigner { key: &*office.key, certificate: &office.cert, chain: &[] };
    STANDARD.encode(sign(statement, signer, clock::made()).unwrap().der)
}

/// The order as the workshop reads it.
pub fn read(dto: &OrderDto) -> Order {
    Order::read(dto).unwrap()
}

/// Anchors and lists of both certificate authorities.
pub fn facts(pki: &Pki, ca: &TestAuthority, revoked: &[&Identity]) -> TrustFacts {
    let limits = Limits::default();
    let mut facts = ca.trust(clock::made(), 90).unwrap();
    for id in [&pki.root, &pki.ca] {
        facts.add_certificate(Certificate::parse(id.der(), &limits).unwrap());
    }
    let list = revoked
        .iter()
        .fold(CrlForge::fresh(&pki.ca), |list, id| list.revoke(id, "2026-10-10T00:00:00Z", None));
    for der in [CrlForge::fresh(&pki.root).build(), list.build()] {
        facts.crls.push(Crl::parse(&der, &limits).unwrap());
    }
    facts
}

pub fn order_dto() -> OrderDto {
    OrderDto {
        application: "app_00000000000000000000000001".into(),
        application_digest: "0a".repeat(32),
        maker: MAKER.into(),
        area_path: AREA.into(),
        unit: OrderUnitDto {
            id: "unit_00000000000000000000000001".into(),
            name: UNIT.into(),
            credit_code: Some(UNIT_CODE.into()),
        },
        seal: OrderSealDto { kind: SealKind::LegalName, name: UNIT.into(), holder: None, years: 3 },
        imprint: OrderImprintDto::Drawn { width_tenth_mm: 400, height_tenth_mm: 400 },
        key: OrderKeyDto::Workshop,
        approval: String::new(),
        assigned: Some(AssignedSealDto {
            id: SEAL.into(),
            code: SEAL_CODE.into(),
            number: None,
            certificate_request: None,
            certificates: Vec::new(),
        }),
    }
}

pub fn statement() -> Statement {
    let order = order_dto();
    Statement {
        kind: ProofKind::MakingApproval,
        number: APPROVAL.into(),
        issued_at: clock::made(),
        area: AREA.into(),
        authority: IssuingAuthority { name: "示例市政务服务局".into(), code: AUTHORITY.into() },
        subjects: Subjects {
            application: Some(order.application),
            seal: None,
            unit: Some(order.unit.id),
            maker: Some(order.maker),
        },
        application_digest: Some(order.application_digest),
        truth_digest: None,
        unit: OwningUnit { name: order.unit.name, credit_code: order.unit.credit_code },
        seal: SealFacts {
            kind: "legal_name".into(),
            name: order.seal.name,
            holder: None,
            code: None,
            number: None,
            years: Some(3),
        },
        imprint_digest: None,
        seal_digest: None,
        valid_until: Some(clock::at("2026-12-31T00:00:00Z")),
        effective_at: None,
        reason: None,
        decided_by: "acct_00000000000000000000000001".into(),
    }
}

/// What the registry knows of the sample order.
pub fn order_facts(maker_certificate: &[u8]) -> OrderFacts<'static> {
    OrderFacts {
        seal_code: SEAL_CODE,
        seal_name: UNIT,
        kind: SealKind::LegalName,
        unit_name: UNIT,
        credit_code: Some(UNIT_CODE),
        years: 3,
        approval: APPROVAL,
        approved_at: clock::made(),
        imprint_digest: None,
        width_tenth_mm: 400,
        height_tenth_mm: 400,
        maker_certificates: vec![(maker_certificate.to_vec(), None)],
        key: ExpectedKey::Workshop,
    }
}

/// A moment while the approval counts.
pub fn now() -> Timestamp {
    clock::at("2026-11-22T08:00:00.5Z")
}
