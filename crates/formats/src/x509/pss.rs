//! Parameters of RSASSA-PSS (RFC 4055 §3.1, RFC 8017 appendix A.2.3).

use yinxin_crypto::{DigestAlgorithm, SignatureAlgorithm};

use super::AlgorithmIdentifier;
use crate::der::{Ctx, Limits, ParseError, Reader};
use crate::oids;

/// The algorithm that the parameters of `id-RSASSA-PSS` describe; `None` where they are absent, malformed, or ask for what is not
/// verified here: SHA-1 (which absent parameters mean), another digest in the mask than in the signature, another trailer.
pub(super) fn algorithm(parameters: Option<&[u8]>) -> Option<SignatureAlgorithm> {
    let ctx = Ctx::new(&Limits::default());
    let read = read(parameters?, &ctx).ok()?;
    let digest = read.digest?;
    let strong =
        matches!(digest, DigestAlgorithm::Sha256 | DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512);
    (strong && read.mask == Some(digest) && read.trailer == 1)
        .then(|| u16::try_from(read.salt).ok())
        .flatten()
        .map(|salt| SignatureAlgorithm::RsaPss { digest, salt })
}

struct Parameters {
    digest: Option<DigestAlgorithm>,
    /// Digest of the mask generation function, where that is MGF1.
    mask: Option<DigestAlgorithm>,
    salt: u64,
    trailer: u64,
}

fn read(der: &[u8], ctx: &Ctx) -> Result<Parameters, ParseError> {
    const WHAT: &str = "RSASSA-PSS-params";
    let mut outer = Reader::at(der, 0, ctx)?;
    let (_, mut s) = outer.sequence(WHAT)?;
    outer.finish(WHAT)?;
    let mut out = Parameters {
        digest: Some(DigestAlgorithm::Sha1),
        mask: Some(DigestAlgorithm::Sha1),
        salt: 20,
        trailer: 1,
    };
    if let Some(mut r) = s.optional_explicit(0, "hashAlgorithm")? {
        out.digest = digest(&AlgorithmIdentifier::read(&mut r, "hashAlgorithm")?);
        r.finish("hashAlgorithm")?;
    }
    if let Some(mut r) = s.optional_explicit(1, "maskGenAlgorithm")? {
        let mask = AlgorithmIdentifier::read(&mut r, "maskGenAlgorithm")?;
        r.finish("maskGenAlgorithm")?;
        out.mask = match mask.parameters.as_deref().filter(|_| mask.oid == oids::MGF1) {
            Some(inner) => {
                let mut r = Reader::at(inner, 0, ctx)?;
                let inner = AlgorithmIdentifier::read(&mut r, "maskGenAlgorithm")?;
                r.finish("maskGenAlgorithm")?;
                digest(&inner)
            }
            None => None,
        };
    }
    if let Some(mut r) = s.optional_explicit(2, "saltLength")? {
        out.salt = r.small("saltLength")?;
        r.finish("saltLength")?;
    }
    if let Some(mut r) = s.optional_explicit(3, "trailerField")? {
        out.trailer = r.small("trailerField")?;
        r.finish("trailerField")?;
    }
    s.finish(WHAT)?;
    Ok(out)
}

/// A digest whose parameters are absent or NULL (RFC 4055 §2.1).
fn digest(of: &AlgorithmIdentifier) -> Option<DigestAlgorithm> {
    let plain = of.parameters.as_deref().is_none_or(|p| p == [5, 0]);
    DigestAlgorithm::from_oid(&of.oid).filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As OpenSSL writes them for SHA-256 and a salt of 32 bytes.
    const SHA256: &str = "3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120";

    fn of(text: &str) -> Option<SignatureAlgorithm> {
        algorithm(Some(&hex::decode(text).unwrap()))
    }

    #[test]
    fn reads_what_openssl_writes() {
        let expected = SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt: 32 };
        assert_eq!(of(SHA256), Some(expected));
    }

    #[test]
    fn refuses_defaults_of_sha1_mixed_digests_other_trailers_and_what_is_malformed() {
        assert_eq!(algorithm(None), None);
        assert_eq!(of("3000"), None);
        assert_eq!(of(&SHA256.replacen("040201", "040202", 1)), None, "digest and mask differ");
        let other_mask = SHA256.replacen("2a864886f70d010108", "2a864886f70d010109", 1);
        assert_eq!(of(&other_mask), None);
        let trailer = SHA256.replacen("3034", "3039", 1) + "a303020102";
        assert_eq!(of(&trailer), None);
        assert!(of(&(SHA256.replacen("3034", "3039", 1) + "a303020101")).is_some());
        assert_eq!(of(&SHA256[..SHA256.len() - 2]), None);
        assert_eq!(of(&format!("{SHA256}00")), None);
        assert_eq!(
            of(&(SHA256.replacen("3034", "3036", 1).replacen("a203020120", "a2050203010000", 1))),
            None
        );
    }
}
