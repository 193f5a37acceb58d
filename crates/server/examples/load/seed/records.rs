//! Units with their accounts, applications and seals, by number.

use super::Fault;
use super::ground::{Ground, PER_UNIT, by, credit_code};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::{SignedDuration, Timestamp};
use std::ops::Range;
use yinxin_registry::account::{Account, AccountState, Credentials, Failures};
use yinxin_registry::ids::{AccountId, ApplicationId, SealId, UnitId};
use yinxin_registry::lifecycle::application::{
    Agent, Application, ApplicationEvent, Basis, Content, Imprint, Material, Opening, ProfileRef, Publicity,
    Truth,
};
use yinxin_registry::lifecycle::reasons::{CancelReason, SuspensionReason, VoidReason};
use yinxin_registry::lifecycle::seal::{Filing, Made, Seal, SealEvent, Start, Suspension};
use yinxin_registry::lifecycle::{Effect, ProofRef};
use yinxin_registry::profile::{ApplicantKind, SealKind};
use yinxin_registry::role::{Grant, Role, Scope};
use yinxin_registry::unit::{Unit, UnitForm};
use yinxin_server::app::Shared;
use yinxin_server::jobs::job_of;
use yinxin_store::NewJob;

/// Whose name stands in the certificates of the seals.
pub const ISSUER: &str = "CN=示例电子认证机构,O=示例,C=CN";
/// Kinds of seal of a unit.
const KINDS: [SealKind; PER_UNIT] =
    [SealKind::LegalName, SealKind::BusinessFinance, SealKind::BusinessContract];
/// First words of names.
const WORDS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

/// What is remembered of a seal, for the log and for what to ask.
#[derive(Clone)]
pub struct Kept {
    pub index: usize,
    pub seal: String,
    pub application: String,
    pub unit: String,
    pub code: String,
    pub serial: Option<String>,
}

/// Records of some units.
#[derive(Default)]
pub struct Batch {
    units: Vec<Unit>,
    accounts: Vec<Account>,
    applications: Vec<Application>,
    seals: Vec<Seal>,
    jobs: Vec<NewJob>,
    kept: Vec<Kept>,
}

/// What an earlier seeding wrote of these units: they came in one transaction, all or none.
pub async fn written(app: &Shared, ground: &Ground, units: Range<usize>) -> Result<Option<Vec<Kept>>, Fault> {
    let mut read = app.store.read().await?;
    let first = credit_code(units.start).ok_or("no credit code")?;
    if read.unit_by_credit_code(first.as_str()).await?.is_none() {
        return Ok(None);
    }
    let mut kept = Vec::new();
    for index in (units.start * PER_UNIT..units.end * PER_UNIT).take_while(|index| *index < ground.seals()) {
        let code = code(ground, index);
        let seal = read.seal_by_code(&code).await?.ok_or_else(|| format!("no seal {code}"))?.value;
        kept.push(Kept::of(index, &seal));
    }
    Ok(Some(kept))
}

fn code(ground: &Ground, index: usize) -> String {
    format!("{}{index:09}", ground.district(index / PER_UNIT).code.as_str())
}

impl Kept {
    fn of(index: usize, seal: &Seal) -> Self {
        Self {
            index,
            seal: seal.id().as_str().to_owned(),
            application: seal.application().as_str().to_owned(),
            unit: seal.unit().as_str().to_owned(),
            code: seal.code().to_owned(),
            serial: seal.made().map(|made| made.certificate_serial.clone()),
        }
    }
}

impl Batch {
    /// Makes them.
    pub fn of(ground: &Ground, units: Range<usize>) -> Result<Self, Fault> {
        let mut batch = Self::default();
        for number in units {
            let unit = unit(ground, number);
            if number % 3 == 0 {
                batch.accounts.push(agent(ground, &unit, number));
            }
            for (place, kind) in KINDS.into_iter().enumerate() {
                let index = number * PER_UNIT + place;
                if index < ground.seals() {
                    batch.seal(ground, &unit, number, index, kind)?;
                }
            }
            batch.units.push(unit);
        }
        Ok(batch)
    }

