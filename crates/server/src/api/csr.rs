//! Certification requests and certificates in requests: read, judged, brought into the one form they are kept in.

use super::words::both;
use crate::http::Faults;
use crate::making::authority::{CertificateFault, IssuedCertificate, read_chain};
use crate::making::requested_key;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_crypto::PublicKey;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;

/// Longest request or chain, characters.
pub const LONGEST: usize = 64 << 10;

/// A certification request, PEM or base64 of DER: signed by its own SM2 key. Gives the base64 of its DER and the key; notes what is wrong.
pub fn read_request(pointer: &str, text: &str, faults: &mut Faults) -> Option<(String, PublicKey)> {
    let Some(der) = der_of(text) else {
        let (zh, en) = (
            "应为证书申请（PKCS#10）的 PEM 或 DER 的 Base64",
            "a certification request (PKCS#10): PEM, or base64 of DER",
        );
        faults.push(pointer, "KEY_REQUEST_ENCODING", zh, en);
        return None;
    };
    let key = requested_key(&der);
    let key = faults.take(pointer, key, |fault| {
        let (zh, en) = both(&fault.to_string());
        (fault.code(), zh, en)
    })?;
    Some((STANDARD.encode(&der), key))
}

fn der_of(text: &str) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    if text.contains("-----BEGIN") {
        let blocks = pem::parse_pem_or_der(text.as_bytes(), &Limits::default()).ok()?;
        return blocks.into_iter().find(|block| block.label.ends_with("CERTIFICATE REQUEST")).map(|b| b.der);
    }
    STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).ok()
}

/// Certificates in PEM, the one that matters first.
///
/// # Errors
/// [`CertificateFault::Malformed`].
pub fn read_chain_pem(text: &str) -> Result<IssuedCertificate, CertificateFault> {
    let malformed = |why: &str| CertificateFault::Malformed(why.to_owned());
    if text.len() > LONGEST {
        return Err(malformed("too long"));
    }
    let blocks =
        pem::parse_pem_or_der(text.as_bytes(), &Limits::default()).map_err(|e| malformed(&e.to_string()))?;
    let ders: Vec<&[u8]> =
        blocks.iter().filter(|b| b.label == "CERTIFICATE").map(|b| b.der.as_slice()).collect();
    read_chain(&ders)
}

/// Certificates in the form they are kept in: DER, base64, in their order.
pub fn kept(issued: &IssuedCertificate) -> Vec<String> {
    std::iter::once(&issued.leaf).chain(&issued.chain).map(|c| STANDARD.encode(c.raw())).collect()
}

/// Notes what is wrong with a certificate.
pub fn push_fault(pointer: &str, fault: &CertificateFault, faults: &mut Faults) {
    let (zh, en) = both(&fault.to_string());
    faults.push(pointer, fault.code(), zh, en);
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_crypto::SoftwareKey;
    use yinxin_formats::csr::CsrBuilder;
    use yinxin_formats::x509::Name;

    #[test]
    fn a_request_is_read_in_both_forms_and_only_with_proof_of_possession() {
        let key = SoftwareKey::generate(&mut getrandom::rand_core::UnwrapErr(getrandom::SysRng));
        let csr = CsrBuilder::new(Name::build(&[])).sign(&key).unwrap();
        let code = |text: &str| {
            let mut faults = Faults::new();
            let read = read_request("/request", text, &mut faults);
            match faults.into_result() {
                Ok(()) => read.unwrap().0,
                Err(problem) => problem.document().errors[0].code.to_owned(),
            }
        };
        let base64 = STANDARD.encode(&csr);
        assert_eq!(code(&base64), base64);
        assert_eq!(code(&pem::encode("CERTIFICATE REQUEST", &csr)), base64);
        assert_eq!(code("no request"), "KEY_REQUEST_ENCODING");
        assert_eq!(code(&pem::encode("CERTIFICATE", &csr)), "KEY_REQUEST_ENCODING");
        let mut forged = csr;
        *forged.last_mut().unwrap() ^= 1;
        assert_eq!(code(&STANDARD.encode(&forged)), "KEY_REQUEST");
    }
}
