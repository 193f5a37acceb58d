//! A role is given in three steps, each a plain page: which role, for what (an area out of the tree, a unit or maker by its name), until when.

use super::deed::{Failed, act};
use crate::api::shapes::{AreaRow, Page as Rows, RoleScope};
use crate::api::{Call, Problem, with_query};
use crate::desk::codes::{PROGRAM_ROLES, ROLES};
use crate::desk::scope_words;
use crate::frame::{Fault, Field, Form, Frame, Key, Nav, Page, Person, Sent, Visit, html, once, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// Rows of a page of the list.
const ROWS: &str = "30";
/// Longest name that is looked for, characters.
const MOST_NAME: usize = 100;

/// What was chosen so far.
#[derive(Debug, Clone, Default)]
struct Asked {
    /// Whose role it becomes; empty for a program that is to be registered.
    account: String,
    role: String,
    scope: String,
    /// Area whose parts are shown.
    within: String,
    name: String,
    cursor: String,
}

impl Asked {
    fn read(sent: &Sent, role: &str, scope: &str) -> Self {
        Self {
            account: sent.get("account").to_owned(),
            role: sent.get(role).to_owned(),
            scope: sent.get(scope).to_owned(),
            within: sent.get("within").to_owned(),
            name: sent.get("name").chars().take(MOST_NAME).collect(),
            cursor: sent.get("cursor").to_owned(),
        }
    }

    /// The page with this chosen, too.
    fn with(&self, pairs: &[(&str, &str)]) -> String {
        let whose =
            if self.account.is_empty() { ("client", "1") } else { ("account", self.account.as_str()) };
        with_query("/roles/give", &[&[whose][..], pairs].concat())
    }

    /// What the role is for: `area`, `unit`, `maker`, or nothing for all; none for a role nobody knows.
    fn kind(&self) -> Option<&'static str> {
        match self.role.as_str() {
            "unit_agent" | "custodian" | "approver" | "user" | "business_system" => Some("unit"),
            "issuing_reviewer" | "filing_officer" | "supervisor" => Some("area"),
            "maker_operator" => Some("maker"),
            "system_administrator" | "security_administrator" | "audit_administrator" => Some(""),
            _ => None,
        }
    }
}

/// Something one can choose.
struct Choice {
    href: String,
    name: String,
    code: String,
    /// Its parts, where it has some to be looked at.
    into: String,
}

/// Who gets the role.
#[derive(Deserialize)]
struct Account {
    name: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "roles.html")]
struct RolesPage {
    frame: Frame,
    over: (String, String),
    account: String,
    step: usize,
    steps: [&'static str; 3],
    role: String,
    role_words: String,
    again: String,
    kind: &'static str,
    name: String,
    name_label: &'static str,
    crumbs: Vec<Choice>,
    choices: Vec<Choice>,
    next: Option<String>,
    scope: String,
    scope_words: String,
    fields: Vec<Field>,
    problem: Option<Problem>,
    once: String,
    version: Option<i64>,
}

/// `GET /roles/give?account=&role=&scope=`; `client=1` instead of an account for a program.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let asked = Asked::read(&query, "role", "scope");
    let page = async {
        let program = asked.account.is_empty();
        if program && asked.kind().is_some() && !asked.scope.is_empty() {
            let chosen =
                [("s:/grants/0/role", asked.role.as_str()), ("s:/grants/0/scope", asked.scope.as_str())];
            return Ok(see(&with_query("/desk/clients/add/register", &chosen)));
        }
        page(&console, &visit, asked, None).await
    };
    visit.finish(page.await)
}

/// `POST /roles/give`.
pub async fn give(State(console): State<Shared>, Person(visit): Person, sent: Sent) -> Response {
    let done = async {
        let asked = Asked::read(&sent, "s:/role", "s:/scope");
        let account = Key::parse(&asked.account)?;
        let call = Call::post(format!("/accounts/{account}/grants"), &sent.body());
        match act(&console, &visit, call, "grant", &sent).await? {
            None => Ok(see(&format!("/desk/accounts/{account}?did=grant"))),
            Some(failed) => page(&console, &visit, asked, Some(failed)).await,
        }
    };
    visit.finish(done.await)
}

