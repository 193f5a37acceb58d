//! Profiles: those that come with the program hold what the measures say; wrong files are refused with place and reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::Timestamp;
use proptest::prelude::*;
use yinxin_registry::profile::{
    ApplicantKind, BUILT_IN, MAX_BYTES, MaterialKind, Profile, SealCodeFault, SealKind, Shape, Step,
    SuspensionEffect,
};

fn profile(id: &str) -> Profile {
    Profile::built_in(id).unwrap_or_else(|e| panic!("{id}: {e}"))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_profiles_that_come_with_the_program_are_valid_and_named_after_their_files() {
    for (id, _) in BUILT_IN {
        assert_eq!(profile(id).id, id);
    }
    assert_eq!(Profile::built_in("atlantis").unwrap_err().code(), "PROFILE_UNKNOWN");
}

#[test]
fn profiles_are_made_for_the_areas_of_their_codes() {
    for (id, inside, outside) in
        [("tianjin", "120101", "110101"), ("xian", "610113", "610300"), ("beijing", "110000", "120000")]
    {
        assert!(profile(id).is_made_for(inside) && !profile(id).is_made_for(outside), "{id}");
    }
    assert!(profile("national").is_made_for("460100"));
}

#[test]
fn in_tianjin_and_xian_the_physical_seal_comes_first_and_its_record_is_required() {
    for id in ["tianjin", "xian"] {
        for procedure in profile(id).procedures_offered() {
            assert!(procedure.physical_first && procedure.takes(Step::PhysicalSeal));
            assert!(procedure.requires(MaterialKind::PhysicalSealRecord), "{procedure:?}");
        }
    }
    for procedure in profile("national").procedures_offered() {
        assert!(!procedure.physical_first && !procedure.takes(Step::PhysicalSeal));
        assert!(!procedure.requires(MaterialKind::PhysicalSealRecord));
    }
}

#[test]
fn in_beijing_seals_are_filed_in_24_hours_kept_5_years_and_cancelled_after_3_months_unclaimed() {
    let beijing = profile("beijing");
    assert_eq!(beijing.deadlines.filing_hours, 24);
    assert_eq!(beijing.deadlines.retention_years, 5);
    assert_eq!(beijing.deadlines.claim_months, 3);
    assert!(beijing.suspension.authorization_letter);
    assert!(beijing.certificates.making && beijing.certificates.cancellation);
}

#[test]
fn every_applicant_can_have_a_legal_name_seal_and_every_procedure_proves_who_applies() {
    for (id, _) in BUILT_IN {
        let profile = profile(id);
        for applicant in ApplicantKind::ALL {
            assert!(profile.procedure(applicant, SealKind::LegalName).is_some(), "{id} {applicant}");
        }
        for procedure in profile.procedures_offered() {
            for kind in [
                MaterialKind::UnitIdentity,
                MaterialKind::PersonIdentity,
                MaterialKind::Imprint,
                MaterialKind::TruthStatement,
            ] {
                assert!(procedure.requires(kind), "{id}: {kind:?} of {procedure:?}");
            }
            for step in
                [Step::Apply, Step::Review, Step::Approval, Step::Making, Step::Filing, Step::HandOver]
            {
                assert!(procedure.takes(step), "{id}: {step:?}");
            }
            assert!(procedure.steps.is_sorted_by_key(|shown| shown.step));
            assert!(!procedure.imprints.is_empty());
        }
    }
}

#[test]
fn enterprises_skip_the_originals_with_a_reason_and_government_does_not() {
    for (id, _) in BUILT_IN {
        let profile = profile(id);
        let enterprise = profile.procedure(ApplicantKind::Enterprise, SealKind::LegalName).unwrap();
        let skipped = enterprise.steps.iter().find(|shown| shown.step == Step::Originals).unwrap();
        assert!(skipped.skipped.is_some() && !enterprise.takes(Step::Originals), "{id}");
        let government = profile.procedure(ApplicantKind::Government, SealKind::LegalName).unwrap();
        assert!(government.takes(Step::Originals), "{id}");
    }
}

#[test]
fn an_individual_business_has_no_internal_bodies() {
    assert!(
        profile("national").procedure(ApplicantKind::IndividualBusiness, SealKind::InternalBody).is_none()
    );
}

#[test]
fn missing_and_unknown_materials_are_named() {
    let profile = profile("xian");
    let procedure = profile.procedure(ApplicantKind::Government, SealKind::LegalName).unwrap();
    let all: Vec<&str> =
        procedure.materials.iter().filter(|n| n.required).map(|n| n.material.code.as_str()).collect();
    assert!(procedure.missing_materials(&all).is_empty());
    let without: Vec<&str> = all.iter().copied().filter(|code| *code != "physical_seal_record").collect();
    let missing: Vec<&str> =
        procedure.missing_materials(&without).into_iter().map(|material| material.code.as_str()).collect();
    assert_eq!(missing, ["physical_seal_record"]);
    assert_eq!(procedure.missing_materials::<String>(&[]).len(), all.len());
    assert_eq!(procedure.unknown_materials(&["imprint", "cat_photo"]), ["cat_photo"]);
}

#[test]
fn a_procedure_is_published_with_names_and_steps_in_both_languages() {
    let profile = profile("national");
    let procedure = profile.procedure(ApplicantKind::Enterprise, SealKind::BusinessContract).unwrap();
    let json = serde_json::to_value(&procedure).unwrap();
    assert_eq!(json["applicant"], "enterprise");
    assert_eq!(json["seal"], "business_contract");
    assert!(json["materials"][0]["required"].as_bool().unwrap());
    assert!(json["materials"][0]["name"]["zh"].as_str().is_some_and(|name| !name.is_empty()));
    assert!(json["steps"][0]["help"]["en"].as_str().is_some_and(|help| !help.is_empty()));
}

#[test]
fn the_invoice_seal_is_an_ellipse_of_40_by_30_mm() {
    for (id, _) in BUILT_IN {
        let profile = profile(id);
        let [size] = profile.seal_rule(SealKind::BusinessInvoice).unwrap().imprints.as_slice() else {
            panic!("{id}: one size expected")
        };
        assert_eq!((size.shape, size.width_mm, size.height_mm), (Shape::Ellipse, [40, 40], [30, 30]));
    }
}

#[test]
fn seal_codes_are_area_and_serial_of_13_digits() {
    let pattern = profile("national").seal_code.clone();
    assert_eq!(pattern.code("610100", 42).unwrap(), "6101000000042");
    assert_eq!(pattern.code("610113001", 9_999_999).unwrap(), "6101139999999");
    assert_eq!(
        pattern.code("610100", 10_000_000),
        Err(SealCodeFault::Serial { serial: 10_000_000, digits: 7 })
    );
    assert_eq!(pattern.code("610100", 0), Err(SealCodeFault::Serial { serial: 0, digits: 7 }));
    assert_eq!(pattern.code("6101", 1), Err(SealCodeFault::Area { needed: 6 }));
    assert_eq!(pattern.code("61o100", 1), Err(SealCodeFault::Area { needed: 6 }));
}

/// 2026-03-02 is a Monday. Beijing is eight hours before UTC: its days end at 16:00Z.
#[test]
fn working_days_do_not_count_the_first_day_nor_weekends() {
    let national = profile("national");
    assert_eq!(national.deadlines.review_working_days, 5);
    assert_eq!(national.deadline_review(at("2026-03-02T01:00:00Z")), at("2026-03-09T16:00:00Z"));
    // Friday evening in Beijing is a Friday, one hour later in UTC it is Saturday there.
    assert_eq!(national.deadline_review(at("2026-03-06T15:59:59Z")), at("2026-03-13T16:00:00Z"));
    assert_eq!(national.deadline_review(at("2026-03-06T16:00:00Z")), at("2026-03-13T16:00:00Z"));
    assert_eq!(national.deadline_review(at("2026-03-08T16:00:00Z")), at("2026-03-16T16:00:00Z"));
    assert_eq!(national.deadline_refusal_notice(at("2026-03-05T01:00:00Z")), at("2026-03-10T16:00:00Z"));
    assert_eq!(national.deadline_correction(at("2026-03-02T01:00:00Z")), at("2026-03-16T16:00:00Z"));
}

#[test]
fn listed_days_off_and_days_worked_move_the_deadline() {
    let text = BUILT_IN[0].1.replace("holidays = []", "holidays = [\"2026-03-04\", \"2026-03-05\"]");
    let off = Profile::parse(&text).unwrap();
    assert_eq!(off.deadline_review(at("2026-03-02T01:00:00Z")), at("2026-03-11T16:00:00Z"));
    let text = text.replace("workdays = []", "workdays = [\"2026-03-07\"]");
    let worked = Profile::parse(&text).unwrap();
    assert_eq!(worked.deadline_review(at("2026-03-02T01:00:00Z")), at("2026-03-10T16:00:00Z"));
}

#[test]
fn filing_runs_from_the_moment_of_making() {
    assert_eq!(profile("beijing").deadline_filing(at("2026-03-06T09:30:00Z")), at("2026-03-07T09:30:00Z"));
}

#[test]
fn months_end_on_the_same_day_or_the_last_and_move_to_a_working_day() {
    let national = profile("national");
    // 30 November + 3 months: 28 February 2027 is a Sunday, so Monday 1 March.
    assert_eq!(national.deadline_claim(at("2026-11-30T02:00:00Z")), at("2027-03-01T16:00:00Z"));
    // Wednesday 10 June stays.
    assert_eq!(national.deadline_claim(at("2026-03-10T02:00:00Z")), at("2026-06-10T16:00:00Z"));
}

#[test]
fn renewal_opens_three_months_before_the_end_and_reminders_come_at_90_30_7_and_1_days() {
    let xian = profile("xian");
    let end = at("2026-05-31T15:59:59Z");
    assert_eq!(xian.renewal_opens(end), at("2026-02-28T15:59:59Z"));
    let expected =
        ["2026-03-02", "2026-05-01", "2026-05-24", "2026-05-30"].map(|d| at(&format!("{d}T15:59:59Z")));
    assert_eq!(xian.reminders(end), expected);
}

#[test]
fn a_seal_ends_with_its_certificate_at_the_latest() {
    let national = profile("national");
    let start = at("2026-03-01T00:00:00Z");
    let early = at("2028-01-01T00:00:00Z");
    assert_eq!(national.latest_seal_end(start, early), early);
    assert_eq!(national.latest_seal_end(start, at("2040-01-01T00:00:00Z")), at("2031-03-01T00:00:00Z"));
    assert_eq!(national.latest_certificate_end(start), at("2031-03-01T00:00:00Z"));
}

#[test]
fn records_are_kept_whole_years_to_the_end_of_the_day() {
    assert_eq!(profile("national").retention_ends(at("2024-02-29T01:00:00Z")), at("2029-02-28T16:00:00Z"));
}

#[test]
fn deadlines_at_the_edge_of_time_do_not_fail() {
    let national = profile("national");
    for moment in [Timestamp::MIN, Timestamp::MAX] {
        let _ = national.deadline_review(moment);
        let _ = national.deadline_claim(moment);
        let _ = national.deadline_filing(moment);
        let _ = national.renewal_opens(moment);
        let _ = national.reminders(moment);
        let _ = national.retention_ends(moment);
        let _ = national.latest_seal_end(moment, moment);
    }
}

/// One wrong edit each: what is replaced, by what, the path named, and whether the line is that of the edit.
const WRONG: [(&str, &str, &str); 30] = [
    ("id = \"national\"", "id = \"National\"", "id"),
    ("version = 1", "version = 0", "version"),
    ("applies_to = \"\"", "applies_to = \"61x\"", "applies_to"),
    ("clause = \"第二条、第三条\"", "clause = \" \"", "basis[0].clause"),
    ("review_working_days = 5", "review_working_days = 0", "deadlines.review_working_days"),
    ("correction_working_days = 10", "correction_working_days = 999", "deadlines.correction_working_days"),
    (
        "refusal_notice_working_days = 3",
        "refusal_notice_working_days = 0",
        "deadlines.refusal_notice_working_days",
    ),
    ("filing_hours = 24", "filing_hours = 0", "deadlines.filing_hours"),
    ("claim_months = 3", "claim_months = 0", "deadlines.claim_months"),
    ("renewal_window_months = 3", "renewal_window_months = 0", "deadlines.renewal_window_months"),
    ("retention_years = 5", "retention_years = 4", "deadlines.retention_years"),
    ("[90, 30, 7, 1]", "[90, 30, 30, 1]", "deadlines.reminder_days"),
    ("[90, 30, 7, 1]", "[]", "deadlines.reminder_days"),
    ("[90, 30, 7, 1]", "[30, 0]", "deadlines.reminder_days[1]"),
    ("certificate_years = 5", "certificate_years = 0", "validity.certificate_years"),
    ("seal_years = 5", "seal_years = 11", "validity.seal_years"),
    ("workdays = []", "workdays = [\"2026-03-02\"]", "calendar.workdays[0]"),
    ("holidays = []", "holidays = [\"2026-03-02\", \"2026-03-02\"]", "calendar.holidays[1]"),
    ("serial_digits = 7", "serial_digits = 0", "seal_code"),
    ("lead = \"\"", "lead = \"12345678\"", "seal_code"),
    ("\"block_signing\", ", "", "suspension.effects"),
    ("\"block_signing\", ", "\"block_signing\", \"block_signing\", ", "suspension.effects[1]"),
    ("code = \"agent_id\"", "code = \"unit_certificate\"", "material[4]"),
    ("code = \"agent_id\"", "code = \"agent\"", "procedure[0].required[3]"),
    ("step = \"filing\"", "step = \"review\"", "step[6]"),
    ("kind = \"business_other\"", "kind = \"business_customs\"", "seal[8]"),
    ("width_mm = [42, 60]", "width_mm = [60, 42]", "seal[0].imprint[0].width_mm"),
    ("height_mm = [42, 60]", "height_mm = [42, 61]", "seal[0].imprint[0].height_mm"),
    ("step = \"originals\"\nbecause", "step = \"filing\"\nbecause", "procedure[5].skip[0].step"),
    ("physical_first = false", "physical_first = true", "procedure[0].required"),
];

#[test]
fn one_wrong_value_is_named_with_its_place_and_line() {
    let good = BUILT_IN[0].1;
    for (from, to, path) in WRONG {
        let place = good.find(from).unwrap_or_else(|| panic!("{from:?} is not in the profile"));
        let bad = good.replacen(from, to, 1);
        let fault = Profile::parse(&bad).map(|_| ()).expect_err(path);
        assert_eq!(fault.path, path, "{from} -> {to}: {fault}");
        assert_eq!(fault.code(), "PROFILE_VALUE");
        assert!(fault.what.contains(" / ") && !fault.how.is_empty(), "{fault}");
        let line = fault.line.unwrap_or_else(|| panic!("no line: {fault}"));
        if path.starts_with("deadlines") || path.starts_with("seal[0]") {
            assert_eq!(line, good[..place].matches('\n').count() + 1, "{fault}");
        }
    }
}

#[test]
fn procedures_must_cover_everybody_once() {
    let good = BUILT_IN[0].1;
    let nobody = good.replace(
        "applicants = [\"government\", \"institution\", \"other\"]",
        "applicants = [\"institution\", \"other\"]",
    );
    let fault = Profile::parse(&nobody).unwrap_err();
    assert!(fault.what.contains("government"), "{fault}");
    let twice = good.replacen("applicants = [\"society\"]", "applicants = [\"society\", \"other\"]", 1);
    let fault = Profile::parse(&twice).unwrap_err();
    assert!(fault.what.contains("two procedures"), "{fault}");
}

#[test]
fn what_toml_or_the_shape_refuse_is_told_with_the_line() {
    let good = BUILT_IN[0].1;
    let cases = [
        ("version = 1", "version = 1\nvresion = 2", "unknown field"),
        ("version = 1", "version = \"one\"", "invalid type"),
        ("version = 1", "", "missing field"),
        ("version = 1", "version = ", ""),
        ("kind = \"legal_name\"", "kind = \"royal\"", "unknown variant"),
        ("kind = \"unit_identity\"", "kind = \"horoscope\"", "unknown variant"),
        ("filing_hours = 24", "filing_hours = -24", "invalid value"),
        ("holidays = []", "holidays = [\"2026-02-30\"]", ""),
    ];
    for (from, to, says) in cases {
        let fault = Profile::parse(&good.replacen(from, to, 1)).unwrap_err();
        assert_eq!(fault.code(), "PROFILE_SYNTAX", "{fault}");
        assert!(fault.what.contains(says), "{fault}");
        assert!(fault.line.is_some(), "{fault}");
    }
}

#[test]
fn hostile_files_are_refused_by_size_and_depth() {
    let large = format!("{}\n# {}", BUILT_IN[0].1, "x".repeat(MAX_BYTES));
    assert_eq!(Profile::parse(&large).unwrap_err().code(), "PROFILE_TOO_LARGE");
    let deep = format!("id = {}", "[".repeat(100_000));
    assert_eq!(Profile::parse(&deep).unwrap_err().code(), "PROFILE_SYNTAX");
    let many = BUILT_IN[0].1.replace("\"imprint\",", &"\"imprint\",".repeat(600));
    assert_eq!(Profile::parse(&many).unwrap_err().code(), "PROFILE_VALUE");
}

#[test]
fn all_effects_of_suspension_may_be_chosen_nationally() {
    let effects = profile("national").suspension.effects.clone();
    assert!(
        effects.contains(&SuspensionEffect::BlockSigning)
            && effects.contains(&SuspensionEffect::PublishStatus)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Lines of the profile taken out or put twice: read or refused, never a panic, and never a profile that offers a
    /// procedure without the materials the measures ask for.
    #[test]
    fn a_mangled_profile_is_refused_or_still_keeps_the_law(drop in 0usize..600, double in 0usize..600) {
        let lines: Vec<&str> = BUILT_IN[2].1.lines().collect();
        let mut text = String::new();
        for (i, line) in lines.iter().enumerate() {
            if i != drop % lines.len() {
                text.push_str(line);
                text.push('\n');
            }
            if i == double % lines.len() {
                text.push_str(line);
                text.push('\n');
            }
        }
        if let Ok(profile) = Profile::parse(&text) {
            for procedure in profile.procedures_offered() {
                prop_assert!(procedure.requires(MaterialKind::UnitIdentity));
                prop_assert!(!procedure.physical_first || procedure.requires(MaterialKind::PhysicalSealRecord));
            }
        }
    }
}
