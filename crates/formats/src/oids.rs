//! Object identifiers of the structures read and written here.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $dotted:literal;)*) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($dotted);)*
    };
}

oids! {
    /// SM2 curve, sometimes written as a key or signature algorithm (GB/T 33560)
    SM2 = "1.2.156.10197.1.301";
    /// SM2 digital signature algorithm (GB/T 33560)
    SM2_SIGN = "1.2.156.10197.1.301.1";
    /// SM2 signature with SM3 (GB/T 33560)
    SM2_WITH_SM3 = "1.2.156.10197.1.501";
    /// SM3 (GB/T 33560)
    SM3 = "1.2.156.10197.1.401";
    /// SM3 without key (GB/T 33560)
    SM3_NO_KEY = "1.2.156.10197.1.401.1";
    /// Public key on an elliptic curve (RFC 5480)
    EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// RSA key or RSA signature without named digest (RFC 8017)
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    /// RSASSA-PSS, named by its parameters (RFC 4055)
    RSASSA_PSS = "1.2.840.113549.1.1.10";
    /// Mask generation function of RSASSA-PSS (RFC 8017)
    MGF1 = "1.2.840.113549.1.1.8";
    /// RSA PKCS#1 v1.5 with SHA-1
    RSA_SHA1 = "1.2.840.113549.1.1.5";
    /// RSA PKCS#1 v1.5 with SHA-256
    RSA_SHA256 = "1.2.840.113549.1.1.11";
    /// RSA PKCS#1 v1.5 with SHA-384
    RSA_SHA384 = "1.2.840.113549.1.1.12";
    /// RSA PKCS#1 v1.5 with SHA-512
    RSA_SHA512 = "1.2.840.113549.1.1.13";
    /// ECDSA with SHA-256
    ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    /// ECDSA with SHA-384
    ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    /// SHA-1
    SHA1 = "1.3.14.3.2.26";
    /// SHA-256
    SHA256 = "2.16.840.1.101.3.4.2.1";

    /// data of GB/T 35275
    GB_DATA = "1.2.156.10197.6.1.4.2.1";
    /// signedData of GB/T 35275
    GB_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2";
    /// data of RFC 5652
    DATA = "1.2.840.113549.1.7.1";
    /// signedData of RFC 5652
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// TSTInfo (RFC 3161)
    TST_INFO = "1.2.840.113549.1.9.16.1.4";
    /// contentType attribute
    ATTR_CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// messageDigest attribute
    ATTR_MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// signingTime attribute
    ATTR_SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// signing-certificate attribute (RFC 2634)
    ATTR_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// signing-certificate-v2 attribute (RFC 5035)
    ATTR_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    /// signature timestamp attribute, unsigned (RFC 3161 appendix A)
    ATTR_TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
    /// extensionRequest attribute of a certification request (RFC 2985)
    ATTR_EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    /// subjectDirectoryAttributes
    EXT_SUBJECT_DIRECTORY = "2.5.29.9";
    /// subjectKeyIdentifier
    EXT_SUBJECT_KEY_ID = "2.5.29.14";
    /// keyUsage
    EXT_KEY_USAGE = "2.5.29.15";
    /// subjectAltName
    EXT_SUBJECT_ALT_NAME = "2.5.29.17";
    /// issuerAltName
    EXT_ISSUER_ALT_NAME = "2.5.29.18";
    /// basicConstraints
    EXT_BASIC_CONSTRAINTS = "2.5.29.19";
    /// cRLNumber
    EXT_CRL_NUMBER = "2.5.29.20";
    /// reasonCode of a revoked certificate
    EXT_REASON_CODE = "2.5.29.21";
    /// invalidityDate of a revoked certificate
    EXT_INVALIDITY_DATE = "2.5.29.24";
    /// deltaCRLIndicator
    EXT_DELTA_CRL = "2.5.29.27";
    /// issuingDistributionPoint
    EXT_ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// certificateIssuer of an entry in an indirect list
    EXT_CERTIFICATE_ISSUER = "2.5.29.29";
    /// nameConstraints
    EXT_NAME_CONSTRAINTS = "2.5.29.30";
    /// cRLDistributionPoints
    EXT_CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// certificatePolicies
    EXT_CERTIFICATE_POLICIES = "2.5.29.32";
    /// policyMappings
    EXT_POLICY_MAPPINGS = "2.5.29.33";
    /// authorityKeyIdentifier
    EXT_AUTHORITY_KEY_ID = "2.5.29.35";
    /// policyConstraints
    EXT_POLICY_CONSTRAINTS = "2.5.29.36";
    /// extKeyUsage
    EXT_EXTENDED_KEY_USAGE = "2.5.29.37";
    /// inhibitAnyPolicy
    EXT_INHIBIT_ANY_POLICY = "2.5.29.54";
    /// authorityInfoAccess
    EXT_AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// id-pkix-ocsp-nocheck
    EXT_OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    /// OCSP nonce
    EXT_OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// anyPolicy
    ANY_POLICY = "2.5.29.32.0";
    /// id-ad-ocsp
    ACCESS_OCSP = "1.3.6.1.5.5.7.48.1";
    /// id-ad-caIssuers
    ACCESS_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// id-pkix-ocsp-basic
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// id-kp-timeStamping
    KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// id-kp-OCSPSigning
    KP_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// anyExtendedKeyUsage
    KP_ANY = "2.5.29.37.0";

    /// commonName
    AT_COMMON_NAME = "2.5.4.3";
    /// surname
    AT_SURNAME = "2.5.4.4";
    /// serialNumber (of a person or unit, not of the certificate)
    AT_SERIAL_NUMBER = "2.5.4.5";
    /// countryName
    AT_COUNTRY = "2.5.4.6";
    /// localityName
    AT_LOCALITY = "2.5.4.7";
    /// stateOrProvinceName
    AT_STATE = "2.5.4.8";
    /// streetAddress
    AT_STREET = "2.5.4.9";
    /// organizationName
    AT_ORGANIZATION = "2.5.4.10";
    /// organizationalUnitName
    AT_ORGANIZATIONAL_UNIT = "2.5.4.11";
    /// title
    AT_TITLE = "2.5.4.12";
    /// givenName
    AT_GIVEN_NAME = "2.5.4.42";
    /// dnQualifier
    AT_DN_QUALIFIER = "2.5.4.46";
    /// domainComponent
    AT_DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25";
    /// userId
    AT_USER_ID = "0.9.2342.19200300.100.1.1";
    /// emailAddress
    AT_EMAIL = "1.2.840.113549.1.9.1";
}
