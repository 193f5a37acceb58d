//! Who plays: the test CA, the seal maker, three units, an impostor, and a timestamp service.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::keystore::encrypt_pkcs8_pem;
use yinxin_crypto::{SigningKey, SoftwareKey};
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;

use super::stage::Stage;
use crate::command::ca::authority::{Pair, Role, Wanted, days_from, new_serial, rng};
use crate::command::ca::folder::{Folder, to_pem};
use crate::command::ca::init::issued;
use crate::command::ca::state::State;
use crate::command::ca::{Level, crl};
use crate::command::tsa::responder::{Responder, TEST_POLICY};
use crate::command::tsa::server::{self, Running};
use crate::failure::Failure;
use crate::files;
use crate::tsa_client;
use yinxin_server::signing::timestamp::HttpTimestamp;

/// The unit whose seal the story is about.
pub const UNIT: &str = "示例市示例科技有限公司";
/// Its partner, who seals the contract second.
pub const PARTNER: &str = "示例市样品贸易有限公司";
/// The unit whose signer loses the key.
pub const CARRIER: &str = "示例市样本物流有限公司";
/// Has a good certificate and somebody else's seal.
const IMPOSTOR: &str = "示例市冒名商行";
/// Licensed to make seals.
const MAKER: &str = "示例市印章制作单位";

/// Rounds of key derivation for the keys of the story, whose password lies beside them anyway.
const ITERATIONS: u32 = 10_000;

/// Somebody with a certificate and its key.
#[derive(Debug)]
pub struct Person {
    /// Certificate.
    pub certificate: Certificate,
    /// Key.
    pub key: SoftwareKey,
}

/// Everybody.
#[derive(Debug)]
pub struct Cast {
    /// The test CA in memory.
    pub pair: Pair,
    /// Its folder.
    pub folder: Folder,
    /// What it remembers.
    pub state: State,
    /// The seal maker.
    pub maker: Person,
    /// The unit of the story.
    pub unit: Person,
    /// Its partner.
    pub partner: Person,
    /// The unit whose certificate is revoked later.
    pub carrier: Person,
    /// The impostor.
    pub impostor: Person,
    /// Client of the timestamp service.
    pub tsa: HttpTimestamp,
    clock: Arc<AtomicI64>,
    // Lives as long as the cast does.
    _server: Running,
}

impl Cast {
    /// Sets the clock of the timestamp service.
    pub fn turn_clock(&self, to: Timestamp) {
        self.clock.store(to.as_second(), Ordering::Relaxed);
    }

    /// The CA's certificates, without revocation lists.
    pub fn anchors(&self) -> TrustFacts {
        let mut facts = TrustFacts::default();
        facts.add_certificate(self.pair.root.certificate.clone());
        facts.add_certificate(self.pair.ca.certificate.clone());
        facts
    }

    /// Publishes the revocation lists of today.
    pub fn publish(&mut self, stage: &Stage) -> Result<(), Failure> {
        crl::publish(&self.folder, &mut self.state, &self.pair, stage.calendar.now, 30)?;
        self.folder.save(&self.state)?;
        for level in [Level::Ca, Level::Root] {
            let list = files::read(&self.folder.crl_path(level))?;
            stage.write(&format!("crl/{}.crl", level.word()), &list)?;
        }
        Ok(())
    }
}

