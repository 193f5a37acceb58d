//! Seals.

use crate::list::{
    ListFilter, Lists, Page, Placed, by_name, of_maker, of_unit, place, place_kind, place_kind_state,
    place_state,
};
use crate::record::{Versioned, record};
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::lifecycle::seal::Seal;

record! {
    Seal, "seal", key: |seal| seal.id().as_str(),
    columns: {
        code = 5: |seal| seal.code().into(),
        number = 6: |seal| seal.number().map(i64::from).into(),
        name = 7: |seal| seal.name().into(),
        kind = 8: |seal| seal.kind().as_str().into(),
        state = 9: |seal| seal.state().as_str().into(),
        area_path = 10: |seal| seal.area_path().as_str().into(),
        unit_id = 11: |seal| seal.unit().as_str().into(),
        parent_unit_id = 12: |seal| seal.parent_unit().map(|unit| unit.as_str()).into(),
        maker_id = 13: |seal| seal.maker().as_str().into(),
        application_id = 14: |seal| seal.application().as_str().into(),
        approval_digest = 15: |seal| seal.approval().digest.as_str().into(),
        approved_by = 16: |seal| seal.approved_by().into(),
        made_by = 17: |seal| seal.made().map(|made| made.by.as_str()).into(),
        filed_at = 18: |seal| seal.filing().map(|filing| micros(filing.at)).into(),
        certificate_issuer = 19: |seal| seal.made().map(|made| made.certificate_issuer.as_str()).into(),
        certificate_serial = 20: |seal| seal.made().map(|made| padded(&made.certificate_serial)).into(),
        valid_until = 21: |seal| seal.made().map(|made| micros(made.valid_until)).into(),
        follows = 22: |seal| seal.previous().map(|seal| seal.as_str()).into(),
        created_at = 23: |seal| micros(seal.created_at()).into(),
        key_digest = 24: |seal| seal.made().map(|made| made.key_digest.as_str()).into(),
        filing_due = 25: |seal| seal.filing_due().map(micros).into(),
    },
    find: {
        BY_CODE = "WHERE code = $1 AND state <> 'abandoned'";
        BY_CERTIFICATE = "WHERE certificate_issuer = $1 AND certificate_serial = $2 ORDER BY id LIMIT 100";
        /// The order is by serial number: `$1` issuer, `$2` and `$3` the seal to begin behind, `$4` last serial, `$5` limit.
        BY_ISSUER = "WHERE certificate_issuer = $1 AND (certificate_serial, id) > ($2, $3) AND certificate_serial <= $4 \
                     ORDER BY certificate_serial, id LIMIT CAST($5 AS BIGINT)";
        /// The seal in force first: `active` and `suspended` stand before the others in no alphabet.
        LEGAL_NAME = "WHERE unit_id = $1 AND kind = 'legal_name' \
                      AND state IN ('active', 'suspended', 'making', 'made', 'filed', 'delivered') ORDER BY id LIMIT 2";
        OF_APPLICATION = "WHERE application_id = $1 ORDER BY id LIMIT 100";
        PLACE = place!("seal_place", "state", "kind"), postgres: place!("state", "kind");
        PLACE_STATE = place_state!("seal_place_state", "kind"), postgres: place_state!("kind");
        PLACE_KIND = place_kind!("seal_place_kind"), postgres: place_kind!();
        PLACE_KIND_STATE = place_kind_state!("seal_place_kind_state"), postgres: place_kind_state!();
        NAME = by_name!("state", "kind");
        NAME_IN_PROVINCE = by_name!("seal_name_province", in "15", "state", "kind"), postgres: by_name!(in "15", "state", "kind");
        NAME_IN_CITY = by_name!("seal_name_city", in "22", "state", "kind"), postgres: by_name!(in "22", "state", "kind");
        NAME_IN_DISTRICT = by_name!("seal_name_district", in "29", "state", "kind"), postgres: by_name!(in "29", "state", "kind");
        OF_UNIT = of_unit!("seal", "kind", "name");
        OF_MAKER = of_maker!();
        OF_MAKER_STATE = of_maker!(state);
    }
}

impl Placed for Seal {
    const LISTS: &'static Lists = &Lists {
        place_state: Some(&PLACE_STATE),
        place_kind: Some(&PLACE_KIND),
        place_kind_state: Some(&PLACE_KIND_STATE),
        name: Some(&NAME),
        name_in: Some([&NAME_IN_PROVINCE, &NAME_IN_CITY, &NAME_IN_DISTRICT]),
        unit: Some(&OF_UNIT),
        maker: Some([&OF_MAKER, &OF_MAKER_STATE]),
        ..Lists::by_place(&PLACE)
    };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }

    fn name(&self) -> &str {
        self.name()
    }
}

/// Digits of the longest serial number a certificate may have: 20 bytes (RFC 5280, 4.1.2.2) and one for the sign.
const SERIAL: usize = 42;

/// A serial number in hex so that the order of the texts is the order of the numbers.
fn padded(serial: &str) -> String {
    let digits = serial.trim_start_matches('0').to_ascii_lowercase();
    format!("{digits:0>SERIAL$}")
}

impl Access {
    /// The seal with a code; one whose making was given up is not found.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn seal_by_code(&mut self, code: &str) -> Result<Option<Versioned<Seal>>, StoreError> {
        self.find(&BY_CODE, values![code]).await
    }

    /// Seals whose signer's certificate this is: issuer as in [`yinxin_registry::lifecycle::seal::Made`], serial number in hex.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn seals_by_certificate(
        &mut self,
        issuer: &str,
        serial: &str,
    ) -> Result<Vec<Versioned<Seal>>, StoreError> {
        self.find_all(&BY_CERTIFICATE, values![issuer, &padded(serial)]).await
    }

    /// Seals whose certificates an issuer gave out with serial numbers from `first` to `last` (hex, both included), by serial
    /// number; of the filter only cursor and limit count. Whatever their state: the caller tells who is concerned.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn seals_by_issuer(
        &mut self,
        issuer: &str,
        first: Option<&str>,
        last: Option<&str>,
        filter: &ListFilter<'_>,
    ) -> Result<Page<Seal>, StoreError> {
        let first = first.map(padded).unwrap_or_default();
        let last = last.map_or_else(|| "g".to_owned(), padded);
        let position = filter.position()?;
        let (serial, id) = position.filter(|(serial, _)| *serial >= first.as_str()).unwrap_or((&first, ""));
        let size = filter.size();
        let seals = self.find_all(&BY_ISSUER, values![issuer, serial, id, &last, size + 1]).await?;
        Ok(Page::cut(seals, size, |seal: &Seal| {
            let serial = seal.made().map(|made| padded(&made.certificate_serial)).unwrap_or_default();
            format!("{serial}~{}", seal.id())
        }))
    }

    /// The unit's legal-name seals in force or on their way: at most one of each, the elder first.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn legal_name_seals(&mut self, unit: &str) -> Result<Vec<Versioned<Seal>>, StoreError> {
        self.find_all(&LEGAL_NAME, values![unit]).await
    }

    /// Seals made for an application: more than one when making was given up and begun again.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn seals_of_application(
        &mut self,
        application: &str,
    ) -> Result<Vec<Versioned<Seal>>, StoreError> {
        self.find_all(&OF_APPLICATION, values![application]).await
    }
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn order_of_padded_serials_is_order_of_numbers() {
        assert!(padded("0f") < padded("10") && padded("ff") < padded("0100"));
        assert_eq!(padded("00AB"), padded("ab"));
        assert!(padded(&"f".repeat(40)).as_str() < "g");
    }
}
