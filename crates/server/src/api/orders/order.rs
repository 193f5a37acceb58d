//! An order as it goes over the wire.

use crate::app::{App, Stop};
use crate::documents::{Digest, DocumentError};
use crate::http::{Code, Problem};
use crate::making::dto::{
    AssignedSealDto, OrderDto, OrderImprintDto, OrderKeyDto, OrderSealDto, OrderUnitDto,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_registry::ids::MakerId;
use yinxin_registry::lifecycle::application::{Application, Imprint};
use yinxin_registry::lifecycle::seal::Seal;

/// What of an order lies in the document store, as base64.
#[derive(Debug, Clone)]
pub struct Papers {
    approval: String,
    picture: String,
}

impl Papers {
    /// Reads them; `None` for an application that is not approved.
    ///
    /// # Errors
    /// Problems of the document store.
    pub async fn of(app: &App, application: &Application) -> Result<Option<Self>, Stop> {
        let Some(approval) = application.approval() else { return Ok(None) };
        let digest: Digest = approval.digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
        let approval = STANDARD.encode(&*app.documents.get(digest).await?);
        Ok(Some(Self { approval, picture: picture(app, application).await? }))
    }
}

/// The picture of the imprint. Only what came with this very application is given out; where it is missing the maker gets nothing,
/// finds that the digest does not fit, and sends the order back.
async fn picture(app: &App, application: &Application) -> Result<String, Stop> {
    let content = application.content();
    let Imprint::Given { digest, .. } = &content.imprint else { return Ok(String::new()) };
    if !content.materials.iter().any(|material| material.digest == *digest) {
        return Ok(String::new());
    }
    let digest: Digest = digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
    match app.documents.get(digest).await {
        Ok(bytes) => Ok(STANDARD.encode(&*bytes)),
        Err(DocumentError::NotFound(_)) => Ok(String::new()),
        Err(error) => Err(error.into()),
    }
}

/// The order an application is to a maker; `seal` is what the registry gave when it was taken up. The same order gives the same
/// bytes whenever it is asked for.
pub fn order(application: &Application, maker: &MakerId, papers: Papers, seal: Option<&Seal>) -> OrderDto {
    let content = application.content();
    OrderDto {
        application: application.id().to_string(),
        application_digest: application.content_digest(),
        maker: maker.to_string(),
        area_path: application.area_path().to_string(),
        unit: OrderUnitDto {
            id: application.unit().to_string(),
            name: application.unit_name().to_owned(),
            credit_code: application.credit_code().map(str::to_owned),
        },
        seal: OrderSealDto {
            kind: content.kind,
            name: content.seal_name.clone(),
            holder: content.holder.as_ref().map(|holder| holder.name.clone()),
            years: content.years,
        },
        imprint: match &content.imprint {
            Imprint::Drawn { width_tenth_mm, height_tenth_mm } => {
                OrderImprintDto::Drawn { width_tenth_mm: *width_tenth_mm, height_tenth_mm: *height_tenth_mm }
            }
            Imprint::Given { digest, width_tenth_mm, height_tenth_mm, .. } => OrderImprintDto::Given {
                picture: papers.picture,
                digest: digest.clone(),
                width_tenth_mm: *width_tenth_mm,
                height_tenth_mm: *height_tenth_mm,
            },
        },
        key: match &content.key_request {
            None => OrderKeyDto::Workshop,
            Some(request) => OrderKeyDto::Elsewhere { request: request.clone() },
        },
        approval: papers.approval,
        assigned: seal.map(|seal| AssignedSealDto {
            id: seal.id().to_string(),
            code: seal.code().to_owned(),
            number: seal.number(),
            certificate_request: seal.certificate_request().map(str::to_owned),
            certificates: seal.certificates().to_vec(),
        }),
    }
}
