//! What stands before the first unit: a tree of areas, makers, people.

use super::Fault;
use jiff::{SignedDuration, Timestamp};
use yinxin_registry::area::{Area, AreaCode, AreaLevel};
use yinxin_registry::credit_code::CreditCode;
use yinxin_registry::ids::{AccountId, MakerId};
use yinxin_registry::lifecycle::By;
use yinxin_registry::maker::{License, Maker};
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Person;
use yinxin_server::app::Shared;
use yinxin_server::security::redact::Mask;
use yinxin_server::security::vault::Place;
use yinxin_store::ListFilter;

/// Seals of a unit.
pub const PER_UNIT: usize = 3;
/// Days of the past that applications come from.
const DAYS: i64 = 1000;

/// Everything a record is made of besides its number.
pub struct Ground {
    seals: usize,
    /// When the program began.
    pub now: Timestamp,
    /// The thousand districts.
    pub districts: Vec<Area>,
    /// One for each of the ten provinces.
    pub makers: Vec<MakerId>,
    /// A hundred fictitious people with encrypted numbers.
    pub people: Vec<Person>,
}

impl Ground {
    /// Writes areas and makers.
    pub async fn lay(app: &Shared, seals: usize) -> Result<Self, Fault> {
        let now = app.now().map_err(|problem| format!("{:?}", problem.code()))?;
        let (areas, districts) = tree()?;
        let makers: Vec<Maker> = (0..10).map(|n| maker(app, now, &areas, n)).collect::<Result<_, Fault>>()?;
        let people = (0..100).map(|n| person(app, n)).collect::<Result<_, Fault>>()?;
        let mut tx = app.store.begin().await?;
        let there = tx.list::<Maker>(&Scope::All, &ListFilter::default()).await?.items;
        let makers = if there.is_empty() {
            for area in &areas {
                tx.insert(area).await?;
            }
            for maker in &makers {
                tx.insert(maker).await?;
            }
            makers.into_iter().map(|maker| maker.id).collect()
        } else {
            there.into_iter().map(|maker| maker.value.id).collect()
        };
        tx.commit().await?;
        Ok(Self { seals, now, districts, makers, people })
    }

    /// How many units.
    pub fn units(&self) -> usize {
        self.seals.div_ceil(PER_UNIT)
    }

    /// How many seals.
    pub fn seals(&self) -> usize {
        self.seals
    }

    /// When a seal was applied for: spread evenly over the years.
    pub fn time(&self, index: usize) -> Timestamp {
        let past = 86_400 * DAYS * (self.seals - index) as i64 / self.seals as i64;
        self.now - SignedDuration::from_secs(past)
    }

    /// District of a unit; neighbors in time lie far apart.
    pub fn district(&self, unit: usize) -> &Area {
        &self.districts[unit * 7919 % self.districts.len()]
    }

    /// Maker of a unit's seals.
    pub fn maker(&self, unit: usize) -> &MakerId {
        &self.makers[unit * 7919 % self.districts.len() / 100]
    }

    /// Somebody.
    pub fn person(&self, number: usize) -> Person {
        self.people[number % self.people.len()].clone()
    }
}

/// Ten provinces of ten cities of ten districts.
fn tree() -> Result<(Vec<Area>, Vec<Area>), Fault> {
    let (mut all, mut districts) = (Vec::new(), Vec::new());
    let under = |parent: &Area, code: String, name: String, level| {
        let code = AreaCode::parse(&code)?;
        Ok::<_, Fault>(Area::under(parent, code, &name, level, &format!("{name}政务局"))?)
    };
    for p in 0..10 {
        let code = |rest: &str| format!("{}{rest}", 81 + p);
        let province = under(&Area::nation(), code("0000"), format!("示例{p}省"), AreaLevel::Province)?;
        for c in 1..=10 {
            let city =
                under(&province, code(&format!("{c:02}00")), format!("示例{p}{c}市"), AreaLevel::City)?;
            for d in 1..=10 {
                let name = format!("示例{p}{c}{d}区");
                districts.push(under(&city, code(&format!("{c:02}{d:02}")), name, AreaLevel::County)?);
            }
            all.push(city);
        }
        all.push(province);
    }
    all.extend(districts.iter().cloned());
    Ok((all, districts))
}

/// A fictitious credit code with a right check character; another one for each number.
pub fn credit_code(number: usize) -> Option<CreditCode> {
    let body = format!("91810101{number:09}");
    "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .find_map(|check| CreditCode::parse(&format!("{body}{check}")).ok())
}

fn maker(app: &Shared, now: Timestamp, areas: &[Area], number: usize) -> Result<Maker, Fault> {
    let province = areas.iter().filter(|area| area.level == AreaLevel::Province).nth(number);
    let province = province.ok_or("no province")?;
    Ok(Maker {
        id: MakerId::new(now, &mut app.rng()),
        name: format!("示例{number}省印章制作有限公司"),
        credit_code: credit_code(900_000_000 + number).ok_or("no credit code")?,
        area: province.code.clone(),
        area_path: province.path.clone(),
        jurisdictions: vec![province.path.clone()],
        license: License {
            number: format!("示例许可{number}号"),
            issuer: "示例公安厅".to_owned(),
            from: now - SignedDuration::from_hours(24 * 2000),
            until: now + SignedDuration::from_hours(24 * 2000),
        },
        entrusted: None,
        certificate: None,
        former_certificates: Vec::new(),
        responsible: "示例丙".to_owned(),
        stopped: None,
        created_by: AccountId::new(now, &mut app.rng()),
    })
}

fn person(app: &Shared, number: usize) -> Result<Person, Fault> {
    let vault = app.vault();
    let place = Place::new("person.id_number", "sample");
    let id_number = vault.protect(
        place,
        &format!("810101199001{:02}{:04}", 1 + number % 28, number),
        Mask::IdNumber,
        &mut app.rng(),
    )?;
    Ok(Person { name: format!("示例人{number}"), id_number, phone: None })
}

/// Somebody who acts.
pub fn by(role: &str) -> By {
    By { id: format!("acct_of_{role}"), name: "示例人员".to_owned(), role: role.to_owned() }
}
