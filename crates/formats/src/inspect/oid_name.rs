//! Names of object identifiers.

use const_oid::ObjectIdentifier;
use const_oid::db::DB;

/// Identifiers of Chinese standards, and some whose short name in the general table says little.
const OWN: &[(&str, &str)] = &[
    ("1.2.156.10197.1.301", "SM2"),
    ("1.2.156.10197.1.301.1", "SM2 signature"),
    ("1.2.156.10197.1.301.3", "SM2 encryption"),
    ("1.2.156.10197.1.401", "SM3"),
    ("1.2.156.10197.1.401.1", "SM3 without key"),
    ("1.2.156.10197.1.401.2", "HMAC-SM3"),
    ("1.2.156.10197.1.501", "SM2 with SM3"),
    ("1.2.156.10197.1.104", "SM4"),
    ("1.2.156.10197.6.1.4.2.1", "GB/T 35275 data"),
    ("1.2.156.10197.6.1.4.2.2", "GB/T 35275 signedData"),
    ("1.2.156.10197.6.1.4.2.3", "GB/T 35275 envelopedData"),
    ("1.2.840.113549.1.7.1", "data"),
    ("1.2.840.113549.1.7.2", "signedData"),
    ("1.2.840.113549.1.9.16.1.4", "TSTInfo"),
    ("1.2.840.113549.1.9.3", "contentType"),
    ("1.2.840.113549.1.9.4", "messageDigest"),
    ("1.2.840.113549.1.9.5", "signingTime"),
    ("1.2.840.113549.1.9.14", "extensionRequest"),
    ("1.2.840.113549.1.9.16.2.12", "signingCertificate"),
    ("1.2.840.113549.1.9.16.2.47", "signingCertificateV2"),
    ("1.2.840.113549.1.9.16.2.14", "signatureTimeStampToken"),
    ("2.5.4.3", "commonName"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "countryName"),
    ("2.5.4.7", "localityName"),
    ("2.5.4.8", "stateOrProvinceName"),
    ("2.5.4.10", "organizationName"),
    ("2.5.4.11", "organizationalUnitName"),
    ("1.3.6.1.5.5.7.48.1.1", "OCSP basic response"),
    ("1.3.6.1.5.5.7.48.1", "OCSP"),
    ("1.3.6.1.5.5.7.48.2", "caIssuers"),
];

/// The usual name of an identifier.
pub(super) fn name(oid: &ObjectIdentifier) -> Option<&'static str> {
    let dotted = oid.to_string();
    OWN.iter().find(|(d, _)| *d == dotted).map(|(_, n)| *n).or_else(|| DB.by_oid(oid))
}
