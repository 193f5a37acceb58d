//! What a signature protects in its document: digests, the seal file, places, and what is left open.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use yinxin_crypto::{DEFAULT_USER_ID, DigestMemory, PublicKey, sm3};
use yinxin_formats::ses::SesSignature;
use yinxin_ofd::{OfdError, Package, Page, Reachability, SignatureList, SignatureXml};

use super::ofd::Found;
use crate::report::{Check, Outcome, Stamp, text};

/// dataHash against the received bytes of Signature.xml, and propertyInfo against its path.
pub(super) fn data_hash(sig: &SesSignature, xml: &SignatureXml) -> Vec<Check> {
    let mut out = Vec::new();
    if sig.data_hash != sm3(&xml.raw) {
        let with_z = hash_with_z(sig, &xml.raw).is_some_and(|e| sig.data_hash == e);
        let check = if with_z {
            let t = text(
                "签名文件的摘要混入了 SM2 的 Z 值（厂商习惯），内容相符",
                "the digest of Signature.xml was made with SM2's Z mixed in (a vendor's habit); the content fits",
            );
            Check::new("DIALECT", Outcome::Warn, t).with("DATA_HASH_WITH_Z", xml.path.clone())
        } else {
            let t = text(
                format!("签名文件 {} 在签章后被改动，或签名值取自别处", xml.path),
                format!("{} was changed after signing, or the value belongs to another document", xml.path),
            );
            Check::new("DOCUMENT_MODIFIED", Outcome::Fail, t)
                .with("part", xml.path.clone())
                .with("signed", hex::encode(&sig.data_hash))
                .with("actual", hex::encode(sm3(&xml.raw)))
        };
        out.push(check);
    }
    let stated = sig.property_info.trim();
    let same = yinxin_ofd::normalize(stated).is_ok_and(|p| p == xml.path);
    if !same {
        let t = text(
            "签章数据的原文属性与签名文件路径不同（厂商写法）",
            "propertyInfo is not the path of Signature.xml (a vendor's habit)",
        );
        out.push(
            Check::new("DIALECT", Outcome::Warn, t)
                .with("PROPERTY_INFO_NOT_PATH", stated.chars().take(200).collect::<String>()),
        );
    }
    out
}

fn hash_with_z(sig: &SesSignature, bytes: &[u8]) -> Option<[u8; 32]> {
    let cert = yinxin_formats::x509::Certificate::parse(&sig.signer_cert, &Default::default()).ok()?;
    let key = cert.public_key().ok()?;
    matches!(key, PublicKey::Sm2(_)).then(|| key.sm2_message_digest(DEFAULT_USER_ID, bytes).ok()).flatten()
}

