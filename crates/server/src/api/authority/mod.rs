//! The authority's own certificates (主管部门签名证书): which there are and were, one that follows, for the same key or a new one.

mod renew;
mod show;
mod turn;
mod view;

pub use renew::RenewAuthority;
pub use turn::TurnAuthority;
pub use view::{AuthorityView, CertificateView, NextCertificateView};

use crate::app::{Shared, Subject};
use crate::http::{Code, Problem};
use crate::start::StartError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(show::show)).routes(routes!(renew::renew)).routes(routes!(turn::turn))
}

fn subject() -> Subject {
    Subject::registry("authority")
}

fn fault(error: StartError) -> Problem {
    match error {
        StartError::Store(error) => crate::app::fault::problem_of(&error),
        other => {
            tracing::error!(code = other.code(), error = %other, "the authority's certificate");
            Problem::new(Code::Internal)
        }
    }
}
