//! Steps 10 and 11: the three administrators take over; the others get their accounts.

use serde_json::json;

use super::api::text;
use super::person::Person;
use super::tale::Tale;
use super::{CITY, CITY_NAME, CITY_PATH, DATA, DISTRICT};
use crate::failure::Failure;

/// Everybody with an account.
#[derive(Debug, Default)]
pub struct Staff {
    /// In the order in which they came.
    pub people: Vec<Person>,
}

impl Staff {
    /// The one with this login name.
    pub fn get(&self, login: &str) -> Result<&Person, Failure> {
        let found = self.people.iter().find(|p| p.login == login);
        found.ok_or_else(|| Failure::new("DEMO_REGISTRY", format!("nobody is called {login}")))
    }

    /// The security administrator makes an account with one role, and its owner logs in for the first time.
    pub fn hire(
        &mut self,
        tale: &Tale<'_>,
        login: &str,
        (code, zh, en): (&str, &'static str, &'static str),
        scope: Option<&str>,
    ) -> Result<(), Failure> {
        let mut grant = json!({ "role": code });
        if let (Some(scope), Some(fields)) = (scope, grant.as_object_mut()) {
            fields.insert("scope".to_owned(), json!(scope));
        }
        let body = json!({ "login": login, "name": format!("示例{zh}"), "grants": [grant] });
        let made = self.get("security")?.post("/accounts", &body)?;
        let administers = code.ends_with("administrator");
        let one_time = text(&made, "one_time_password");
        self.people.push(tale.first_login((zh, en), login, &one_time, administers)?);
        Ok(())
    }
}

/// The three administrators log in.
pub fn administrators(tale: &Tale<'_>) -> Result<Staff, Failure> {
    tale.step(10, 40, "启动登记系统，三员到岗", "The registry starts, its three administrators take over")?;
    tale.tell(
        &format!("登记与制作系统已在 {} 运行，数据都在下面的目录。以下每一步都经由它的 HTTP 接口办理。", tale.host.url),
        &format!("Registry and workshop run at {}, their data below. Every step from here goes through the HTTP API.", tale.host.url),
    );
    tale.stage.made(DATA, "数据库、材料、密钥", "database, documents, keys");
    let mut staff = Staff::default();
    for (login, one_time) in &tale.host.first {
        let role = match login.as_str() {
            "system" => ("系统管理员", "system administrator"),
            "security" => ("安全管理员", "security administrator"),
            _ => ("审计管理员", "audit administrator"),
        };
        staff.people.push(tale.first_login(role, login, one_time.reveal(), true)?);
    }
    let session = staff.get("security")?.get("/session")?.json();
    tale.claim(
        "系统、安全、审计三员分别登录，改掉一次性口令，绑定动态口令",
        "three persons logged in, changed their one-time passwords and enrolled one-time codes",
        &text(&session, "method"),
        "password_totp",
    );
    Ok(staff)
}

/// A district, and accounts for those who work there.
pub fn officers(tale: &Tale<'_>, staff: &mut Staff) -> Result<(), Failure> {
    tale.step(11, 40, "区划与岗位", "Areas and offices")?;
    let area = json!({
        "parent": CITY, "code": DISTRICT, "name": "示例区", "level": "county", "authority": "示例区行政审批局",
    });
    let made = staff.get("system")?.post("/areas", &area)?;
    tale.tell(
        &format!("系统管理员在“{CITY_NAME}”下增设“示例区”，路径 {}。", text(&made, "path")),
        &format!("The system administrator adds a district, path {}.", text(&made, "path")),
    );
    let offices = [
        ("reviewer", ("issuing_reviewer", "制发审核员", "issuing reviewer")),
        ("filer", ("filing_officer", "备案员", "filing officer")),
        ("supervisor", ("supervisor", "监督员", "supervisor")),
    ];
    for (login, role) in offices {
        staff.hire(tale, login, role, Some(CITY_PATH))?;
    }
    staff.hire(tale, "auditor", ("audit_administrator", "审计管理员", "audit administrator"), None)?;
    tale.tell(
        "安全管理员建立制发审核员、备案员、监督员、审计员的账号，各人首次登录即改口令。",
        "The security administrator makes accounts for a reviewer, a filing officer, a supervisor and an auditor.",
    );
    let answer = staff.get("reviewer")?.get_any("/accounts")?;
    tale.claim(
        "审核员查看账号被拒：岗位分离",
        "a reviewer may not look at accounts",
        &answer.problem(),
        "FORBIDDEN",
    );
    tale.note("area", json!({ "code": CITY, "name": CITY_NAME, "district": DISTRICT }));
    Ok(())
}
