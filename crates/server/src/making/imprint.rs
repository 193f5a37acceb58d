//! The picture of a seal: as given and on record, or drawn by the maker.
//!
//! Looked at here: format, digest, size in millimeters, proportions, resolution, without which no seal can be made. The rules of its
//! kind and the filed imprint are [`crate::imprints`]' part.

use yinxin_crypto::sm3;
use yinxin_formats::ses::{PictureFormat, SealPicture};
use yinxin_imprint::{ImprintError, ImprintSpec, Picture, Suffix, draw_by};
use yinxin_registry::profile::SealKind;

use crate::imprints::{Drawer, kind_of};

/// Resolution of drawn pictures, dots per inch.
const DPI: u32 = 600;
/// Below this an imprint prints visibly coarse.
const COARSE_DPI: f64 = 300.0;
/// Pixels and millimeters may disagree by rounding only.
const MAX_DISTORTION: f64 = 0.02;
/// Sides of any imprint, tenths of a millimeter.
const SIDES_TENTH_MM: std::ops::RangeInclusive<u32> = 100..=700;
/// Largest picture, bytes.
const MAX_PICTURE: usize = 4 << 20;

/// An imprint to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImprintOrder {
    /// Drawn from the name.
    Drawn {
        /// Width in tenths of a millimeter.
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        height_tenth_mm: u32,
    },
    /// The picture on record.
    Given {
        /// The file.
        picture: Vec<u8>,
        /// SM3 of it.
        digest: [u8; 32],
        /// Width in tenths of a millimeter.
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        height_tenth_mm: u32,
    },
}

/// What is written on a drawn imprint.
#[derive(Debug, Clone, Copy)]
pub struct Lettering<'a> {
    /// Kind of seal.
    pub kind: SealKind,
    /// Name of the unit.
    pub unit: &'a str,
    /// Name of the seal.
    pub seal_name: &'a str,
    /// Person of a personal seal.
    pub holder: Option<&'a str>,
    /// Number among several business seals.
    pub number: Option<u32>,
    /// Unified social credit code of the unit, which is its tax number.
    pub credit_code: Option<&'a str>,
}

/// A picture fit for a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPicture {
    /// As it stands in the seal.
    pub picture: SealPicture,
    /// SM3 of the file.
    pub digest: [u8; 32],
    /// Codes of what the maker remarks: `IMPRINT_COARSE`, `IMPRINT_SVG`, `IMPRINT_SIZE_ROUNDED`.
    pub notes: Vec<&'static str>,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImprintFault {
    /// Not a PNG, JPG, BMP, GIF or SVG, damaged, or larger than 4 MiB.
    #[error(
        "印模图像须为完好的 PNG、JPG、BMP、GIF 或 SVG，不超过 4 MiB / the picture must be a sound PNG, JPG, BMP, GIF or SVG of at most 4 MiB"
    )]
    Format,
    /// No picture with that digest was handed in.
    #[error("未提交该印模图像 / the picture of the imprint was not handed in")]
    Missing,
    /// Not the picture that was approved.
    #[error("印模图像与批准的不一致 / the picture is not the one approved")]
    Digest,
    /// A side is below 10 or above 70 mm.
    #[error("印模边长应为 10 至 70 毫米 / an imprint's sides are 10 to 70 mm")]
    Size,
    /// Pixels and millimeters differ in proportion.
    #[error(
        "图像像素比例与毫米尺寸不符，盖出来会变形 / pixels and millimeters differ in proportion: the imprint would be distorted"
    )]
    Proportions,
    /// What stands on it is not known; the picture has to be given.
    #[error(
        "缺少绘制该印模所需的文字（用途或纳税人识别号），请提交印模图像 / what stands on this imprint (purpose, tax number) is not known: hand in its picture"
    )]
    NotDrawn,
    /// The drawing refused.
    #[error("印模绘制失败：{} / the imprint cannot be drawn: {}", .0.zh(), .0)]
    Drawing(#[from] ImprintError),
}

impl ImprintFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Format => "IMPRINT_FORMAT",
            Self::Missing => "IMPRINT_MISSING",
            Self::Digest => "IMPRINT_DIGEST",
            Self::Size => "IMPRINT_SIZE",
            Self::Proportions => "IMPRINT_PROPORTIONS",
            Self::NotDrawn => "IMPRINT_NOT_DRAWN",
            Self::Drawing(e) => e.code(),
        }
    }
}

/// Gets the picture an order asks for.
///
/// # Errors
/// See [`ImprintFault`].
pub fn obtain(
    order: &ImprintOrder,
    lettering: Lettering<'_>,
    drawer: &Drawer,
) -> Result<CheckedPicture, ImprintFault> {
    match order {
        ImprintOrder::Given { picture, .. } if picture.is_empty() => Err(ImprintFault::Missing),
        ImprintOrder::Given { picture, digest, width_tenth_mm, height_tenth_mm } => {
            if sm3(picture) != *digest {
                return Err(ImprintFault::Digest);
            }
            check(picture.clone(), *width_tenth_mm, *height_tenth_mm)
        }
        ImprintOrder::Drawn { width_tenth_mm, height_tenth_mm } => {
            let spec = spec(lettering, *width_tenth_mm, *height_tenth_mm)?;
            let data = draw_by(&drawer.rules, &spec, &drawer.font)?.to_png(DPI)?;
            check(data, *width_tenth_mm, *height_tenth_mm)
        }
    }
}

