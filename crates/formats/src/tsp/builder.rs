//! Writing of tokens.

use jiff::Timestamp;
use yinxin_crypto::SigningKey;

use super::info::TstInfo;
use crate::cms::{Family, SignedDataBuilder};
use crate::oids;
use crate::x509::{BuildError, Certificate};

/// Signs `info` as the authority with `certificate`; the token holds `embedded` certificates (none where the request
/// did not ask for them). signing-certificate-v2 and signingTime are always signed.
pub fn build_token(
    family: Family,
    info: &TstInfo,
    certificate: &Certificate,
    embedded: &[&[u8]],
    now: Timestamp,
    key: &dyn SigningKey,
) -> Result<Vec<u8>, BuildError> {
    let builder = SignedDataBuilder::attached(family, &info.to_der())
        .content_type(oids::TST_INFO)
        .signing_time(now)
        .signing_certificate();
    embedded.iter().fold(builder, |b, der| b.certificate(der)).sign(certificate, key)
}
