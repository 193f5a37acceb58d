//! An OFD document: the package, its list of signatures, and each signature with what it protects.

use std::collections::HashMap;
use std::io::{Read, Seek};

use yinxin_ofd::{
    Anomaly, Document, DocumentRoot, OfdError, Package, Page, Reachability, Severity, SignatureKind,
    SignatureList, SignatureRecord, SignatureXml, references,
};

use super::coverage::{self, Covered};
use super::value::{Value, parse_value, trailing};
use super::{VerifyOptions, deviations, people, ses, signed_data, status};
use crate::report::{Check, Outcome, SignatureReport, Verdict, text};
use crate::trust::Evaluator;

/// Most signatures looked at in one document.
const MAX_SIGNATURES: usize = 500;
/// Most bytes of signature files held at once.
const MAX_DESCRIPTIONS: u64 = 64 << 20;

/// A document whose structure was judged and whose signatures were found; nothing is said of them yet.
pub(super) struct Opened<R> {
    package: Package<R>,
    checks: Vec<Check>,
    scene: Scene,
    found: Vec<Found>,
}

/// Opens a document; the checks that say why, where it cannot be.
pub(super) fn open<R: Read + Seek>(input: R, options: &VerifyOptions) -> Result<Opened<R>, Vec<Check>> {
    let mut checks = Vec::new();
    let mut package = Package::open(input, &options.ofd_limits).map_err(|e| vec![unreadable(&e)])?;
    checks.extend(container(package.anomalies()));
    let document = match Document::load(&mut package) {
        Ok(d) => d,
        Err(e) => {
            let t = text(format!("文档入口 OFD.xml 无法读取：{e}"), format!("OFD.xml cannot be read: {e}"));
            checks.push(Check::new("DOCUMENT_STRUCTURE", Outcome::Fail, t).with("error", e.code()));
            return Err(checks);
        }
    };
    let reach = references(&mut package, &document);
    let roots = document.bodies.iter().filter_map(|b| DocumentRoot::load(&mut package, &b.doc_root).ok());
    let pages: Vec<Page> = roots.flat_map(|r| r.pages).collect();
    checks.extend(structure(&document.notes, &reach));
    let lists = load_lists(&mut package, &document, &mut checks);
    let found = load_signatures(&mut package, &lists, &mut checks);
    let owners = coverage::owners(&found);
    checks.extend(coverage::hidden_parts(&package, &lists, &found, &owners));
    let scene = Scene { reach, pages, owners };
    Ok(Opened { package, checks, scene, found })
}

impl<R: Read + Seek> Opened<R> {
    /// Hands on every signature value that can be read, in the order of the signatures.
    pub(super) fn values(&mut self, mut hand: impl FnMut(&[u8])) {
        for found in &self.found {
            let path = found.xml.as_ref().ok().and_then(|xml| xml.value_path.as_ref());
            if let Some(value) = path.and_then(|path| self.package.read(path).ok()) {
                hand(&value);
            }
        }
    }

    /// The checks on the whole, and the signatures.
    pub(super) fn judge(
        self,
        evaluator: &Evaluator<'_>,
        options: &VerifyOptions,
    ) -> (Vec<Check>, Vec<SignatureReport>) {
        let Self { mut package, mut checks, scene, found } = self;
        let mut unreadable = HashMap::new();
        let mut signatures = Vec::new();
        for i in 0..found.len() {
            signatures.push(judge(&mut package, &found, i, &scene, &mut unreadable, evaluator, options));
        }
        // Reading parts may have brought further findings (a wrong CRC, a bomb).
        let late: Vec<Anomaly> = package.anomalies().iter().filter(|a| late_finding(a)).cloned().collect();
        checks.extend(container(&late).into_iter().filter(|c| c.outcome == Outcome::Fail));
        let mut unique: Vec<Check> = Vec::new();
        for c in checks {
            if !unique.contains(&c) {
                unique.push(c);
            }
        }
        (unique, signatures)
    }
}

fn late_finding(a: &Anomaly) -> bool {
    a.code == "PACKAGE_CRC" || a.code == "PACKAGE_BOMB"
}

/// What the document names and shows.
struct Scene {
    reach: Reachability,
    pages: Vec<Page>,
    owners: coverage::Owners,
}