/// Every Reference against the part it names. `None` where there is no SignedInfo to check.
pub(super) fn digests<R: Read + Seek>(
    package: &mut Package<R>,
    xml: &SignatureXml,
    unreadable: &mut HashMap<String, String>,
    met: &DigestMemory,
) -> Option<Check> {
    // Seals come again and again. What else was met before is nobody's business.
    let none = DigestMemory::default();
    if let Some(c) = check_method(xml.check_method.as_deref()) {
        return Some(c);
    }
    let fail = |zh: String, en: String| Check::new("DOCUMENT_MODIFIED", Outcome::Fail, text(zh, en));
    if xml.references.is_empty() {
        return Some(fail(
            "签名没有保护任何部件".to_owned(),
            "the signature protects nothing: it lists no parts".to_owned(),
        ));
    }
    let mut bad: Vec<(&'static str, String)> = Vec::new();
    for r in &xml.references {
        let Some(path) = &r.path else {
            bad.push(("unusable", r.file_ref.clone()));
            continue;
        };
        // A part that cannot be read is not inflated again for every reference to it.
        if let Some(e) = unreadable.get(path) {
            bad.push(("unreadable", format!("{path}: {e}")));
            continue;
        }
        let met = if xml.seal_path.as_ref() == Some(path) { met } else { &none };
        match package.sm3_with(path, met) {
            Ok(actual) if actual.as_slice() == r.check_value.as_slice() => {}
            Ok(actual) => bad.push((
                "changed",
                format!("{path} (signed {}, actual {})", hex::encode(&r.check_value), hex::encode(actual)),
            )),
            Err(OfdError::NoSuchPart { .. }) => bad.push(("missing", path.clone())),
            Err(e) => {
                bad.push(("unreadable", format!("{path}: {e}")));
                unreadable.insert(path.clone(), e.to_string());
            }
        }
    }
    let Some((what, first)) = bad.first() else {
        let t = text(
            format!("受保护的 {} 个部件与签章时一致", xml.references.len()),
            format!("all {} protected parts are as they were signed", xml.references.len()),
        );
        return Some(Check::new("DOCUMENT_MODIFIED", Outcome::Pass, t));
    };
    let name = first.split(" (").next().unwrap_or(first).to_owned();
    let (zh, en) = match *what {
        "changed" => ("在签章后被改动", "was changed after signing"),
        "missing" => ("在签章后被删除", "was removed after signing"),
        "unusable" => ("的路径无法使用", "is no usable location"),
        _ => ("无法读取", "cannot be read"),
    };
    let more = bad.len() - 1;
    let mut check = if more == 0 {
        fail(format!("部件 {name} {zh}"), format!("part {name} {en}"))
    } else {
        fail(format!("部件 {name} {zh}，另有 {more} 处不符"), format!("part {name} {en}, and {more} more"))
    };
    for (what, detail) in bad.into_iter().take(100) {
        check = check.with(what, detail);
    }
    Some(check)
}

/// The digest named by CheckMethod must be SM3; GB/T 33190 would default to MD5, which protects nothing.
pub(crate) fn check_method(method: Option<&str>) -> Option<Check> {
    let m = method.map(str::trim).unwrap_or_default();
    if m == "1.2.156.10197.1.401" || m.eq_ignore_ascii_case("SM3") || m == "1.2.156.10197.1.401.1" {
        return None;
    }
    let broken = m.is_empty() || m.eq_ignore_ascii_case("MD5") || m.eq_ignore_ascii_case("SHA1");
    let t = if broken {
        text(
            format!("文档摘要算法“{m}”已不安全（未写明时按标准为 MD5），不能证明文档未被改动"),
            format!("digest method \"{m}\" is broken (none means MD5): it proves nothing about the document"),
        )
    } else {
        text(format!("不支持的摘要算法“{m}”"), format!("digest method \"{m}\" is not supported"))
    };
    let outcome = if broken { Outcome::Fail } else { Outcome::Indeterminate };
    Some(Check::new("CHECK_METHOD", outcome, t))
}

/// Seal.esl, where the document stores it, must be the seal inside the value.
pub(super) fn seal_file<R: Read + Seek>(
    package: &mut Package<R>,
    xml: &SignatureXml,
    sig: &SesSignature,
) -> Check {
    let check = |outcome, zh: String, en: String| Check::new("SEAL_FILE_MISMATCH", outcome, text(zh, en));
    let Some(path) = &xml.seal_path else {
        return check(
            Outcome::NotRun,
            "文件包中没有单独的印章文件".to_owned(),
            "the package holds no seal file of its own".to_owned(),
        );
    };
    match package.read(path) {
        Ok(bytes) if bytes == sig.seal_raw() => check(
            Outcome::Pass,
            format!("{path} 与签章内的印章相同"),
            format!("{path} equals the seal inside the signature"),
        ),
        Ok(_) => check(
            Outcome::Fail,
            format!("{path} 不是签章内的那枚印章：显示的印章被替换"),
            format!("{path} is not the seal inside the signature: the displayed seal was replaced"),
        ),
        Err(OfdError::NoSuchPart { .. }) => check(
            Outcome::Warn,
            format!("签名文件声明的印章 {path} 不在文件包中"),
            format!("seal file {path} is named but absent"),
        ),
        Err(e) => {
            check(Outcome::Fail, format!("{path} 无法读取：{e}"), format!("{path} cannot be read: {e}"))
        }
    }
}

/// The declared places of the seal.
pub(super) fn stamps(pages: &[Page], xml: &SignatureXml) -> (Vec<Stamp>, Check) {
    let mut out = Vec::new();
    let mut lost = Vec::new();
    for s in &xml.stamps {
        let page = pages.iter().position(|p| p.id == s.page_ref).map_or(0, |i| i + 1);
        if page == 0 || s.boundary.is_none() {
            lost.push(format!("{} → PageRef {}", s.id, s.page_ref));
        }
        out.push(Stamp {
            page,
            boundary: s.boundary.map_or_else(String::new, |b| b.to_string()),
            clip: s.clip.map(|c| c.to_string()),
        });
    }
    if lost.is_empty() {
        let t = if out.is_empty() {
            text("签章没有可见的印章外观", "the signature shows no seal on any page")
        } else {
            text(format!("印章显示于 {} 处", out.len()), format!("the seal is shown in {} places", out.len()))
        };
        return (out, Check::new("STAMP", Outcome::Pass, t));
    }
    let t = text(
        "有印章外观指向不存在的页面或位置无法读取",
        "a place of the seal cannot be read or names no page",
    );
    let mut check = Check::new("STAMP", Outcome::Warn, t);
    for l in lost.into_iter().take(50) {
        check = check.with("stamp", l);
    }
    (out, check)
}

/// What the coverage of one signature is computed from.
pub(super) struct Covered<'a, R> {
    pub package: &'a Package<R>,
    pub found: &'a [Found],
    pub index: usize,
    pub reach: &'a Reachability,
    pub owners: &'a Owners,
}

