//! The guide for applicants (办事指南): what an application for a seal needs, for everybody, without an account.

use crate::api::shapes::{Offered, Procedure};
use crate::api::with_query;
use crate::frame::{Fault, Frame, Nav, Page, Sent, Visit, html};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

/// The nation: its profile is the rule where a place has none of its own.
const NATION: &str = "100000";

struct Link {
    href: String,
    words: String,
}

struct Group {
    applicant: String,
    links: Vec<Link>,
}

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage {
    frame: Frame,
    area: String,
    bad_area: bool,
    groups: Vec<Group>,
    procedure: Option<Procedure>,
}

/// `GET /guide?area=&applicant=&kind=`.
pub async fn show(State(console): State<Shared>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    visit.finish(page(&console, &visit, query).await)
}

async fn page(console: &Shared, visit: &Visit, query: Option<String>) -> Result<Response, Fault> {
    let w = Words(visit.lang);
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let named: String = query.get("area").chars().take(12).collect();
    let is_area = (6..=12).contains(&named.len()) && named.bytes().all(|b| b.is_ascii_digit());
    let area = if is_area { named.clone() } else { NATION.to_owned() };
    let found: Result<Offered, Fault> =
        console.api.read(visit, &with_query("/procedures/offered", &[("area", &area)])).await;
    // A mistyped code is told beside its field.
    let (offered, bad_area) = match found {
        Ok(offered) => (offered, !named.is_empty() && !is_area),
        Err(Fault::Api(problem)) if problem.status < 500 && area != NATION => {
            let nation = with_query("/procedures/offered", &[("area", NATION)]);
            (console.api.read(visit, &nation).await?, true)
        }
        Err(other) => return Err(other),
    };
    let area = if bad_area { NATION.to_owned() } else { area };
    let (applicant, kind) = (query.get("applicant"), query.get("kind"));
    let asked = [("area", area.as_str()), ("applicant_kind", applicant), ("seal_kind", kind)];
    let procedure = if applicant.is_empty() || kind.is_empty() {
        None
    } else {
        Some(console.api.read(visit, &with_query("/procedures", &asked)).await?)
    };
    let groups = offered.offered.into_iter().map(|offer| Group {
        applicant: offer.applicant.name.text(visit.lang).to_owned(),
        links: offer
            .seals
            .iter()
            .map(|seal| Link {
                href: with_query(
                    "/guide",
                    &[("area", &area), ("applicant", &offer.applicant.code), ("kind", &seal.code)],
                ),
                words: seal.name.text(visit.lang).to_owned(),
            })
            .collect(),
    });
    let page = GuidePage {
        frame: Frame::new(visit, Page { title: w.guide_title(), nav: Nav::Help }),
        groups: groups.collect(),
        area: if named.is_empty() { String::new() } else { area },
        bad_area,
        procedure,
    };
    Ok(html(StatusCode::OK, &page))
}
