//! Which rule of imprints a seal falls under.

use yinxin_imprint::{Kind, Rank};
use yinxin_registry::profile::{ApplicantKind, SealKind};

/// The kind of imprint by which a kind of seal is drawn and checked.
pub fn kind_of(kind: SealKind) -> Kind {
    match kind {
        SealKind::LegalName | SealKind::InternalBody | SealKind::Branch => Kind::Official,
        SealKind::BusinessFinance => Kind::Finance,
        SealKind::BusinessContract => Kind::Contract,
        SealKind::BusinessInvoice => Kind::Invoice,
        SealKind::BusinessCustoms => Kind::Customs,
        SealKind::BusinessCancellation => Kind::Cancellation,
        SealKind::BusinessOther => Kind::Business,
        SealKind::PersonalLegalRepresentative
        | SealKind::PersonalPersonInCharge
        | SealKind::PersonalFinanceOfficer
        | SealKind::PersonalAuthorizedRepresentative
        | SealKind::PersonalStaff => Kind::Personal,
    }
}

/// The rank by which a seal's size is prescribed. A state organ's is told by the size itself (国发〔1999〕25号): whether the organ has that
/// rank is the reviewer's to say.
pub fn rank_of(applicant: ApplicantKind, kind: SealKind, width_tenth_mm: u32) -> Rank {
    if applicant != ApplicantKind::Government || kind != SealKind::LegalName {
        return Rank::Unit;
    }
    match width_tenth_mm {
        550.. => Rank::StateCouncil,
        475..550 => Rank::ProvinceMinistry,
        435..475 => Rank::MinistryBureau,
        415..435 => Rank::Township,
        _ => Rank::Unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_the_size_of_state_organs_only() {
        let rank = |applicant, width| rank_of(applicant, SealKind::LegalName, width);
        assert_eq!(rank(ApplicantKind::Government, 600), Rank::StateCouncil);
        assert_eq!(rank(ApplicantKind::Government, 500), Rank::ProvinceMinistry);
        assert_eq!(rank(ApplicantKind::Government, 450), Rank::MinistryBureau);
        assert_eq!(rank(ApplicantKind::Government, 420), Rank::Township);
        assert_eq!(rank(ApplicantKind::Enterprise, 450), Rank::Unit);
        assert_eq!(rank_of(ApplicantKind::Government, SealKind::BusinessContract, 450), Rank::Unit);
    }

    #[test]
    fn every_kind_and_rank_has_a_rule() {
        for kind in SealKind::ALL {
            for applicant in ApplicantKind::ALL {
                for width in [180, 380, 400, 420, 450, 500, 600] {
                    let rank = rank_of(applicant, kind, width);
                    assert!(
                        yinxin_imprint::Rules::national().find(kind_of(kind), rank).is_some(),
                        "{kind:?}"
                    );
                }
            }
        }
    }
}
