//! How far an order has come, read from its log, and the writing of the next step.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_formats::ses::SealPicture;

use super::super::MakingError;
use super::super::authority::{IssuedCertificate, read_chain};
use super::super::imprint::CheckedPicture;
use super::super::keys::KeyId;
use super::super::log::{LoggedPicture, OrderLog, Step};

/// The log of one order.
pub(super) struct Progress<'a> {
    log: &'a mut dyn OrderLog,
}

/// What was noted when the second check was passed.
#[derive(Debug, Clone)]
pub(super) struct Accepted {
    pub(super) order: String,
    pub(super) approval: String,
    pub(super) key: Option<KeyId>,
}

/// The request that was signed, and the dates asked for.
#[derive(Debug, Clone)]
pub(super) struct Requested {
    pub(super) csr: Vec<u8>,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
}

impl<'a> Progress<'a> {
    pub(super) fn new(log: &'a mut dyn OrderLog) -> Self {
        Self { log }
    }

    pub(super) fn write(&mut self, step: Step) -> Result<(), MakingError> {
        Ok(self.log.append(step)?)
    }

    fn find<T>(&self, pick: impl Fn(&Step) -> Option<T>) -> Option<T> {
        self.log.steps().iter().find_map(pick)
    }

    pub(super) fn accepted_already(&self) -> Option<Accepted> {
        self.find(|s| match s {
            Step::Accepted { order, approval, key, .. } => {
                Some(Accepted { order: order.clone(), approval: approval.clone(), key: key.clone() })
            }
            _ => None,
        })
    }

    pub(super) fn accepted(&self) -> Result<Accepted, MakingError> {
        self.accepted_already().ok_or(MakingError::LogContent("accepted"))
    }

    pub(super) fn has_picture(&self) -> bool {
        self.find(|s| matches!(s, Step::Imprint { .. }).then_some(())).is_some()
    }

    pub(super) fn picture(&self) -> Result<(SealPicture, [u8; 32], Vec<String>), MakingError> {
        let lost = || MakingError::LogContent("imprint");
        let p = self.find(|s| match s {
            Step::Imprint { picture } => Some(picture.clone()),
            _ => None,
        });
        let p = p.ok_or_else(lost)?;
        let data = STANDARD.decode(&p.data).map_err(|_| lost())?;
        let digest = hex::decode(&p.digest).ok().and_then(|d| d.try_into().ok()).ok_or_else(lost)?;
        let picture = SealPicture { kind: p.format, data, width_mm: p.width_mm, height_mm: p.height_mm };
        Ok((picture, digest, p.notes))
    }

    pub(super) fn write_picture(&mut self, p: &CheckedPicture) -> Result<(), MakingError> {
        self.write(Step::Imprint {
            picture: LoggedPicture {
                format: p.picture.kind.clone(),
                data: STANDARD.encode(&p.picture.data),
                digest: hex::encode(p.digest),
                width_mm: p.picture.width_mm,
                height_mm: p.picture.height_mm,
                notes: p.notes.iter().map(|n| (*n).to_owned()).collect(),
            },
        })
    }

    pub(super) fn has_request(&self) -> bool {
        self.find(|s| matches!(s, Step::Requested { .. }).then_some(())).is_some()
    }

    pub(super) fn requested(&self) -> Result<Requested, MakingError> {
        let lost = || MakingError::LogContent("requested");
        let (csr, not_before, not_after) = self
            .find(|s| match s {
                Step::Requested { csr, not_before, not_after } => {
                    Some((csr.clone(), *not_before, *not_after))
                }
                _ => None,
            })
            .ok_or_else(lost)?;
        Ok(Requested { csr: STANDARD.decode(csr).map_err(|_| lost())?, not_before, not_after })
    }

    pub(super) fn has_certificate(&self) -> bool {
        self.find(|s| matches!(s, Step::Certified { .. }).then_some(())).is_some()
    }

    pub(super) fn certificate(&self) -> Result<IssuedCertificate, MakingError> {
        let lost = || MakingError::LogContent("certified");
        let list = self.find(|s| match s {
            Step::Certified { certificates } => Some(certificates.clone()),
            _ => None,
        });
        let ders: Result<Vec<Vec<u8>>, _> =
            list.ok_or_else(lost)?.iter().map(|c| STANDARD.decode(c)).collect();
        read_chain(&ders.map_err(|_| lost())?).map_err(|_| lost())
    }

    pub(super) fn certified(&mut self, issued: &IssuedCertificate) -> Result<(), MakingError> {
        let all = std::iter::once(&issued.leaf).chain(&issued.chain);
        self.write(Step::Certified { certificates: all.map(|c| STANDARD.encode(c.raw())).collect() })
    }

    pub(super) fn sealed(&self) -> Option<Result<(Vec<u8>, Timestamp), MakingError>> {
        let (seal, at) = self.find(|s| match s {
            Step::Sealed { seal, at } => Some((seal.clone(), *at)),
            _ => None,
        })?;
        Some(STANDARD.decode(seal).map(|der| (der, at)).map_err(|_| MakingError::LogContent("sealed")))
    }

    pub(super) fn write_seal(&mut self, der: &[u8], at: Timestamp) -> Result<(), MakingError> {
        self.write(Step::Sealed { seal: STANDARD.encode(der), at })
    }
}

/// The request among steps.
pub(super) fn csr_of(steps: &[Step]) -> Option<Result<Vec<u8>, MakingError>> {
    steps.iter().find_map(|s| match s {
        Step::Requested { csr, .. } => {
            Some(STANDARD.decode(csr).map_err(|_| MakingError::LogContent("requested")))
        }
        _ => None,
    })
}