/// A signature as found in the package.
pub(super) struct Found {
    pub record: SignatureRecord,
    pub list_path: String,
    pub xml: Result<SignatureXml, Check>,
}

fn unreadable(e: &OfdError) -> Check {
    let t = text(
        format!("文件不是可读的 OFD 文件包：{e}"),
        format!("the file is not a readable OFD package: {e}"),
    );
    Check::new("CONTAINER", Outcome::Fail, t).with("error", e.code())
}

/// Findings on the package: the fatal ones fail, warnings warn, one pass if there are none.
fn container(findings: &[Anomaly]) -> Vec<Check> {
    let mut out = Vec::new();
    for (severity, outcome) in [(Severity::Fatal, Outcome::Fail), (Severity::Warning, Outcome::Warn)] {
        let list: Vec<&Anomaly> = findings.iter().filter(|a| a.severity == severity).collect();
        let Some(first) = list.first() else { continue };
        let place = |a: &Anomaly| a.path.clone().unwrap_or_default();
        let t = if severity == Severity::Fatal {
            text(
                format!(
                    "文件包可以被读成不同内容（{} {}），签名无从谈起",
                    anomaly_zh(first.code),
                    place(first)
                ),
                format!("the package can be read in different ways ({}: {})", first.code, first.detail),
            )
        } else {
            text(
                format!("文件包结构有异常：{} {}", anomaly_zh(first.code), place(first)),
                format!("the package is odd: {}", first.detail),
            )
        };
        let mut check = Check::new("CONTAINER", outcome, t);
        for a in list {
            check = check.with(a.code, format!("{} @{}: {}", place(a), a.offset, a.detail));
        }
        out.push(check);
    }
    if out.is_empty() {
        let t = text("文件包结构清楚，只有一种读法", "the package can be read in one way only");
        out.push(Check::new("CONTAINER", Outcome::Pass, t));
    }
    out
}

fn anomaly_zh(code: &str) -> &str {
    match code {
        "PACKAGE_DUPLICATE" => "同一路径有两份内容：",
        "PACKAGE_HEADER_MISMATCH" => "目录与本地头不一致：",
        "PACKAGE_HIDDEN_ENTRY" | "PACKAGE_AMBIGUOUS" => "存在目录之外的隐藏条目：",
        "PACKAGE_OVERLAP" => "条目互相重叠：",
        "PACKAGE_PATH_ESCAPE" => "路径逃出文件包：",
        "PACKAGE_NAME_VARIANT" => "有近似的路径名：",
        "PACKAGE_PREFIX" => "文件头之前有多余字节",
        "PACKAGE_CRC" => "数据校验不符：",
        "PACKAGE_BOMB" => "压缩比异常（压缩炸弹）：",
        other => other,
    }
}

/// One check for the findings of one weight: the fatal fail, the others warn.
fn findings(code: &'static str, all: &[&Anomaly], severity: Severity, zh: &str, en: &str) -> Option<Check> {
    let list: Vec<&&Anomaly> = all.iter().filter(|a| a.severity == severity).collect();
    let first = list.first()?;
    let outcome = if severity == Severity::Fatal { Outcome::Fail } else { Outcome::Warn };
    let t = text(format!("{zh}：{}", first.code), format!("{en}: {}", first.detail));
    let mut check = Check::new(code, outcome, t);
    for a in list.into_iter().take(50) {
        check = check.with(a.code, format!("{} {}", a.path.clone().unwrap_or_default(), a.detail));
    }
    Some(check)
}

fn structure(notes: &[Anomaly], reach: &Reachability) -> Vec<Check> {
    let all: Vec<&Anomaly> = notes.iter().chain(&reach.notes).collect();
    let mut out = Vec::new();
    for (severity, zh, en) in [
        (Severity::Fatal, "文档结构有歧义", "the document is ambiguous"),
        (Severity::Warning, "文档结构有异常", "the document is odd"),
    ] {
        out.extend(findings("DOCUMENT_STRUCTURE", &all, severity, zh, en));
    }
    let missing: Vec<_> = reach.missing.iter().filter(|m| m.shown).collect();
    if !missing.is_empty() {
        let t = text(
            format!("显示所需的 {} 个部件缺失", missing.len()),
            format!("{} parts needed for display are missing", missing.len()),
        );
        let mut c = Check::new("DOCUMENT_STRUCTURE", Outcome::Warn, t);
        for m in missing.iter().take(50) {
            c = c.with("missing", format!("{} ← {}", m.path, m.from));
        }
        out.push(c);
    }
    out
}