    /// Writes them in one transaction.
    pub async fn write(self, app: &Shared) -> Result<Vec<Kept>, Fault> {
        let mut tx = app.store.begin().await?;
        for unit in &self.units {
            tx.insert(unit).await?;
        }
        for account in &self.accounts {
            tx.insert(account).await?;
        }
        for application in &self.applications {
            tx.insert(application).await?;
        }
        for seal in &self.seals {
            tx.insert(seal).await?;
        }
        for jobs in self.jobs.chunks(500) {
            tx.add_jobs(jobs, Timestamp::now()).await?;
        }
        tx.commit().await?;
        Ok(self.kept)
    }

    fn seal(
        &mut self,
        ground: &Ground,
        unit: &Unit,
        number: usize,
        index: usize,
        kind: SealKind,
    ) -> Result<(), Fault> {
        let at = ground.time(index);
        let mut course = Course { ground, index, at, effects: Vec::new() };
        let code = code(ground, index);
        let application = course.approved(course.submitted(course.open(unit, kind)?)?, &code)?;
        let start = Start { id: SealId::new(at, &mut rng()), maker: ground.maker(number).clone() };
        let seal = Seal::begin(start, &application, &by("maker_operator"), at)?;
        let take = ApplicationEvent::Take { maker: ground.maker(number).clone(), seal: seal.id().clone() };
        let mut application = application.apply(take, &by("maker_operator"), at)?.0;
        let (seal, delivered) = course.seal(seal)?;
        if delivered {
            application = application.apply(ApplicationEvent::Complete, &by("unit_agent"), course.at)?.0;
        }
        let effects = std::mem::take(&mut course.effects);
        self.note(ground, seal.id().as_str(), &effects);
        self.kept.push(Kept::of(index, &seal));
        self.applications.push(application);
        self.seals.push(seal);
        // One in ten has another case open, or one that came to nothing.
        if index.is_multiple_of(10) {
            let mut course = Course { ground, index: index + 1, at, effects: Vec::new() };
            let open = course.other(unit, index / 10)?;
            self.note(ground, open.id().as_str(), &course.effects);
            self.applications.push(open);
        }
        Ok(())
    }

    /// Jobs that lie ahead; what lies in the past has been done.
    fn note(&mut self, ground: &Ground, subject: &str, effects: &[Effect]) {
        let ahead = ground.now + SignedDuration::from_hours(2 * 24);
        let jobs = effects.iter().filter(|effect| matches!(effect, Effect::Clock { .. }));
        let jobs = jobs.filter_map(|effect| job_of(effect, subject, ground.now, &mut rng()));
        self.jobs.extend(jobs.filter(|job| job.run_at > ahead));
    }
}

fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

fn unit(ground: &Ground, number: usize) -> Unit {
    let area = ground.district(number);
    let kinds = ApplicantKind::ALL;
    Unit {
        id: UnitId::new(ground.time(number * PER_UNIT), &mut rng()),
        form: UnitForm::Legal,
        credit_code: credit_code(number),
        name: format!("示例{}字第{number}有限公司", WORDS[number % 10]),
        applicant_kind: kinds[number / 10 % kinds.len()],
        area: area.code.clone(),
        area_path: area.path.clone(),
        parent: None,
        legal_representative: ground.person(number),
        seal_administrator: Some(ground.person(number + 1)),
        technical_measures: "印章密钥存放在密码设备内，双人双控。".to_owned(),
        dissolved_at: (number % 50 == 7).then_some(ground.now),
        former: Vec::new(),
    }
}

fn agent(ground: &Ground, unit: &Unit, number: usize) -> Account {
    let at = ground.time(number * PER_UNIT);
    let grant =
        Grant { role: Role::UnitAgent, scope: Scope::Unit(unit.id.clone()), from: at, until: None, by: None };
    Account {
        email: None,
        id: AccountId::new(at, &mut rng()),
        login: format!("agent.{number}"),
        name: format!("示例经办{number}"),
        state: AccountState::Active,
        credentials: Credentials {
            // Nobody logs in with these.
            password: "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGxvZ3MgaW4$bm9ib2R5IGxvZ3MgaW4gd2l0aCB0aGlzIGhhc2ggLi4".to_owned(),
            former: Vec::new(),
            must_change: false,
            set_at: at,
            totp: None,
            totp_step: 0,
            certificates: Vec::new(),
        },
        failures: Failures::default(),
        grants: vec![grant],
        created_at: at,
        created_by: None,
    }
}

