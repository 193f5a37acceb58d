//! Checks of the procedures: complete for every applicant, none twice, and never short of what the measures ask.

use std::collections::BTreeSet;

use super::check::{fault, filled, unique};
use super::fault::ProfileFault;
use super::kind::{ApplicantKind, SealKind};
use super::rules::{MaterialKind, ProcedureRule, Rules, SealRule};

/// What every application has to prove (XA-15, XA-17, XA-18).
const ALWAYS: [MaterialKind; 4] = [
    MaterialKind::UnitIdentity,
    MaterialKind::PersonIdentity,
    MaterialKind::Imprint,
    MaterialKind::TruthStatement,
];

type Checked = Result<(), ProfileFault>;

pub(super) fn check(rules: &Rules) -> Checked {
    filled("procedure", rules.procedures.len())?;
    let mut offered = BTreeSet::new();
    for (i, procedure) in rules.procedures.iter().enumerate() {
        let path = format!("procedure[{i}]");
        lists(&path, procedure)?;
        materials(&path, rules, procedure)?;
        for seal in &procedure.seals {
            let rule = seal_rule(&path, rules, *seal)?;
            physical_first(&path, rules, procedure, rule)?;
            for applicant in &procedure.applicants {
                if !offered.insert((*applicant, *seal)) {
                    return Err(fault(
                        &path,
                        format!(
                            "{applicant} 申请 {seal} 有两个流程 / {applicant} has two procedures for {seal}"
                        ),
                        "合并为一个 / make them one",
                    ));
                }
                imprint_for(&path, rule, *applicant)?;
            }
        }
    }
    everybody(&offered)?;
    nothing_idle(rules)
}

fn lists(path: &str, procedure: &ProcedureRule) -> Checked {
    filled(&format!("{path}.applicants"), procedure.applicants.len())?;
    filled(&format!("{path}.seals"), procedure.seals.len())?;
    unique(&format!("{path}.applicants"), procedure.applicants.iter())?;
    unique(&format!("{path}.seals"), procedure.seals.iter())?;
    unique(&format!("{path}.required"), procedure.required.iter())?;
    unique(&format!("{path}.optional"), procedure.optional.iter())?;
    unique(&format!("{path}.skip"), procedure.skips.iter().map(|skip| skip.step))?;
    for (i, skip) in procedure.skips.iter().enumerate() {
        if !skip.step.may_be_skipped() {
            return Err(fault(
                format!("{path}.skip[{i}].step"),
                format!("步骤 {:?} 不得省略 / step {:?} may not be left out", skip.step, skip.step),
                "只可省略 originals / only originals may be",
            ));
        }
        if skip.because.zh.trim().is_empty() || skip.because.en.trim().is_empty() {
            return Err(fault(
                format!("{path}.skip[{i}].because"),
                "未说明理由 / the reason is missing",
                "写明中英文理由 / give it in both languages",
            ));
        }
    }
    Ok(())
}

fn materials(path: &str, rules: &Rules, procedure: &ProcedureRule) -> Checked {
    for (list, codes) in [("required", &procedure.required), ("optional", &procedure.optional)] {
        for (i, code) in codes.iter().enumerate() {
            if !rules.materials.iter().any(|material| material.code == *code) {
                return Err(fault(
                    format!("{path}.{list}[{i}]"),
                    format!("没有材料“{code}” / there is no material {code:?}"),
                    "用 [[material]] 中的代码 / use a code of a [[material]]",
                ));
            }
        }
    }
    if let Some(i) = procedure.optional.iter().position(|code| procedure.required.contains(code)) {
        return Err(fault(
            format!("{path}.optional[{i}]"),
            "同一材料既必需又可选 / the material is required and optional",
            "删去一处 / take one out",
        ));
    }
    match ALWAYS.into_iter().find(|kind| !requires(rules, procedure, *kind)) {
        None => Ok(()),
        Some(kind) => Err(fault(
            format!("{path}.required"),
            format!("缺少 {kind:?} 类材料 / no material of kind {kind:?} is required"),
            "加入该类材料的代码 / add the code of one",
        )),
    }
}

fn requires(rules: &Rules, procedure: &ProcedureRule, kind: MaterialKind) -> bool {
    rules
        .materials
        .iter()
        .any(|material| material.kind == kind && procedure.required.contains(&material.code))
}

fn seal_rule<'r>(path: &str, rules: &'r Rules, seal: SealKind) -> Result<&'r SealRule, ProfileFault> {
    rules.seals.iter().find(|rule| rule.kind == seal).ok_or_else(|| {
        fault(
            format!("{path}.seals"),
            format!("{seal} 不在允许的印章种类中 / {seal} is not among the seals allowed"),
            "为其写一节 [[seal]] / write a [[seal]] for it",
        )
    })
}

fn physical_first(path: &str, rules: &Rules, procedure: &ProcedureRule, seal: &SealRule) -> Checked {
    if !seal.physical_first || requires(rules, procedure, MaterialKind::PhysicalSealRecord) {
        return Ok(());
    }
    Err(fault(
        format!("{path}.required"),
        format!(
            "{} 须先刻实体印章，却不要求备案证明 / the physical seal of {} comes first and its record is not required",
            seal.kind, seal.kind
        ),
        "加入 physical_seal_record 类材料 / require a material of kind physical_seal_record",
    ))
}

fn imprint_for(path: &str, seal: &SealRule, applicant: ApplicantKind) -> Checked {
    if seal.imprints.iter().any(|size| size.applicants.is_empty() || size.applicants.contains(&applicant)) {
        return Ok(());
    }
    Err(fault(
        path,
        format!(
            "{applicant} 的 {} 没有印模尺寸 / no imprint size of {} fits {applicant}",
            seal.kind, seal.kind
        ),
        "在 [[seal.imprint]] 中加入 / add one to its [[seal.imprint]]",
    ))
}

fn everybody(offered: &BTreeSet<(ApplicantKind, SealKind)>) -> Checked {
    match ApplicantKind::ALL.into_iter().find(|kind| !offered.contains(&(*kind, SealKind::LegalName))) {
        None => Ok(()),
        Some(kind) => Err(fault(
            "procedure",
            format!("{kind} 没有法定名称章的流程 / {kind} has no procedure for the legal-name seal"),
            "为其加入流程 / add one",
        )),
    }
}

/// Materials and seals nobody uses are mistakes of the writer.
fn nothing_idle(rules: &Rules) -> Checked {
    for (i, material) in rules.materials.iter().enumerate() {
        let used = |rule: &ProcedureRule| {
            rule.required.contains(&material.code) || rule.optional.contains(&material.code)
        };
        if !rules.procedures.iter().any(used) {
            return Err(fault(
                format!("material[{i}].code"),
                format!("材料“{}”未被使用 / no procedure asks for {:?}", material.code, material.code),
                "删去或用于流程 / take it out or ask for it",
            ));
        }
    }
    for (i, seal) in rules.seals.iter().enumerate() {
        if !rules.procedures.iter().any(|rule| rule.seals.contains(&seal.kind)) {
            return Err(fault(
                format!("seal[{i}].kind"),
                format!("{} 没有流程 / {} has no procedure", seal.kind, seal.kind),
                "删去或加入流程 / take it out or add a procedure",
            ));
        }
    }
    Ok(())
}
