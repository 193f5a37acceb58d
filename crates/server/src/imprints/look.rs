//! A picture as it would stand in the seal, looked at: by the rules of its kind, and beside the filed imprint. A function of its input.

use super::asked::{Asked, Material};
use super::drawer::Drawer;
use super::kinds::kind_of;
use crate::making::imprint::{CheckedPicture, ImprintFault, ImprintOrder, obtain};
use yinxin_imprint::{Bitmap, Checked, Comparison, ImprintError, check, compare};

/// What a picture was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The imprint of the physical seal that is on record (备案印模).
    Filed,
    /// What we would have drawn ourselves.
    Drawing,
}

/// How it compares.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// With what.
    pub against: Against,
    /// The figures; why there are none.
    pub found: Result<Comparison, ImprintError>,
}

/// What was found.
#[derive(Debug)]
pub struct Looked {
    /// The picture, as given or as drawn; why there is none.
    pub picture: Result<CheckedPicture, ImprintFault>,
    /// The rules of its kind applied; absent where there is no picture.
    pub rules: Option<Result<Checked, ImprintError>>,
    /// Whether an imprint is on record and its picture was handed in: absent where none is named.
    pub filed: Option<bool>,
    /// The comparison, where there is something to compare with.
    pub compared: Option<Compared>,
}

/// Gets the picture, checks it, compares it.
pub fn look(asked: &Asked, drawer: &Drawer) -> Looked {
    let picture = obtain(&asked.order, asked.lettering(), drawer);
    let filed = match &asked.filed {
        Material::NotNamed => None,
        Material::Missing => Some(false),
        Material::There(_) => Some(true),
    };
    let Ok(obtained) = &picture else { return Looked { picture, rules: None, filed, compared: None } };
    let (width, height) = asked.size_mm();
    let bitmap = match Bitmap::decode(&obtained.picture.data) {
        Ok(bitmap) => bitmap,
        Err(fault) => return Looked { picture, rules: Some(Err(fault)), filed, compared: None },
    };
    let size = Some((width, height));
    let rules = check(&bitmap, size, kind_of(asked.kind), asked.rank, &drawer.rules);
    let compared = reference(asked, drawer, &obtained.picture.data).map(|(against, reference)| {
        let found = reference.and_then(|reference| {
            // A scan says its own resolution; one that says none is taken to be as large as what was asked for.
            let own = reference.size_mm().or(size);
            compare(&reference, &bitmap, own, size)
        });
        Compared { against, found }
    });
    Looked { picture, rules: Some(rules), filed, compared }
}

/// What it is compared with: the filed imprint before all else; a maker's drawing with our own.
fn reference(
    asked: &Asked,
    drawer: &Drawer,
    picture: &[u8],
) -> Option<(Against, Result<Bitmap, ImprintError>)> {
    if let Material::There(filed) = &asked.filed {
        return Some((Against::Filed, Bitmap::decode(filed)));
    }
    let (width_tenth_mm, height_tenth_mm) = asked.drawn_by_maker?;
    let order = ImprintOrder::Drawn { width_tenth_mm, height_tenth_mm };
    let own = obtain(&order, asked.lettering(), drawer).ok()?.picture.data;
    // The same program draws the same bytes: nothing to compare.
    (own != picture).then(|| (Against::Drawing, Bitmap::decode(&own)))
}