fn load_lists<R: Read + Seek>(
    package: &mut Package<R>,
    document: &Document,
    checks: &mut Vec<Check>,
) -> Vec<SignatureList> {
    let mut lists: Vec<SignatureList> = Vec::new();
    for path in document.bodies.iter().filter_map(|b| b.signatures.clone()) {
        if lists.iter().any(|l| l.path == path) {
            continue;
        }
        match SignatureList::load(package, &path) {
            Ok(list) => {
                let all: Vec<&Anomaly> = list.notes.iter().collect();
                for (severity, zh, en) in [
                    (Severity::Fatal, "签名列表有错误", "the list of signatures is faulty"),
                    (Severity::Warning, "签名列表有异常", "the list of signatures is odd"),
                ] {
                    checks.extend(findings("SIGNATURE_LIST", &all, severity, zh, en));
                }
                lists.push(list);
            }
            Err(e) => {
                let gone = !package.contains(&path);
                let t = if gone {
                    text(
                        format!("文档声明了签名列表 {path}，但它不在文件包中：签名可能被删除"),
                        format!(
                            "the document names the list of signatures {path}, which is gone: removed, perhaps"
                        ),
                    )
                } else {
                    text(
                        format!("签名列表 {path} 无法读取：{e}"),
                        format!("the list {path} cannot be read: {e}"),
                    )
                };
                checks.push(Check::new("SIGNATURE_LIST", Outcome::Fail, t).with("error", e.code()));
            }
        }
    }
    lists
}

fn load_signature<R: Read + Seek>(
    package: &mut Package<R>,
    list: &SignatureList,
    record: &SignatureRecord,
) -> Found {
    let fail = |zh: String, en: String| Err(Check::new("SIGNATURE_LIST", Outcome::Fail, text(zh, en)));
    let xml = match &record.path {
        None => fail(
            format!("签名记录的路径“{}”无法使用", record.base_loc),
            format!("the location \"{}\" of the record cannot be used", record.base_loc),
        ),
        Some(path) => match SignatureXml::load(package, path) {
            Ok(x) => Ok(x),
            Err(e) => fail(
                format!("签名文件 {path} 无法读取：{e}"),
                format!("signature file {path} cannot be read: {e}"),
            ),
        },
    };
    Found { record: record.clone(), list_path: list.path.clone(), xml }
}

/// Loads the signature files of all lists within the bounds on their number and size.
fn load_signatures<R: Read + Seek>(
    package: &mut Package<R>,
    lists: &[SignatureList],
    checks: &mut Vec<Check>,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut budget = MAX_DESCRIPTIONS;
    for list in lists {
        for record in &list.records {
            let size = record.path.as_ref().and_then(|p| package.entry(p)).map_or(0, |e| e.size);
            budget = budget.saturating_sub(size);
            if found.len() >= MAX_SIGNATURES || budget == 0 {
                let t = text(
                    "签名的数量或大小超出上限，未全部检查",
                    "more signatures, or larger ones, than are checked at once",
                );
                checks.push(Check::new("SIGNATURE_LIST", Outcome::Indeterminate, t));
                return found;
            }
            found.push(load_signature(package, list, record));
        }
    }
    found
}