/// Steps 1 to 3: everybody gets a certificate.
pub fn assemble(stage: &Stage) -> Result<Cast, Failure> {
    let pass = stage.show("signer.password");
    stage.step(1, "建立测试用的证书机构", "A CA for tests");
    let pair = Pair::create("演示", stage.calendar.now)?;
    let folder = Folder::create(&stage.path("ca"))?;
    let mut state = State::new("演示");
    for (level, a) in [(Level::Root, &pair.root), (Level::Ca, &pair.ca)] {
        let pem = to_pem(&a.certificate);
        files::write_secret(&folder.key_path(level), &locked(stage, &a.key)?)?;
        files::write(&folder.certificate_path(level), pem.as_bytes())?;
        stage.write(&format!("trust/{}.pem", level.word()), pem.as_bytes())?;
        state.issued.push(issued(&a.certificate, Level::Root, level.word()));
    }
    stage.write_secret("signer.password", format!("{}\n", stage.password).as_bytes())?;
    stage.tell(
        "根证书和签发机构，证书名称里都写明“仅供测试 TEST ONLY”。信任从这里开始：验证时只信下面这个目录里的证书。",
        "A root and an issuing CA, every name marked 仅供测试 TEST ONLY. Trust starts here: verifying relies on the folder below alone.",
    );
    stage.made("trust", "信任目录", "what verifiers trust");
    stage.try_it(&format!("yinxin ca init my-ca --password-file {pass}"));

    stage.step(2, "给制章单位发证", "A certificate for the seal maker");
    let mut people = People { stage, pair: &pair, folder: &folder, state: &mut state };
    let maker = people.enroll(Role::Maker, MAKER, "people/maker")?;
    stage.tell(
        &format!("“{MAKER}”获准制作印章。印章真不真，先看它的签名。"),
        &format!("\"{MAKER}\" is licensed to make seals. Its signature is what makes a seal genuine."),
    );
    let ca = stage.show("ca");
    stage.try_it(&format!(
        "yinxin ca issue {ca} --role maker --name 我的制章单位 --key-out my-maker.key -o my-maker.pem --password-file {pass}"
    ));

    stage.step(3, "给用章单位发证", "Certificates for those who will use seals");
    let unit = people.enroll(Role::Signer, UNIT, "signer")?;
    let partner = people.enroll(Role::Signer, PARTNER, "people/partner")?;
    let carrier = people.enroll(Role::Signer, CARRIER, "people/carrier")?;
    let impostor = people.enroll(Role::Signer, IMPOSTOR, "people/impostor")?;
    stage.tell(
        &format!("主角“{UNIT}”，它的伙伴“{PARTNER}”，还有“{CARRIER}”和“{IMPOSTOR}”。"),
        &format!("\"{UNIT}\" is the hero, \"{PARTNER}\" its partner; \"{CARRIER}\" and \"{IMPOSTOR}\" appear later."),
    );
    stage.made("signer.key", "主角的私钥（加密）", "the hero's private key, encrypted");
    stage.made("signer.password", "测试口令", "the test password");
    stage.try_it(&format!(
        "yinxin ca issue {ca} --role signer --name 我的公司 --key-out my-signer.key -o my-signer.pem --password-file {pass}"
    ));
    let time_authority = people.enroll(Role::Tsa, "演示时间戳服务", "people/tsa")?;

    let clock = Arc::new(AtomicI64::new(stage.calendar.issued.as_second()));
    let tsa_server = timestamp_service(time_authority, &pair, Arc::clone(&clock))?;
    let tsa = tsa_client::client(&tsa_server.url())?;
    let mut cast = Cast {
        pair,
        folder,
        state,
        maker,
        unit,
        partner,
        carrier,
        impostor,
        tsa,
        clock,
        _server: tsa_server,
    };
    cast.publish(stage)?;
    Ok(cast)
}

/// The responder on a thread of this process, reached over HTTP like any other.
fn timestamp_service(person: Person, pair: &Pair, clock: Arc<AtomicI64>) -> Result<Running, Failure> {
    let policy = ObjectIdentifier::new(TEST_POLICY)
        .map_err(|e| Failure::new("OID_FORMAT", format!("{TEST_POLICY}: {e}")))?;
    let responder = Responder::new(person.certificate, person.key, policy)?
        .with_chain(vec![pair.ca.certificate.clone()])
        .with_clock(move || {
            Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap_or_else(|_| Timestamp::now())
        });
    server::spawn(responder)
}

/// The enrolment desk.
struct People<'a> {
    stage: &'a Stage,
    pair: &'a Pair,
    folder: &'a Folder,
    state: &'a mut State,
}

impl People<'_> {
    /// Makes a key and a certificate and writes both as `<file>.key` and `<file>.pem`.
    fn enroll(&mut self, role: Role, name: &str, file: &str) -> Result<Person, Failure> {
        let key = SoftwareKey::generate(&mut rng());
        let from = self.stage.calendar.issued;
        let wanted = Wanted {
            role,
            name,
            organization: Some(name),
            key: key.public_key(),
            not_before: from,
            not_after: days_from(from, 730)?,
            crl_url: None,
        };
        let certificate = self.pair.ca.issue(&wanted, new_serial()?)?;
        self.state.issued.push(issued(&certificate, Level::Ca, role.word()));
        let pem = to_pem(&certificate);
        let path = self.folder.path(format!("issued/{}.pem", certificate.serial));
        files::write(&path, pem.as_bytes())?;
        self.stage.write(&format!("{file}.pem"), pem.as_bytes())?;
        self.stage.write_secret(&format!("{file}.key"), &locked(self.stage, &key)?)?;
        Ok(Person { certificate, key })
    }
}

/// A key under the story's password.
fn locked(stage: &Stage, key: &SoftwareKey) -> Result<Vec<u8>, Failure> {
    let pem = encrypt_pkcs8_pem(key, stage.password.as_bytes(), &mut rng(), ITERATIONS)?;
    Ok(pem.into_bytes())
}
