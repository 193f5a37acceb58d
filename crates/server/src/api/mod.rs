//! The endpoints under `/api/v1`: one folder for each resource, one file for each thing that can be done with it.

pub mod accounts;
pub mod applications;
pub mod areas;
pub mod audit;
pub mod authority;
pub mod blocks;
pub mod changes;
pub mod clients;
pub mod copies;
pub mod csr;
pub mod custody;
pub mod designations;
pub mod disposals;
pub mod drills;
pub mod encoded;
pub mod exchange;
pub mod failed_mails;
pub mod filter;
pub mod flows;
pub mod in_scope;
pub mod keys;
pub mod makers;
pub mod nameable;
pub mod notices;
pub mod orders;
pub mod overview;
pub mod peers;
pub mod people;
pub mod profiles;
pub mod retention;
pub mod scope;
pub mod seals;
pub mod sessions;
pub mod standings;
pub mod status;
pub mod supervision;
pub mod text;
pub mod tickets;
pub mod times;
pub mod units;
pub mod use_grants;
pub mod use_requests;
pub mod use_rules;
pub mod uses;
pub mod verifications;
pub mod webhooks;
pub mod words;
pub mod workshop;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;

/// Every endpoint, without the frame.
pub fn routes() -> OpenApiRouter<Shared> {
    let all = [
        sessions::routes(),
        accounts::routes(),
        clients::routes(),
        keys::routes(),
        authority::routes(),
        areas::routes(),
        designations::routes(),
        profiles::routes(),
        makers::routes(),
        supervision::routes(),
        units::routes(),
        use_rules::routes(),
        tickets::routes(),
        drills::routes(),
        blocks::routes(),
        applications::routes(),
        changes::routes(),
        orders::routes(),
        seals::routes(),
        status::routes(),
        custody::routes(),
        use_grants::routes(),
        flows::routes(),
        standings::routes(),
        use_requests::routes(),
        uses::routes(),
        copies::routes(),
        retention::routes(),
        disposals::routes(),
        verifications::routes(),
        peers::routes(),
        exchange::routes(),
        workshop::routes(),
        notices::routes(),
        webhooks::routes(),
        failed_mails::routes(),
        overview::routes(),
        audit::routes(),
    ];
    let merged = all.into_iter().fold(OpenApiRouter::new(), OpenApiRouter::merge);
    OpenApiRouter::new().nest("/api/v1", merged)
}