fn judge<R: Read + Seek>(
    package: &mut Package<R>,
    found: &[Found],
    index: usize,
    scene: &Scene,
    unreadable: &mut HashMap<String, String>,
    evaluator: &Evaluator<'_>,
    options: &VerifyOptions,
) -> SignatureReport {
    let mut report = SignatureReport::begun(String::new());
    let Some(this) = found.get(index) else { return report };
    report.id = this.record.id.clone();
    let xml = match &this.xml {
        Ok(x) => x,
        Err(check) => {
            report.checks.push(check.clone());
            return report;
        }
    };
    let out = &mut report.checks;
    let met = evaluator.facts.remembered.met();
    let bytes = xml.value_path.as_ref().and_then(|p| package.read(p).ok());
    let value = parse_value(bytes.as_deref(), options, out);
    if let Some(check) = xml_notes(&xml.notes) {
        out.push(check);
    }
    match value {
        None => {
            if let Some(check) = coverage::digests(package, xml, unreadable, met) {
                out.push(check);
            }
        }
        Some(Value::Ses(sig)) => {
            report.format = people::version_word(sig.version);
            let mut summary = people::seal_summary(&sig.seal, &options.limits);
            summary.version = people::version_word(sig.seal.version).to_owned();
            report.seal = Some(summary);
            out.extend(deviations::check(&sig.deviations, 0));
            trailing(sig.trailing, sig.raw().len(), bytes.as_deref(), out);
            out.push(kind(this.record.kind, SignatureKind::Seal));
            let judged = ses::run(&sig, evaluator, &options.limits, out);
            out.extend(ses::shown_time(sig.time_info.at, xml.date_time.as_deref()));
            out.extend(coverage::data_hash(&sig, xml));
            out.extend(coverage::digests(package, xml, unreadable, met));
            out.push(coverage::seal_file(package, xml, &sig));
            let (stamps, check) = coverage::stamps(&scene.pages, xml);
            out.push(check);
            report.stamps = stamps;
            out.push(coverage::coverage(Covered {
                package,
                found,
                index,
                reach: &scene.reach,
                owners: &scene.owners,
            }));
            out.push(judged.timestamp);
            out.push(status::check(
                &sig.seal.es_id,
                Some(judged.time.moment),
                judged.time.proven,
                evaluator.facts,
            ));
            report.signer = judged.signer;
            report.signing_time = judged.time.known.then(|| judged.time.moment.to_string());
            report.time_source = judged.time.source();
        }
        Some(Value::Cms(cms)) => {
            report.format = signed_data::format_word(&cms);
            out.extend(deviations::check(cms.deviations(), 0));
            out.push(kind(this.record.kind, SignatureKind::Sign));
            let content = signed_data::Content {
                value: &mut |i, cert| signed_data::over_signature_xml(&cms, i, xml, cert),
                stated: xml.date_time.as_deref().and_then(signed_data::local_time),
            };
            let judged = signed_data::run(&cms, content, evaluator, &options.limits, out);
            out.extend(coverage::digests(package, xml, unreadable, met));
            out.push(coverage::coverage(Covered {
                package,
                found,
                index,
                reach: &scene.reach,
                owners: &scene.owners,
            }));
            out.push(judged.timestamp);
            report.signer = judged.signer;
            report.signing_time = judged.time.known.then(|| judged.time.moment.to_string());
            report.time_source = judged.time.source();
            report.stamps = coverage::stamps(&scene.pages, xml).0;
        }
    }
    report.verdict = Verdict::of(&report.checks);
    report
}

fn kind(stated: SignatureKind, actual: SignatureKind) -> Check {
    if stated == actual {
        let t = text(
            format!("列表声明的类型 {} 与内容一致", stated.as_str()),
            format!("the list says {}, and so it is", stated.as_str()),
        );
        return Check::new("SIGNATURE_TYPE", Outcome::Pass, t);
    }
    let t = text(
        format!("列表声明类型为 {}，签名值却是 {}", stated.as_str(), actual.as_str()),
        format!("the list says {}, but the value is of type {}", stated.as_str(), actual.as_str()),
    );
    Check::new("SIGNATURE_TYPE", Outcome::Fail, t)
}

/// Oddities of Signature.xml: fatal ones fail, the rest is named.
fn xml_notes(notes: &[Anomaly]) -> Option<Check> {
    let worst = notes.iter().map(|a| a.severity).max()?;
    let outcome = match worst {
        Severity::Fatal => Outcome::Fail,
        Severity::Warning => Outcome::Warn,
        Severity::Note => return None,
    };
    let first = notes.iter().find(|a| a.severity == worst)?;
    let t = text(
        format!("签名文件 Signature.xml 的写法有问题：{}", first.code),
        format!("Signature.xml is faulty: {}", first.detail),
    );
    let code = if outcome == Outcome::Fail { "FORMAT" } else { "DIALECT" };
    let mut c = Check::new(code, outcome, t);
    for a in notes.iter().filter(|a| a.severity != Severity::Note) {
        c = c.with(a.code, a.detail.clone());
    }
    Some(c)
}
