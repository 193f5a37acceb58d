//! The authority: a request's bytes in, a response out. No network here.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{DigestAlgorithm, SigningKey, SoftwareKey};
use yinxin_formats::cms::Family;
use yinxin_formats::der::Limits;
use yinxin_formats::tsp::{Accuracy, FailureInfo, TimeStampReq, TimeStampResp, TstInfo, build_token};
use yinxin_formats::x509::{Certificate, GeneralName};
use yinxin_seal::trust::{Evaluator, Policy, Purpose, TrustFacts};

use crate::command::ca::authority::new_serial;
use crate::failure::Failure;

/// Policy used unless another is named: the one OpenSSL's example configuration has. It promises nothing.
pub const TEST_POLICY: &str = "1.2.3.4.1";

/// Where the time comes from.
type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// A timestamp authority with its key.
pub struct Responder {
    certificate: Certificate,
    key: SoftwareKey,
    chain: Vec<Certificate>,
    policy: ObjectIdentifier,
    clock: Clock,
}

impl Responder {
    /// An authority that reads the machine's clock.
    ///
    /// # Errors
    /// Where the key does not belong to the certificate, or the certificate is not for timestamps alone.
    pub fn new(
        certificate: Certificate,
        key: SoftwareKey,
        policy: ObjectIdentifier,
    ) -> Result<Self, Failure> {
        if certificate.public_key()? != *key.public_key() {
            let detail = "私钥与时间戳证书不匹配 / the key does not belong to the certificate";
            return Err(Failure::new("KEY_MISMATCH", detail));
        }
        let facts = TrustFacts::default();
        let now = Timestamp::now();
        let judged =
            Evaluator::new(&facts, now, Policy::Default).judge(&certificate, &[], Purpose::Timestamp, now);
        if let Err(t) = judged.usage {
            return Err(Failure::new("TSA_CERTIFICATE", format!("{} / {}", t.zh, t.en)));
        }
        Ok(Self { certificate, key, chain: Vec::new(), policy, clock: Box::new(Timestamp::now) })
    }

    /// Puts further certificates into tokens where the request asks for certificates.
    #[must_use]
    pub fn with_chain(mut self, chain: Vec<Certificate>) -> Self {
        self.chain = chain;
        self.chain.retain(|c| c.raw() != self.certificate.raw());
        self
    }

    /// Takes the time from elsewhere, for stories and tests.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// The DER of the response to whatever came in.
    pub fn respond(&self, request: &[u8]) -> Vec<u8> {
        match self.stamp(request) {
            Ok(token) => TimeStampResp::granted(token).to_der(),
            Err((failure, text)) => TimeStampResp::rejected(failure, &text).to_der(),
        }
    }

    fn stamp(&self, bytes: &[u8]) -> Result<Vec<u8>, (FailureInfo, String)> {
        let request = TimeStampReq::parse(bytes, &Limits::default()).map_err(|e| {
            // The only value RFC 3161 rules out in a well-formed request is the version.
            let failure =
                if e.what == "version" { FailureInfo::BAD_REQUEST } else { FailureInfo::BAD_DATA_FORMAT };
            (failure, e.to_string())
        })?;
        self.check(&request)?;
        let failed = |why: String| (FailureInfo::SYSTEM_FAILURE, why);
        let now = (self.clock)();
        let info = TstInfo {
            version: 1,
            policy: self.policy,
            imprint: request.imprint,
            serial: new_serial().map_err(|e| failed(e.to_string()))?,
            // Whole seconds, as the accuracy says: no token is ever ahead of a clock that counts in seconds.
            gen_time: Timestamp::from_second(now.as_second()).unwrap_or(now),
            accuracy: Some(Accuracy { seconds: 1, millis: 0, micros: 0 }),
            ordering: false,
            nonce: request.nonce,
            tsa: Some(GeneralName::Directory(self.certificate.subject.clone())),
            extensions: Vec::new(),
        };
        let all = std::iter::once(&self.certificate).chain(&self.chain);
        let embedded: Vec<&[u8]> = all.filter(|_| request.cert_req).map(Certificate::raw).collect();
        build_token(Family::Rfc5652, &info, &self.certificate, &embedded, now, &self.key)
            .map_err(|e| failed(e.to_string()))
    }

