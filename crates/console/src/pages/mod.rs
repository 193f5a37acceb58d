//! The pages, one file for each.

mod again;
mod application;
mod apply;
mod ask;
mod audit;
mod certificate;
mod custody;
mod deed;
mod files;
mod flow;
mod front;
mod guide;
mod home;
mod imprint;
mod lists;
mod login;
mod material;
mod me;
mod notices;
mod papers;
mod queue;
mod register;
mod report;
mod roles;
mod seal;
mod status;
mod supervision;
mod table;
mod trial;
mod usage;
mod verify;

pub use deed::{Failed, attempt};

use crate::api::shapes::Step;
use crate::frame::{Lang, asset};
use crate::state::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;

/// All paths of the console.
pub fn routes(console: &Shared) -> Router<Shared> {
    let uploads = Router::new()
        .route("/verify", post(verify::make))
        .route("/applications/{id}/materials/{code}", get(material::material).post(material::upload))
        .route("/units/{id}/rules", get(files::rules).post(files::hand_in))
        .route("/seals/{id}/papers/{paper}", get(papers::show).post(papers::hand_in))
        .route("/tickets/{id}/files", get(files::ticket).post(files::bring))
        // Counted while they arrive.
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/", get(front::front))
        .route("/help", get(front::help))
        .route("/language/{lang}", get(front::language))
        .route("/paper", get(front::paper))
        .route("/verify/{token}", get(verify::show))
        .route("/verify/{token}/page/{number}", get(verify::page))
        .route("/verify/{token}/signed/{number}", get(verify::signed))
        .route("/verify/{token}/report.json", get(report::json))
        .route("/verify/{token}/report.html", get(report::html_file))
        .route("/verify/{token}/forget", post(verify::forget))
        .route("/status", get(status::show))
        .route("/login", get(login::show).post(login::login))
        .route("/logout", post(login::logout))
        .route("/me", get(me::show))
        .route("/me/password", get(me::password).post(me::change_password))
        .route("/me/totp", get(me::totp).post(me::confirm_totp))
        .route("/me/sessions/{id}/end", post(me::end_session))
        .route("/home", get(home::show))
        .route("/find", get(home::find))
        .route("/notices", get(notices::list))
        .route("/notices/read-all", post(notices::read_all))
        .route("/notices/{id}/read", post(notices::read))
        .route("/applications", get(lists::applications))
        .route("/applications/new", get(apply::begin).post(apply::open))
        .route("/applications/trial/picture", get(trial::picture))
        .route("/applications/trial/checks", get(trial::found))
        .route("/applications/{id}", get(application::show))
        .route("/applications/{id}/materials/{code}/pages", get(material::pages))
        .route("/applications/{id}/imprint", get(imprint::imprint))
        .route("/applications/{id}/imprint/difference", get(imprint::difference))
        .route("/applications/{id}/edit", get(apply::edit).post(apply::save))
        .route("/applications/{id}/{verb}", post(application::step))
        .route("/seals", get(lists::seals))
        .route("/seals/{id}", get(seal::show))
        .route("/seals/{id}/picture", get(seal::picture))
        .route("/seals/{id}/{verb}", post(seal::step))
        .route("/uses", get(lists::uses))
        .route("/uses/{id}", get(usage::show))
        .route("/uses/{id}/{verb}", post(usage::step))
        .route("/view/{token}/{page}", get(usage::page_of_view))
        .route("/assets/{version}/{name}", get(asset))
        .route("/seals/{id}/custody/{verb}", post(custody::step))
        .route("/seals/{id}/uses", get(register::show))
        .route("/seals/{id}/uses/export", get(register::export))
        .route("/again/{name}", get(again::show))
        .merge(ask::routes())
        .merge(crate::desk::routes())
        .merge(office_routes())
        .layer(from_fn_with_state(Arc::clone(console), again::keep_typed))
        .merge(uploads)
}

fn office_routes() -> Router<Shared> {
    Router::new()
        .route("/guide", get(guide::show))
        .route("/flows/new", get(flow::blank).post(flow::write))
        .route("/flows/{id}/edit", get(flow::edit).post(flow::revise))
        .route("/login/certificate", get(certificate::login).post(certificate::enter))
        .route("/login/certificate/text", post(certificate::text))
        .route("/me/certificates", get(certificate::mine).post(certificate::bind))
        .route("/me/certificates/{serial}/end", post(certificate::unbind))
        .route("/roles/give", get(roles::show).post(roles::give))
        .route("/supervision", get(supervision::show))
        .route("/supervision/figures.csv", get(supervision::copy))
        .route("/audit", get(audit::list))
        .route("/audit/copy.csv", get(audit::copy))
        .route("/audit/verify", post(audit::verify))
        .route("/audit/case", get(audit::case).post(audit::export))
        .route("/audit/{seq}", get(audit::show))
}

/// Path of the language switch, back to the same page.
pub fn lang_path(now: &Lang, path: &str) -> String {
    let other = match now {
        Lang::Zh => "en",
        Lang::En => "zh",
    };
    crate::api::with_query(&format!("/language/{other}"), &[("back", path)])
}

/// Path of the page of a thing, by its identifier; nothing for things without a page.
pub fn thing_path(id: &str) -> Option<String> {
    crate::frame::Key::parse(id).ok()?;
    let list = match id.split_once('_')?.0 {
        "app" => "applications",
        "seal" => "seals",
        "use" => "uses",
        "unit" => "desk/units",
        "mkr" => "desk/makers",
        "tkt" => "desk/tickets",
        "acct" => "desk/accounts",
        "stnd" => "desk/standings",
        _ => return None,
    };
    Some(format!("/{list}/{id}"))
}

/// The steps of a history, the newest first; the same step by the same person again and again is shown once, with how often.
pub fn gathered(history: &[Step]) -> Vec<(Step, usize)> {
    let mut gathered: Vec<(Step, usize)> = Vec::new();
    for step in history.iter().rev() {
        match gathered.last_mut() {
            Some((last, times))
                if last.event == step.event && last.by == step.by && step.reason.is_none() =>
            {
                *times = times.saturating_add(1);
            }
            _ => gathered.push((step.clone(), 1)),
        }
    }
    gathered
}

/// Bytes in words.
pub fn size_words(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes >> 20, (bytes & 0xf_ffff).saturating_mul(10) >> 20),
    }
}

/// A path of this site to go back to; anything else leads home.
pub fn local(path: &str) -> &str {
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && path.starts_with('/') && !path.starts_with("//") && path.len() <= 512 {
        path
    } else {
        "/home"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(local("/seals/seal_1?done=accept"), "/seals/seal_1?done=accept");
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a\r\nb",
            "javascript:alert(1)",
        ] {
            assert_eq!(local(bad), "/home", "{bad:?}");
        }
    }

    #[test]
    fn sizes_are_told_in_words() {
        let told: Vec<String> =
            [1023, 1025, 3 << 20, (50 << 20) + (1 << 19)].into_iter().map(size_words).collect();
        assert_eq!(told, ["1023 B", "2 KB", "3.0 MB", "50.5 MB"]);
    }
}