/// Looks at a picture and its size.
///
/// # Errors
/// [`ImprintFault::Format`], [`ImprintFault::Size`], [`ImprintFault::Proportions`].
pub fn check(
    data: Vec<u8>,
    width_tenth_mm: u32,
    height_tenth_mm: u32,
) -> Result<CheckedPicture, ImprintFault> {
    if data.len() > MAX_PICTURE {
        return Err(ImprintFault::Format);
    }
    if ![width_tenth_mm, height_tenth_mm].iter().all(|side| SIDES_TENTH_MM.contains(side)) {
        return Err(ImprintFault::Size);
    }
    let mut notes = Vec::new();
    let format = match PictureFormat::sniff(&data) {
        None | Some(PictureFormat::Ofd) => return Err(ImprintFault::Format),
        Some(f) => f,
    };
    if format == PictureFormat::Svg {
        notes.push("IMPRINT_SVG");
    } else {
        let probe = Picture::probe(&data);
        let (Some(across), Some(down)) = (probe.width_px, probe.height_px) else {
            return Err(ImprintFault::Format);
        };
        let (x, y) =
            (f64::from(across) / f64::from(width_tenth_mm), f64::from(down) / f64::from(height_tenth_mm));
        if (x / y - 1.0).abs() > MAX_DISTORTION {
            return Err(ImprintFault::Proportions);
        }
        if x.min(y) * 254.0 < COARSE_DPI {
            notes.push("IMPRINT_COARSE");
        }
    }
    if !width_tenth_mm.is_multiple_of(10) || !height_tenth_mm.is_multiple_of(10) {
        notes.push("IMPRINT_SIZE_ROUNDED");
    }
    let digest = sm3(&data);
    let picture = SealPicture {
        kind: format.name().to_owned(),
        data,
        width_mm: whole_mm(width_tenth_mm),
        height_mm: whole_mm(height_tenth_mm),
    };
    Ok(CheckedPicture { picture, digest, notes })
}

/// The standard writes sizes in whole millimeters.
pub(crate) fn whole_mm(tenths: u32) -> u64 {
    u64::from(tenths.saturating_add(5) / 10)
}

/// What to draw: form by kind, the purpose below the center, the number under it.
fn spec(l: Lettering<'_>, width_tenth_mm: u32, height_tenth_mm: u32) -> Result<ImprintSpec, ImprintFault> {
    let purpose = l.seal_name.strip_prefix(l.unit).filter(|rest| !rest.is_empty());
    let spec = match l.kind {
        SealKind::LegalName => ImprintSpec::official(l.unit),
        // The unit stands on the arc, what is left of the seal's name under the star.
        SealKind::InternalBody | SealKind::Branch => match purpose {
            None => ImprintSpec::official(l.seal_name),
            Some(rest) => ImprintSpec::official(l.unit).with_purpose(rest),
        },
        SealKind::BusinessFinance | SealKind::BusinessContract => ImprintSpec::new(kind_of(l.kind), l.unit),
        SealKind::BusinessOther if purpose.is_none() => return Err(ImprintFault::NotDrawn),
        SealKind::BusinessCustoms | SealKind::BusinessCancellation | SealKind::BusinessOther => match purpose
        {
            Some(purpose) => ImprintSpec::new(kind_of(l.kind), l.unit).with_purpose(purpose),
            None => ImprintSpec::new(kind_of(l.kind), l.unit),
        },
        SealKind::BusinessInvoice => {
            ImprintSpec::invoice(l.unit, l.credit_code.ok_or(ImprintFault::NotDrawn)?)
        }
        SealKind::PersonalLegalRepresentative
        | SealKind::PersonalPersonInCharge
        | SealKind::PersonalFinanceOfficer
        | SealKind::PersonalAuthorizedRepresentative
        | SealKind::PersonalStaff => {
            ImprintSpec::personal(l.holder.unwrap_or(l.seal_name)).with_suffix(Suffix::Fill)
        }
    };
    let mm = |tenths: u32| f64::from(tenths) / 10.0;
    let spec = spec.with_size_mm(mm(width_tenth_mm));
    // Round seals have one size; a second one that differs is refused by the drawing.
    let spec = match width_tenth_mm == height_tenth_mm {
        true => spec,
        false => spec.with_height_mm(mm(height_tenth_mm)),
    };
    Ok(match (l.kind.is_personal(), l.number) {
        (false, Some(number)) => spec.with_number(number),
        _ => spec,
    })
}
