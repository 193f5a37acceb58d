//! People who ask: their password is known, their one-time code can be computed.

use super::Fault;
use super::ground::Ground;
use super::records::Kept;
use serde_json::{Value, json};
use yinxin_registry::account::{Account, AccountState, Credentials, Failures};
use yinxin_registry::area::AreaPath;
use yinxin_registry::ids::{AccountId, UnitId};
use yinxin_registry::role::{Grant, Role, Scope};
use yinxin_server::app::Shared;
use yinxin_server::security::Secret;
use yinxin_server::security::totp::TotpSecret;
use yinxin_server::security::vault::Place;

/// Makes them; login, password and secret of one-time codes, as JSON by name.
pub async fn make(app: &Shared, ground: &Ground, kept: &[Kept]) -> Result<Value, Fault> {
    let first = kept.first().ok_or("no seals")?;
    let unit = UnitId::parse(&first.unit)?;
    let district = ground.district(0).path.clone();
    let city = district.parent().ok_or("no city")?;
    let maker = ground.maker(0).clone();
    let scopes = [
        ("reviewer", Role::IssuingReviewer, Scope::Area(AreaPath::nation())),
        ("city", Role::IssuingReviewer, Scope::Area(city)),
        ("district", Role::IssuingReviewer, Scope::Area(district)),
        ("filer", Role::FilingOfficer, Scope::Area(AreaPath::nation())),
        ("supervisor", Role::Supervisor, Scope::Area(AreaPath::nation())),
        ("agent", Role::UnitAgent, Scope::Unit(unit.clone())),
        ("custodian", Role::Custodian, Scope::Unit(unit.clone())),
        ("approver", Role::Approver, Scope::Unit(unit.clone())),
        ("user", Role::User, Scope::Unit(unit)),
        ("operator", Role::MakerOperator, Scope::Maker(maker)),
        ("auditor", Role::AuditAdministrator, Scope::All),
        ("security", Role::SecurityAdministrator, Scope::All),
        ("system", Role::SystemAdministrator, Scope::All),
    ];
    let totp = TotpSecret::generate(&mut app.rng());
    let password = format!("Lq-{}", TotpSecret::generate(&mut app.rng()).to_base32().reveal());
    let mut people = serde_json::Map::new();
    let mut tx = app.store.begin().await?;
    for (name, role, scope) in scopes {
        let id = AccountId::new(ground.now, &mut app.rng());
        let hash = app.hasher.hash(Secret::new(&password), &mut app.rng()).await?;
        let code = role
            .is_administrator()
            .then(|| {
                let place = Place::new("account.totp", id.as_str());
                app.vault().encrypt(place, totp.to_base32().reveal(), &mut app.rng())
            })
            .transpose()?;
        let account = Account {
            email: None,
            id,
            login: format!("load.{name}"),
            name: format!("示例{name}"),
            state: AccountState::Active,
            credentials: Credentials {
                password: hash,
                former: Vec::new(),
                must_change: false,
                set_at: ground.now,
                totp: code,
                totp_step: 0,
                certificates: Vec::new(),
            },
            failures: Failures::default(),
            grants: vec![Grant { role, scope, from: ground.now, until: None, by: None }],
            created_at: ground.now,
            created_by: None,
        };
        tx.insert(&account).await?;
        let mut known = json!({ "login": account.login, "password": password });
        if role.is_administrator() {
            known["totp"] = json!(totp.to_base32().reveal());
        }
        people.insert(name.to_owned(), known);
    }
    tx.commit().await?;
    Ok(Value::Object(people))
}