    fn check(&self, request: &TimeStampReq) -> Result<(), (FailureInfo, String)> {
        let imprint = &request.imprint;
        let digest = DigestAlgorithm::from_oid(&imprint.algorithm).filter(|d| *d != DigestAlgorithm::Sha1);
        let Some(digest) = digest else {
            return Err((FailureInfo::BAD_ALG, format!("digest {} is not accepted", imprint.algorithm)));
        };
        if digest.output_len() != imprint.hash.len() {
            let text = format!("the imprint has {} bytes, not {}", imprint.hash.len(), digest.output_len());
            return Err((FailureInfo::BAD_DATA_FORMAT, text));
        }
        if request.policy.is_some_and(|p| p != self.policy) {
            return Err((FailureInfo::UNACCEPTED_POLICY, format!("the policy here is {}", self.policy)));
        }
        match request.extensions.first() {
            Some(e) => Err((FailureInfo::UNACCEPTED_EXTENSION, format!("extension {} is not known", e.oid))),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for Responder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Responder").field("certificate", &self.certificate.subject).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::ca::authority::{Pair, Role, Wanted, days_from, rng};
    use yinxin_formats::tsp::{MessageImprint, TimeStampToken};
    use yinxin_formats::{oids, x509::Extension};

    fn responder(role: Role) -> Result<Responder, Failure> {
        let now = crate::time::now();
        let pair = Pair::create("t", now).unwrap();
        let key = SoftwareKey::generate(&mut rng());
        let wanted = Wanted {
            role,
            name: "t",
            organization: None,
            key: key.public_key(),
            not_before: now,
            not_after: days_from(now, 9).unwrap(),
            crl_url: None,
        };
        let certificate = pair.ca.issue(&wanted, new_serial().unwrap()).unwrap();
        let policy = ObjectIdentifier::new(TEST_POLICY).unwrap();
        Ok(Responder::new(certificate, key, policy)?.with_chain(vec![pair.ca.certificate]))
    }

    fn refusal(r: &Responder, request: &[u8]) -> Option<FailureInfo> {
        TimeStampResp::parse(&r.respond(request), &Limits::default()).unwrap().failure
    }

    #[test]
    fn stamps_what_is_asked_for() {
        let r = responder(Role::Tsa).unwrap();
        for cert_req in [true, false] {
            let request = TimeStampReq { cert_req, ..TimeStampReq::sm3(b"data", &[7]) };
            let answer = TimeStampResp::parse(&r.respond(&request.to_der()), &Limits::default()).unwrap();
            let token = TimeStampToken::parse(&answer.token.unwrap(), &Limits::default()).unwrap();
            assert_eq!(request.is_answered_by(&token), Ok(()));
            assert_eq!(token.signed_data.certificates.len(), if cert_req { 2 } else { 0 });
            assert!(token.verify(&r.certificate).is_ok() && token.faults().is_empty());
        }
    }

    #[test]
    fn refuses_with_the_reason_the_standard_has_for_it() {
        let r = responder(Role::Tsa).unwrap();
        let good = TimeStampReq::sm3(b"data", &[7]);
        let mut v2 = good.to_der();
        let at = v2.windows(3).position(|w| w == [2, 1, 1]).unwrap();
        v2[at + 2] = 2;
        assert_eq!(refusal(&r, &v2), Some(FailureInfo::BAD_REQUEST));
        assert_eq!(refusal(&r, b""), Some(FailureInfo::BAD_DATA_FORMAT));
        assert_eq!(refusal(&r, &[0x30; 70]), Some(FailureInfo::BAD_DATA_FORMAT));
        let imprint = |algorithm, length| MessageImprint { algorithm, hash: vec![0; length] };
        let sent = |imprint| TimeStampReq { imprint, ..good.clone() }.to_der();
        assert_eq!(refusal(&r, &sent(imprint(oids::SHA1, 20))), Some(FailureInfo::BAD_ALG));
        assert_eq!(refusal(&r, &sent(imprint(oids::SM2, 32))), Some(FailureInfo::BAD_ALG));
        assert_eq!(refusal(&r, &sent(imprint(oids::SM3, 31))), Some(FailureInfo::BAD_DATA_FORMAT));
        assert_eq!(refusal(&r, &sent(imprint(oids::SHA256, 32))), None);
        let policy = TimeStampReq { policy: Some(oids::ANY_POLICY), ..good.clone() };
        assert_eq!(refusal(&r, &policy.to_der()), Some(FailureInfo::UNACCEPTED_POLICY));
        let extensions = vec![Extension::new(oids::EXT_KEY_USAGE, false, vec![5, 0])];
        let extended = TimeStampReq { extensions, ..good };
        assert_eq!(refusal(&r, &extended.to_der()), Some(FailureInfo::UNACCEPTED_EXTENSION));
    }

    #[test]
    fn rejects_a_certificate_that_is_not_for_timestamps() {
        assert_eq!(responder(Role::Signer).unwrap_err().code, "TSA_CERTIFICATE");
    }
}