/// Which signatures a part belongs to: its description, its value, its seal.
pub(super) type Owners = HashMap<String, Vec<usize>>;

/// Works out the owners once, however many parts are asked for.
pub(super) fn owners(found: &[Found]) -> Owners {
    let mut out = Owners::new();
    for (i, f) in found.iter().enumerate() {
        let Ok(x) = &f.xml else { continue };
        for path in [Some(&x.path), x.value_path.as_ref(), x.seal_path.as_ref()].into_iter().flatten() {
            out.entry(path.clone()).or_default().push(i);
        }
    }
    out
}

/// Which parts this signature leaves unprotected and whether anything shown depends on them.
pub(super) fn coverage<R: Read + Seek>(c: Covered<'_, R>) -> Check {
    let this = c.found.get(c.index);
    let Some((this, xml)) = this.and_then(|f| f.xml.as_ref().ok().map(|x| (f, x))) else {
        return Check::new("COVERAGE", Outcome::NotRun, text("无法判断", "cannot be judged"));
    };
    let listed: HashSet<&str> = xml.references.iter().filter_map(|r| r.path.as_deref()).collect();
    let mut shown = Vec::new();
    let mut other = Vec::new();
    for entry in c.package.parts() {
        let path = entry.path.as_str();
        if listed.contains(path) || own_part(path, this, xml) || part_of_another(path, c.owners, c.index) {
            continue;
        }
        match c.reach.parts.get(path) {
            Some(u) if u.shown => shown.push(format!("{path} ← {}", u.from)),
            Some(u) => other.push(format!("{path} ← {}", u.from)),
            // The walk over the document stopped at a limit: nothing is known of what it did not reach.
            None if c.reach.truncated => shown.push(format!("{path} (document too large to follow)")),
            None => other.push(format!("{path} (named by nothing)")),
        }
    }
    let t = match (shown.is_empty(), other.is_empty()) {
        (true, true) => {
            let t = text(
                "文件包中的所有部件都受这个签名保护",
                "every part of the package is protected by this signature",
            );
            return Check::new("COVERAGE", Outcome::Pass, t);
        }
        (true, false) => text(
            format!("有 {} 个部件不受保护，但显示的内容不依赖它们", other.len()),
            format!("{} parts are not protected, but nothing shown depends on them", other.len()),
        ),
        (false, _) => text(
            format!("显示的内容依赖 {} 个不受保护的部件，它们可能在签章前后被任何人改动", shown.len()),
            format!(
                "what is shown depends on {} unprotected parts, which anyone may have changed",
                shown.len()
            ),
        ),
    };
    let outcome = if shown.is_empty() { Outcome::Warn } else { Outcome::Indeterminate };
    let mut check = Check::new("COVERAGE", outcome, t);
    for s in shown.into_iter().take(100) {
        check = check.with("shown", s);
    }
    for s in other.into_iter().take(100) {
        check = check.with("not shown", s);
    }
    check
}

/// The list, Signature.xml and the value of the signature itself cannot list themselves.
fn own_part(path: &str, this: &Found, xml: &SignatureXml) -> bool {
    path == this.list_path || path == xml.path || xml.value_path.as_deref() == Some(path)
}

/// Parts of another signature in the list, which protects itself.
fn part_of_another(path: &str, owners: &Owners, index: usize) -> bool {
    owners.get(path).is_some_and(|list| list.iter().any(|i| *i != index))
}

/// Parts that look like a signature but belong to none in the lists.
pub(super) fn hidden_parts<R: Read + Seek>(
    package: &Package<R>,
    lists: &[SignatureList],
    found: &[Found],
    owners: &Owners,
) -> Option<Check> {
    let recorded: HashSet<&str> = lists
        .iter()
        .map(|l| l.path.as_str())
        .chain(found.iter().filter_map(|f| f.record.path.as_deref()))
        .collect();
    let known = |path: &str| recorded.contains(path) || owners.contains_key(path);
    let looks = |path: &str| {
        let p = path.to_ascii_lowercase();
        ["/signature.xml", "/signedvalue.dat", "/signvalue.dat", "/signatures.xml", "/seal.esl"]
            .iter()
            .any(|s| p.ends_with(s))
    };
    let hidden: Vec<&str> =
        package.parts().map(|e| e.path.as_str()).filter(|p| looks(p) && !known(p)).collect();
    if hidden.is_empty() {
        return None;
    }
    let t = text(
        format!("文件包里有 {} 个签名部件不在签名列表中，可能有签名被摘除", hidden.len()),
        format!("{} signature parts are in no list: a signature may have been taken out", hidden.len()),
    );
    let mut check = Check::new("HIDDEN_SIGNATURE", Outcome::Warn, t);
    for h in hidden.iter().take(50) {
        check = check.with("part", (*h).to_owned());
    }
    Some(check)
}
