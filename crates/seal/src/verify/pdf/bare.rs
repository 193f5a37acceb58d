//! `adbe.x509.rsa_sha1`: a bare RSA signature, its certificates beside it (ISO 32000-1 §12.8.3.2). Old, and read only.

use std::io::{Read, Seek};

use jiff::Timestamp;
use yinxin_crypto::SignatureAlgorithm;
use yinxin_formats::x509::Certificate;
use yinxin_pdf::{Document, Signature};

use super::super::VerifyOptions;
use super::super::people;
use super::super::ses::{
    Judged, SIGNER, SigningTime, certificate_checks, earliest, no_timestamp, time_order,
};
use super::signature::{Content, held};
use crate::involved::Involved;
use crate::report::{Check, Outcome, text};
use crate::trust::{Evaluator, Purpose};

/// The octets of a value that is nothing but an OCTET STRING, with the certificates that stand beside it.
pub(super) struct Bare {
    octets: Vec<u8>,
    signer: Certificate,
    chain: Vec<Certificate>,
}

impl Bare {
    /// Reads a value; `None` where it is something else, or has no certificate.
    pub fn read(value: &[u8], signature: &Signature, options: &VerifyOptions) -> Option<Self> {
        let (first, rest) = value.split_first()?;
        if *first != 0x04 {
            return None;
        }
        let header = match rest.first()? {
            n if *n < 0x80 => 2,
            n => usize::from(n & 0x7f).checked_add(2)?,
        };
        let octets = value.get(header..)?.to_vec();
        let limits = &options.limits;
        let mut certs = signature.certificates.iter().filter_map(|c| Certificate::parse(c, limits).ok());
        let signer = certs.next()?;
        Some(Self { octets, signer, chain: certs.collect() })
    }

    /// Whose certificate it stands on.
    pub fn people(&self) -> Vec<Involved> {
        let (cert, embedded) = (self.signer.clone(), self.chain.clone());
        vec![Involved { cert, embedded, purpose: Purpose::Signer, moment: None }]
    }

    /// Runs the checks.
    pub fn run<R: Read + Seek>(
        &self,
        document: &mut Document<R>,
        signature: &Signature,
        stated: Option<Timestamp>,
        evaluator: &Evaluator<'_>,
        out: &mut Vec<Check>,
    ) -> Judged {
        let cert = &self.signer;
        let describe =
            |c: Check| c.with("signer", cert.subject.to_string()).with("serial", people::serial(cert));
        out.extend(self.value(document, signature).into_iter().map(describe));
        let proven = evaluator.existed;
        let time = SigningTime {
            moment: proven.or(stated).unwrap_or(evaluator.now),
            known: proven.or(stated).is_some(),
            proven: proven.is_some(),
        };
        let judgement = evaluator.judge(cert, &self.chain, Purpose::Signer, time.moment);
        certificate_checks(&judgement, cert, SIGNER, time.moment, time.proven, evaluator, out);
        out.push(time_order(stated, earliest(None, proven), evaluator.now));
        Judged { signer: Some(cert.subject.to_string()), time, timestamp: no_timestamp() }
    }

    fn value<R: Read + Seek>(&self, document: &mut Document<R>, signature: &Signature) -> Vec<Check> {
        let content = match held(document, signature) {
            Content::Held(content) => content,
            Content::Unprotected(check) => return vec![check],
        };
        let right = self
            .signer
            .public_key()
            .is_ok_and(|key| key.verify(SignatureAlgorithm::RsaPkcs1Sha1, &content, &self.octets).is_ok());
        if !right {
            let t = text(
                "签名值与内容不符：内容被改动，或签名值不正确",
                "the value does not fit: the content was changed, or the value is wrong",
            );
            return vec![Check::new("SIGNATURE_VALUE", Outcome::Fail, t)];
        }
        let weak = text(
            "签名值正确，但用的是已不安全的 SHA-1，不能证明内容未被改动",
            "the value is right, but it is over SHA-1, which proves nothing any more",
        );
        vec![
            Check::new("SIGNATURE_VALUE", Outcome::Pass, text("签名值正确", "the value is right")),
            Check::new("WEAK_ALGORITHM", Outcome::Indeterminate, weak),
        ]
    }
}
