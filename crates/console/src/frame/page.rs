//! The frame of a page, and pages as answers.

use super::{Lang, Moment, Visit, asset_path};
use crate::words::Words;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;

/// Where a page stands in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// Nowhere.
    None,
    /// Public verification.
    Verify,
    /// Public status query.
    Status,
    /// Help.
    Help,
    /// What waits for me.
    Home,
    /// Applications.
    Applications,
    /// Seals.
    Seals,
    /// Requests to use a seal.
    Uses,
    /// Administration and supervision.
    Desk,
    /// Notices.
    Notices,
    /// Myself.
    Me,
}

/// What a page says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Title.
    pub title: &'a str,
    /// Place in the navigation.
    pub nav: Nav,
}

/// An entry of the navigation.
#[derive(Debug, Clone)]
pub struct NavLink {
    /// Where to.
    pub href: &'static str,
    /// Words.
    pub label: &'static str,
    /// Whether it is here.
    pub here: bool,
}

/// What the layout needs.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Language.
    pub lang: Lang,
    /// Texts.
    pub w: Words,
    /// Title of the page.
    pub title: String,
    /// Navigation.
    pub links: Vec<NavLink>,
    /// Name and roles of who is logged in; empty for nobody.
    pub who: String,
    /// Token for forms.
    pub csrf: String,
    /// The path, for the language switch.
    pub path: String,
    /// What has just been done.
    pub done: &'static str,
    /// When the page was made.
    pub now: Moment,
    /// What the page is for, behind its question mark.
    pub help: &'static [&'static str],
}

impl Frame {
    /// Of a page that somebody visits.
    pub fn new(visit: &Visit, page: Page<'_>) -> Self {
        let w = Words(visit.lang);
        Self {
            lang: visit.lang,
            w,
            title: page.title.to_owned(),
            links: links(visit, page.nav, w),
            who: visit.session.as_ref().map(|session| session.account.name.clone()).unwrap_or_default(),
            csrf: visit.csrf().to_owned(),
            path: visit.path.clone(),
            now: Moment(Timestamp::now()),
            help: w.help_of(page.nav),
            done: if visit.led_from_here() { w.done(done(&visit.path)) } else { "" },
        }
    }

    /// With what this very page is for.
    #[must_use]
    pub fn explained(self, help: &'static [&'static str]) -> Self {
        Self { help, ..self }
    }

    /// Address of a file that belongs to the pages.
    pub fn asset(&self, name: &str) -> String {
        asset_path(name)
    }
}

/// The verb after which somebody was sent to this page.
fn done(path: &str) -> &str {
    path.split_once('?')
        .and_then(|(_, query)| query.split('&').find_map(|pair| pair.strip_prefix("done=")))
        .unwrap_or_default()
}

fn links(visit: &Visit, nav: Nav, w: Words) -> Vec<NavLink> {
    let link = |href, label, place| NavLink { href, label, here: nav == place };
    let Some(session) = &visit.session else {
        return vec![
            link("/", w.nav_verify(), Nav::Verify),
            link("/status", w.nav_status(), Nav::Status),
            link("/help", w.nav_help(), Nav::Help),
        ];
    };
    let any =
        |roles: &[&str]| session.account.grants.iter().any(|grant| roles.contains(&grant.role.as_str()));
    let mut links = vec![link("/home", w.nav_home(), Nav::Home)];
    if any(&["unit_agent", "issuing_reviewer", "filing_officer", "supervisor"]) {
        links.push(link("/applications", w.nav_applications(), Nav::Applications));
    }
    if any(&[
        "unit_agent",
        "issuing_reviewer",
        "filing_officer",
        "maker_operator",
        "custodian",
        "approver",
        "user",
        "supervisor",
    ]) {
        links.push(link("/seals", w.nav_seals(), Nav::Seals));
    }
    if any(&["unit_agent", "custodian", "approver", "user", "supervisor"]) {
        links.push(link("/uses", w.nav_uses(), Nav::Uses));
    }
    if crate::desk::finds_any(session) {
        links.push(link("/desk", w.nav_desk(), Nav::Desk));
    }
    links.push(link("/notices", w.nav_notices(), Nav::Notices));
    links.push(link("/", w.nav_verify(), Nav::Verify));
    links.push(link("/help", w.nav_help(), Nav::Help));
    links
}

/// A page as an answer.
pub fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Html(text))
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// On to another page, after something was done.
pub fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}
