//! Beginning and end of the registry's story: its folder, the accounts it leaves, going on or stopping.

use serde_json::{Value, json};

use super::host::Host;
use super::person::Person;
use super::{CITY, CITY_NAME, DATA, Told};
use crate::command::demo::stage::Stage;
use crate::failure::Failure;

/// The accounts of the story, with their passwords.
const ACCOUNTS: &str = "registry-accounts.json";
/// How far back the story begins, days.
const BEGINS: i64 = 40;

/// Starts a registry in a new folder; that of an earlier run goes.
pub fn start(stage: &Stage) -> Result<Host, Failure> {
    let folder = stage.path(DATA);
    let wrong = |e: std::io::Error| Failure::new("DEMO_FOLDER", format!("{}: {e}", folder.display()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(wrong)?;
    }
    Host::start(&folder, BEGINS)
}

impl Told {
    /// Writes configuration and accounts, so that the registry can be started again.
    pub fn keep(&mut self, stage: &Stage) -> Result<(), Failure> {
        // As TOML: one line each, and no name in it holds a quote.
        let config = format!(
            "# {}\ndata_dir = \".\"\nlisten = \"127.0.0.1:8080\"\n\n[area]\ncode = \"{CITY}\"\nname = \"{CITY_NAME}\"\nprofile = \"national\"\n",
            "yinxin serve --config yinxin.toml",
        );
        stage.write(&format!("{DATA}/yinxin.toml"), config.as_bytes())?;
        let text = serde_json::to_vec_pretty(&self.accounts()).unwrap_or_default();
        stage.write_secret(ACCOUNTS, &text)?;
        stage.made(
            ACCOUNTS,
            "各岗位账号、口令、动态口令密钥（仅供测试）",
            "accounts with passwords and secrets, for tests only",
        );
        if let Some(facts) = self.facts.as_object_mut() {
            facts.insert("folder".to_owned(), json!(stage.path(DATA).display().to_string()));
            facts.insert("papers".to_owned(), json!(stage.path("papers").display().to_string()));
            facts.insert("accounts_file".to_owned(), json!(stage.path(ACCOUNTS).display().to_string()));
        }
        Ok(())
    }

    /// Goes on serving until Ctrl-C.
    pub fn go_on(self, stage: &Stage) -> Result<(), Failure> {
        stage.out.say("");
        stage.say(
            &format!("登记系统继续运行：{}（按 Ctrl-C 停止）", self.host.url),
            &format!("The registry goes on at {} (Ctrl-C stops it)", self.host.url),
        );
        stage.say(
            &format!("用浏览器打开 {}/ 核验文件，打开 {}/login 登录网上办事。", self.host.url, self.host.url),
            &format!(
                "In a browser: {}/ verifies documents, {}/login leads to the console.",
                self.host.url, self.host.url
            ),
        );
        stage.say("可用下列账号登录（仅供测试）：", "Accounts to log in with (for tests only):");
        for person in &self.staff {
            stage.out.say(line(stage, person));
        }
        self.host.wait_for_interrupt();
        self.host.stop()
    }

    /// Stops it and says how to start it again.
    pub fn stop(self, stage: &Stage) -> Result<(), Failure> {
        stage.try_it(&format!("cd {} && yinxin serve --config yinxin.toml", stage.show(DATA)));
        self.host.stop()
    }

    fn accounts(&self) -> Value {
        let account = |p: &Person| {
            json!({
                "role": p.role.0,
                "role_en": p.role.1,
                "login": p.login,
                "password": p.password.reveal(),
                "totp": p.totp.as_ref().map(|secret| secret.reveal()),
            })
        };
        Value::Array(self.staff.iter().map(account).collect())
    }
}

fn line(stage: &Stage, person: &Person) -> String {
    let totp = person.totp.as_ref().map(|secret| {
        let word = stage.out.pick("动态口令密钥", "secret of one-time codes");
        format!("  {word} {}", secret.reveal())
    });
    let role = stage.out.pick(person.role.0, person.role.1);
    format!("  {:<12}{}  {role}{}", person.login, person.password.reveal(), totp.unwrap_or_default())
}