async fn page(
    console: &Shared,
    visit: &Visit,
    asked: Asked,
    failed: Option<Failed>,
) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let session = visit.session.as_ref().ok_or(Fault::Login("/desk".to_owned()))?;
    if !session.is("security_administrator") {
        return Err(Fault::NotFound);
    }
    let account: Option<Account> = match asked.account.as_str() {
        "" => None,
        id => Some(console.api.read(visit, &format!("/accounts/{}", Key::parse(id)?)).await?),
    };
    let table = if account.is_some() { ROLES } else { PROGRAM_ROLES };
    let role_words = table.iter().find(|(code, _)| *code == asked.role);
    let role_words = role_words.map(|(_, say)| say.text(visit.lang).to_owned()).unwrap_or_default();
    let kind = asked.kind().filter(|_| !role_words.is_empty());
    let step = match kind {
        None => 1,
        Some(kind) if !kind.is_empty() && asked.scope.is_empty() => 2,
        Some(_) => 3,
    };
    let (mut crumbs, mut choices, mut next, mut scope) = (Vec::new(), Vec::new(), None, String::new());
    match (step, kind.unwrap_or_default()) {
        (1, _) => choices = roles(&asked, table, visit),
        (2, "area") if asked.name.is_empty() => (crumbs, choices) = tree(console, visit, &asked).await?,
        (2, kind) => (choices, next) = named(console, visit, &asked, kind).await?,
        _ if asked.scope.is_empty() => w.roles_everywhere().clone_into(&mut scope),
        _ => scope = scope_words(console, visit, &asked.scope).await?,
    }
    let form = failed
        .as_ref()
        .map_or_else(|| Form::new(visit.lang), |f| Form::again(visit.lang, &f.sent, &f.problem));
    let until = form.field("u:/until", "date", w.roles_until(), "").help(w.roles_until_help());
    let over = match &account {
        Some(account) => (format!("/desk/accounts/{}", asked.account), account.name.clone()),
        None => ("/desk/clients".to_owned(), w.roles_programs().to_owned()),
    };
    let status = if failed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = RolesPage {
        frame: Frame::new(visit, Page { title: w.roles_title(), nav: Nav::Desk }),
        over,
        step,
        steps: [w.roles_step_role(), w.roles_step_scope(), w.roles_step_give()],
        again: asked.with(&[("role", &asked.role)]),
        kind: kind.unwrap_or_default(),
        name_label: match kind {
            Some("unit") => w.roles_find_unit(),
            Some("maker") => w.roles_find_maker(),
            _ => w.roles_find_area(),
        },
        role_words,
        crumbs,
        choices,
        next,
        scope_words: scope,
        fields: vec![until.short().optional()],
        problem: failed.map(|failed| failed.problem),
        once: once()?,
        version: account.map(|account| account.version),
        account: asked.account,
        role: asked.role,
        scope: asked.scope,
        name: asked.name,
    };
    Ok(html(status, &page))
}

fn roles(asked: &Asked, table: &[crate::desk::Named], visit: &Visit) -> Vec<Choice> {
    let choice = |(code, say): &crate::desk::Named| Choice {
        href: asked.with(&[("role", code)]),
        name: say.text(visit.lang).to_owned(),
        code: String::new(),
        into: String::new(),
    };
    table.iter().map(choice).collect()
}

/// The way from the root to an area, and the areas right under it.
async fn tree(console: &Shared, visit: &Visit, asked: &Asked) -> Result<(Vec<Choice>, Vec<Choice>), Fault> {
    let choice = |area: AreaRow, parts: bool| Choice {
        href: asked.with(&[("role", &asked.role), ("scope", &area.path)]),
        into: if parts {
            asked.with(&[("role", &asked.role), ("within", &area.code)])
        } else {
            String::new()
        },
        name: area.name,
        code: area.code,
    };
    let within = asked.within.as_str();
    let here: Option<AreaRow> = match within.bytes().all(|b| b.is_ascii_digit()) && !within.is_empty() {
        true => Some(console.api.read(visit, &format!("/areas/{within}")).await?),
        false => {
            let first: Rows<AreaRow> = console.api.list(visit, "/areas?limit=1").await?;
            first.items.into_iter().next()
        }
    };
    let Some(here) = here else { return Ok((Vec::new(), Vec::new())) };
    let mut crumbs = Vec::new();
    for code in here.path.split('/').filter(|code| !code.is_empty() && *code != here.code) {
        let area: AreaRow = console.api.read(visit, &format!("/areas/{code}")).await?;
        crumbs.push(choice(area, true));
    }
    let under = with_query("/areas", &[("parent", &here.code), ("limit", "200")]);
    let under: Rows<AreaRow> = console.api.list(visit, &under).await?;
    crumbs.push(choice(here, true));
    let choices = under.items.into_iter().map(|area| choice(area, true)).collect();
    Ok((crumbs, choices))
}

/// Areas, units or makers whose names begin so.
async fn named(
    console: &Shared,
    visit: &Visit,
    asked: &Asked,
    kind: &str,
) -> Result<(Vec<Choice>, Option<String>), Fault> {
    let pairs = [("kind", kind), ("name", &asked.name), ("limit", ROWS), ("cursor", asked.cursor.as_str())];
    let found: Rows<RoleScope> = console.api.list(visit, &with_query("/role-scopes", &pairs)).await?;
    let next = found
        .next
        .as_deref()
        .map(|cursor| asked.with(&[("role", &asked.role), ("name", &asked.name), ("cursor", cursor)]));
    let choice = |row: RoleScope| Choice {
        href: asked.with(&[("role", &asked.role), ("scope", &row.scope)]),
        name: row.name,
        code: row.code.unwrap_or_default(),
        into: String::new(),
    };
    Ok((found.items.into_iter().map(choice).collect(), next))
}
