//! What there is to be looked at, out of an application.

use crate::documents::{Digest, Documents};
use crate::http::{Code, Problem};
use crate::making::imprint::{ImprintOrder, Lettering};
use yinxin_imprint::Rank;
use yinxin_registry::lifecycle::application::{Application, Imprint};
use yinxin_registry::profile::SealKind;
use yinxin_registry::unit::Unit;

use super::kinds::rank_of;

/// A picture somebody names by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// None is named.
    NotNamed,
    /// It was not handed in, or not as a picture.
    Missing,
    /// The file.
    There(Vec<u8>),
}

/// What somebody tries (试绘).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Kind of seal.
    pub kind: SealKind,
    /// Name on the seal.
    pub seal_name: String,
    /// Name of the person of a personal seal.
    pub holder: Option<String>,
    /// Width in tenths of a millimeter.
    pub width_tenth_mm: u32,
    /// Height in tenths of a millimeter.
    pub height_tenth_mm: u32,
}

/// An imprint to be looked at.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Kind of seal.
    pub kind: SealKind,
    /// Rank by which its size is prescribed.
    pub rank: Rank,
    /// The picture, or the order to draw it.
    pub order: ImprintOrder,
    /// Sides in tenths of a millimeter where a maker has drawn the picture and it is to be compared with our own drawing.
    pub drawn_by_maker: Option<(u32, u32)>,
    /// The imprint on record.
    pub filed: Material,
    unit: String,
    seal_name: String,
    holder: Option<String>,
    credit_code: Option<String>,
    number: Option<u32>,
}

impl Asked {
    /// The imprint an application asks for, its pictures read from the documents.
    ///
    /// # Errors
    /// Problems of the document store.
    pub async fn of(application: &Application, documents: &Documents) -> Result<Self, Problem> {
        let content = application.content();
        let order = match &content.imprint {
            Imprint::Drawn { width_tenth_mm, height_tenth_mm } => {
                ImprintOrder::Drawn { width_tenth_mm: *width_tenth_mm, height_tenth_mm: *height_tenth_mm }
            }
            Imprint::Given { digest, width_tenth_mm, height_tenth_mm, .. } => ImprintOrder::Given {
                picture: match picture(application, documents, Some(digest)).await? {
                    Material::There(bytes) => bytes,
                    Material::NotNamed | Material::Missing => Vec::new(),
                },
                digest: hex::decode(digest).ok().and_then(|d| d.try_into().ok()).unwrap_or_default(),
                width_tenth_mm: *width_tenth_mm,
                height_tenth_mm: *height_tenth_mm,
            },
        };
        let filed = content.physical.as_ref().and_then(|physical| physical.imprint_digest.as_deref());
        let filed = picture(application, documents, filed).await?;
        let (width, _) = sides(&order);
        Ok(Self {
            kind: content.kind,
            rank: rank_of(application.applicant_kind(), content.kind, width),
            order,
            drawn_by_maker: None,
            filed,
            unit: application.unit_name().to_owned(),
            seal_name: content.seal_name.clone(),
            holder: content.holder.as_ref().map(|holder| holder.name.clone()),
            credit_code: application.credit_code().map(str::to_owned),
            number: None,
        })
    }

    /// An imprint that nobody has asked for yet: what would be drawn for a unit.
    pub fn trial(unit: &Unit, trial: Trial) -> Self {
        let Trial { kind, seal_name, holder, width_tenth_mm, height_tenth_mm } = trial;
        Self {
            kind,
            rank: rank_of(unit.applicant_kind, kind, width_tenth_mm),
            order: ImprintOrder::Drawn { width_tenth_mm, height_tenth_mm },
            drawn_by_maker: None,
            filed: Material::NotNamed,
            unit: unit.name.clone(),
            seal_name,
            holder,
            credit_code: unit.credit_code.as_ref().map(ToString::to_string),
            number: None,
        }
    }

    /// The picture a maker has made for it, in place of the one that was asked for.
    pub fn made(mut self, picture: Vec<u8>, number: Option<u32>) -> Self {
        let (width_tenth_mm, height_tenth_mm) = sides(&self.order);
        if matches!(self.order, ImprintOrder::Drawn { .. }) {
            self.drawn_by_maker = Some((width_tenth_mm, height_tenth_mm));
        }
        let digest = yinxin_crypto::sm3(&picture);
        self.order = ImprintOrder::Given { picture, digest, width_tenth_mm, height_tenth_mm };
        self.number = number;
        self
    }

    /// Width and height in millimeters.
    pub fn size_mm(&self) -> (f64, f64) {
        let (width, height) = sides(&self.order);
        (f64::from(width) / 10.0, f64::from(height) / 10.0)
    }

    /// What stands on a drawn one.
    pub fn lettering(&self) -> Lettering<'_> {
        Lettering {
            kind: self.kind,
            unit: &self.unit,
            seal_name: &self.seal_name,
            holder: self.holder.as_deref(),
            number: self.number,
            credit_code: self.credit_code.as_deref(),
        }
    }
}

fn sides(order: &ImprintOrder) -> (u32, u32) {
    match order {
        ImprintOrder::Drawn { width_tenth_mm, height_tenth_mm }
        | ImprintOrder::Given { width_tenth_mm, height_tenth_mm, .. } => (*width_tenth_mm, *height_tenth_mm),
    }
}

/// The picture among the materials of an application that has this digest.
async fn picture(
    application: &Application,
    documents: &Documents,
    digest: Option<&str>,
) -> Result<Material, Problem> {
    let Some(digest) = digest else { return Ok(Material::NotNamed) };
    let found = application.content().materials.iter().find(|material| material.digest == digest);
    let Some(found) = found.filter(|material| material.media_type.starts_with("image/")) else {
        return Ok(Material::Missing);
    };
    let digest: Digest = found.digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
    Ok(Material::There(documents.get(digest).await?.to_vec()))
}