/// One application and its seal on their way.
struct Course<'a> {
    ground: &'a Ground,
    index: usize,
    at: Timestamp,
    effects: Vec<Effect>,
}

impl Course<'_> {
    fn hours(&self, hours: i64) -> Timestamp {
        self.at + SignedDuration::from_hours(hours)
    }

    fn proof(&self, word: &str) -> ProofRef {
        ProofRef {
            number: format!("{word}-{:09}", self.index),
            digest: format!("{:064x}", self.index),
            at: self.at,
        }
    }

    fn open(&self, unit: &Unit, kind: SealKind) -> Result<Application, Fault> {
        let material = |code: &str| Material {
            code: code.to_owned(),
            file_name: format!("{code}.pdf"),
            digest: format!("{:064x}", self.index * 7),
            size: 123_456,
            media_type: "application/pdf".to_owned(),
            at: self.at,
        };
        let content = Content {
            kind,
            publicity: Publicity::Public,
            seal_name: format!(
                "{}{}",
                unit.name,
                if kind == SealKind::LegalName { "" } else { kind.name_zh() }
            ),
            holder: None,
            agent: Agent { person: self.ground.person(self.index), account: None },
            legal_representative: unit.legal_representative.clone(),
            seal_administrator: unit.seal_administrator.clone(),
            technical_measures: unit.technical_measures.clone(),
            physical: None,
            imprint: Imprint::Drawn { width_tenth_mm: 400, height_tenth_mm: 400 },
            years: 3,
            excluded_uses: Vec::new(),
            materials: vec![material("license")],
            key_request: None,
        };
        let opening = Opening {
            id: ApplicationId::new(self.at, &mut rng()),
            basis: Basis::New,
            unit: unit.id.clone(),
            parent_unit: None,
            unit_name: unit.name.clone(),
            credit_code: unit.credit_code.as_ref().map(ToString::to_string),
            applicant_kind: unit.applicant_kind,
            area: unit.area.clone(),
            area_path: unit.area_path.clone(),
            profile: ProfileRef { id: "national".to_owned(), version: 1 },
            content,
        };
        Ok(Application::open(opening, &by("unit_agent"), self.at)?)
    }

    fn submitted(&self, application: Application) -> Result<Application, Fault> {
        let digest = application.content_digest();
        let truth = Truth {
            by: by("unit_agent"),
            at: self.at,
            digest,
            method: "session".to_owned(),
            signature: None,
            certificate: None,
        };
        let event = ApplicationEvent::Submit {
            truth: Box::new(truth),
            checks: Vec::new(),
            number: format!("申-{}-{:09}", application.content().kind.as_str(), self.index),
            profile: ProfileRef { id: "national".to_owned(), version: 1 },
            due: self.hours(7 * 24),
        };
        Ok(application.apply(event, &by("unit_agent"), self.at)?.0)
    }

    fn approved(&self, application: Application, code: &str) -> Result<Application, Fault> {
        let number = application.content().kind.is_numbered().then_some(1);
        let event = ApplicationEvent::Approve {
            proof: self.proof("准制"),
            code: code.to_owned(),
            number,
            notes: Vec::new(),
        };
        Ok(application.apply(event, &by("issuing_reviewer"), self.at)?.0)
    }

    /// A case beside the three seals; half of these wait for a reviewer.
    fn other(&mut self, unit: &Unit, number: usize) -> Result<Application, Fault> {
        // Those that wait came lately; every tenth of them waits too long already.
        if number % 10 < 6 {
            let days = if number % 100 < 10 { 9 } else { 1 };
            self.at = self.ground.now - SignedDuration::from_hours(24 * days);
        }
        let draft = self.open(unit, SealKind::BusinessOther)?;
        if number % 10 == 5 {
            return Ok(draft);
        }
        let handed_in = self.submitted(draft)?;
        let reasons = vec!["材料不清晰".to_owned()];
        let (event, role) = match number % 10 {
            6 => (ApplicationEvent::Return { reasons, due: self.hours(24) }, "issuing_reviewer"),
            7 => (ApplicationEvent::Refuse { reasons }, "issuing_reviewer"),
            8 => (ApplicationEvent::Withdraw { reason: "不再需要".to_owned() }, "unit_agent"),
            9 => return self.approved(handed_in, &format!("{}x{:08}", unit.area.as_str(), self.index)),
            _ => return Ok(handed_in),
        };
        Ok(handed_in.apply(event, &by(role), self.at)?.0)
    }

    fn step(&mut self, seal: Seal, event: SealEvent, role: &str) -> Result<Seal, Fault> {
        let (seal, effects) = seal.apply(event, &by(role), self.at)?;
        self.effects.extend(effects);
        Ok(seal)
    }

    /// The seal as far as its number says, and whether it reached its owner.
    fn seal(&mut self, seal: Seal) -> Result<(Seal, bool), Fault> {
        let fate = self.index / PER_UNIT % 100;
        if fate == 0 {
            return Ok((seal, false));
        }
        let valid_until = self.hours(24 * if fate == 7 { 365 } else { 1095 });
        let made = Made {
            at: self.at,
            by: by("maker_operator").id,
            es_id: format!("{:013}", self.index),
            digest: format!("{:064x}", self.index * 3),
            format_version: 4,
            imprint_digest: "d".repeat(64),
            certificate_issuer: ISSUER.to_owned(),
            certificate_serial: format!("{:x}", 0x5a00_0000_0000_u64 + self.index as u64),
            key_digest: format!("{:064x}", self.index * 5),
            key_id: None,
            certificate_from: self.at,
            certificate_until: self.hours(24 * 1200),
            valid_from: self.at,
            valid_until,
            imprint: None,
        };
        let event = SealEvent::Made { made: Box::new(made), filing_due: self.hours(20 * 24) };
        let seal = self.step(seal, event, "maker_operator")?;
        if fate == 1 {
            return Ok((seal, false));
        }
        let filing = Filing {
            at: self.at,
            by: by("filing_officer").id,
            due: self.hours(24),
            proof: self.proof("备案"),
        };
        let seal =
            self.step(seal, SealEvent::File { filing, claim_due: self.hours(90 * 24) }, "filing_officer")?;
        if fate == 2 {
            return Ok((seal, false));
        }
        let seal = self.step(seal, SealEvent::Deliver { to: "示例乙".to_owned() }, "maker_operator")?;
        if fate == 3 {
            return Ok((seal, false));
        }
        let seal = self.step(seal, SealEvent::Accept, "unit_agent")?;
        let ended = valid_until <= self.ground.now;
        let proof = self.proof("注销");
        let (event, role) = match fate {
            4..=6 => {
                let suspension = Suspension {
                    reason: SuspensionReason::UnitRequest,
                    detail: "单位申请".to_owned(),
                    effective_at: self.at,
                    until: None,
                    document: None,
                    ticket: None,
                };
                (SealEvent::Suspend { suspension }, "unit_agent")
            }
            7 if ended => {
                self.at = valid_until;
                (SealEvent::Expire, "system")
            }
            8..=10 => {
                let reason = CancelReason::EndOfUse;
                (SealEvent::Cancel { reason, detail: "停止使用".to_owned(), proof }, "issuing_reviewer")
            }
            11 => {
                let event = SealEvent::Void {
                    reason: VoidReason::FalseMaterials,
                    detail: "材料虚假".to_owned(),
                    effective_at: self.at,
                    document: "示决1号".to_owned(),
                };
                (event, "issuing_reviewer")
            }
            _ => return Ok((seal, true)),
        };
        Ok((self.step(seal, event, role)?, true))
    }
}
