//! The home page of a role, and searching.

use super::lists::{Row, found, seal_row};
use super::queue::{Asking, Queue};
use crate::api::shapes::{Overview, Page as Rows, Seal, SealRow, Unit};
use crate::api::{Call, with_query};
use crate::frame::{Fault, Frame, Nav, Page, Person, Sent, Visit, html, is_code, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

/// A figure.
pub struct Tile {
    pub figure: String,
    pub words: &'static str,
    pub href: &'static str,
    pub tone: &'static str,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    roles: String,
    overview: Option<Overview>,
    tiles: Vec<Tile>,
    queues: Vec<Queue>,
    start: &'static str,
}

/// `GET /home`.
pub async fn show(State(console): State<Shared>, Person(visit): Person) -> Response {
    visit.finish(page(&console, &visit).await)
}

async fn page(console: &Shared, visit: &Visit) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let session = visit.session.clone().ok_or(Fault::Login("/home".to_owned()))?;
    let mut roles: Vec<String> =
        session.account.grants.iter().map(|grant| w.role(&grant.role, &grant.role_zh)).collect();
    roles.dedup();
    let oversees = ["issuing_reviewer", "filing_officer", "supervisor"].iter().any(|role| session.is(role));
    let overview: Option<Overview> =
        if oversees { console.api.read(visit, "/overview").await.ok() } else { None };
    let page = HomePage {
        frame: Frame::new(visit, Page { title: w.home_title(), nav: Nav::Home }),
        roles: roles.join("、"),
        tiles: overview.as_ref().map(|overview| tiles(overview, w)).unwrap_or_default(),
        overview,
        queues: Asking::new(console, visit, &session).all().await?,
        start: if session.is("unit_agent") { "/applications/new" } else { "" },
    };
    Ok(html(StatusCode::OK, &page))
}

/// What an area has and what waits in it.
pub fn tiles(overview: &Overview, w: Words) -> Vec<Tile> {
    let bounded =
        |count: &crate::api::shapes::Count| format!("{}{}", count.count, if count.more { "+" } else { "" });
    let of = |states: &[crate::api::shapes::StateCount], state: &str| {
        states.iter().find(|count| count.state == state).map_or(0, |count| count.count)
    };
    let alarm = |count: u64, tone: &'static str| if count > 0 { tone } else { "calm" };
    vec![
        Tile {
            figure: of(&overview.applications, "submitted").to_string(),
            words: w.tile_review(),
            href: "/applications?state=submitted",
            tone: "calm",
        },
        Tile {
            figure: bounded(&overview.overdue_reviews),
            words: w.tile_late(),
            href: "/applications?state=submitted",
            tone: alarm(overview.overdue_reviews.count, "late"),
        },
        Tile {
            figure: bounded(&overview.overdue_filings),
            words: w.tile_filing(),
            href: "/seals?state=made",
            tone: alarm(overview.overdue_filings.count, "late"),
        },
        Tile {
            figure: of(&overview.seals, "active").to_string(),
            words: w.tile_active(),
            href: "/seals?state=active",
            tone: "calm",
        },
        Tile {
            figure: bounded(&overview.expiring),
            words: w.tile_expiring(),
            href: "/seals?state=active",
            tone: alarm(overview.expiring.count, "near"),
        },
        Tile {
            figure: bounded(&overview.strange_uses),
            words: w.tile_strange(),
            href: "/seals",
            tone: alarm(overview.strange_uses.count, "near"),
        },
        Tile {
            figure: bounded(&overview.overdue_tickets),
            words: w.tile_tickets(),
            href: "/desk/tickets?state=open",
            tone: alarm(overview.overdue_tickets.count, "late"),
        },
    ]
}

/// `GET /find?q=`: a seal by its code, else what begins so.
pub async fn find(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let text: String = query.get("q").chars().take(80).collect();
    visit.finish(look(&console, &visit, &text).await)
}

async fn look(console: &Shared, visit: &Visit, text: &str) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    if is_code(text) {
        let answer = console.api.ask(visit, Call::get(format!("/seals/by-code/{text}"))).await?;
        if answer.status.is_success() {
            let seal: Seal = answer.json()?;
            return Ok(see(&format!("/seals/{}", seal.row.id)));
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    if !text.is_empty() {
        let seals: Rows<SealRow> =
            console.api.list(visit, &with_query("/seals", &[("name", text), ("limit", "20")])).await?;
        rows.extend(seals.items.iter().map(|row| seal_row(row, w)));
        let units: Rows<Unit> =
            console.api.list(visit, &with_query("/units", &[("name", text), ("limit", "20")])).await?;
        rows.extend(units.items.into_iter().map(|unit| unit_row(unit, w)));
    }
    Ok(found(visit, rows))
}

fn unit_row(unit: Unit, w: Words) -> Row {
    Row {
        href: with_query("/seals", &[("name", &unit.name)]),
        title: unit.name,
        more: unit.credit_code.unwrap_or_default(),
        state: w.unit_word().to_owned(),
        tone: "off",
        due: None,
    }
}
