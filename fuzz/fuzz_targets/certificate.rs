//! Reads any bytes as a certificate and asks for everything a verifier asks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;

fuzz_target!(|data: &[u8]| {
    let Ok(certificate) = Certificate::parse(data, &Limits::default()) else { return };
    let _ = (certificate.basic_constraints(), certificate.key_usage(), certificate.extended_key_usage());
    let _ = (certificate.subject_key_id(), certificate.authority_key_id(), certificate.name_constraints());
    let _ = (
        certificate.subject_alt_names(),
        certificate.certificate_policies(),
        certificate.policy_constraints(),
    );
    let _ =
        (certificate.crl_distribution_points(), certificate.authority_info_access(), certificate.crl_uris());
    let _ = (certificate.unknown_critical(), certificate.is_self_issued(), certificate.subject.to_string());
    if let Ok(key) = certificate.public_key() {
        let _ = certificate.verify_signature(&key);
    }
});
