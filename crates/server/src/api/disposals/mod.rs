//! Disposal of documents whose time is over (鉴定销毁): what is due, lists of it, a second person's decision, what came of each document.

mod certificate;
mod decide;
mod documents;
mod due;
mod list;
mod propose;
mod view;

use crate::app::{Shared, Stop, Subject, Work};
use crate::http::{Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::DisposalView;
pub use view::DisposedView;
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::Place;
use yinxin_registry::retention::disposal::Disposal;
use yinxin_registry::retention::dossier::{Dossier, DossierEvent};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(due::due))
        .routes(routes!(list::list, propose::propose))
        .routes(routes!(list::show))
        .routes(routes!(documents::documents))
        .routes(routes!(certificate::certificate))
        .routes(routes!(decide::approve))
        .routes(routes!(decide::refuse))
        .routes(routes!(decide::withdraw))
}

/// Where a list stands, for permissions.
pub fn place(disposal: &Disposal) -> Place {
    Place::unit(disposal.unit(), disposal.parent_unit(), disposal.area_path())
}

/// What the audit log says it is about.
pub fn subject(disposal: &Disposal) -> Subject {
    Subject::unit(disposal.id().as_str(), disposal.area_path(), disposal.unit())
}

/// The answer to a step.
fn answer(disposal: &Disposal, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&DisposalView::of(disposal, version))?.version(version))
}

/// The requests of a list that came to nothing are free again.
async fn release(work: &mut Work, disposal: &Disposal, by: &By) -> Result<(), Stop> {
    for line in disposal.lines() {
        let found = work.tx.get::<Dossier>(line.request.as_str()).await?;
        let dossier = found.value.apply(DossierEvent::Release, by, work.now)?;
        work.tx.save(&dossier, found.version).await?;
    }
    Ok(())
}
