//! What RFC 5280 §6.1 asks of every certificate on a path besides signatures and dates.

use yinxin_crypto::{PublicKey, SignatureAlgorithm};
use yinxin_formats::x509::{Certificate, GeneralName, Name};

use crate::report::{Text, text};

/// Most comparisons of names with constraints for one certificate; hostile certificates may carry thousands of each.
const MAX_NAME_COMPARISONS: usize = 100_000;

/// Checks a path, leaf first, anchor last.
pub(super) fn check(path: &[&Certificate]) -> Result<(), Text> {
    for (depth, cert) in path.iter().enumerate() {
        let is_anchor = depth + 1 == path.len();
        readable(cert)?;
        if !is_anchor || depth == 0 {
            critical(cert)?;
        }
        if !is_anchor {
            strength(cert)?;
        }
        if depth > 0 {
            authority(cert, path.get(1..depth).unwrap_or_default())?;
            names(cert, path.get(..depth).unwrap_or_default())?;
        }
    }
    Ok(())
}

/// Extensions this code knows must at least be well-formed.
fn readable(cert: &Certificate) -> Result<(), Text> {
    let all = [
        cert.basic_constraints().err(),
        cert.key_usage().err(),
        cert.extended_key_usage().err(),
        cert.name_constraints().err(),
    ];
    match all.into_iter().flatten().next() {
        None => Ok(()),
        Some(e) => Err(text(
            format!("证书“{}”的扩展无法解析：{e}", cert.subject),
            format!("an extension of certificate \"{}\" cannot be read: {e}", cert.subject),
        )),
    }
}

fn critical(cert: &Certificate) -> Result<(), Text> {
    match cert.unknown_critical().first() {
        None => Ok(()),
        Some(oid) => Err(text(
            format!("证书“{}”含有不理解的关键扩展 {oid}", cert.subject),
            format!(
                "certificate \"{}\" carries critical extension {oid}, which is not understood",
                cert.subject
            ),
        )),
    }
}

/// The algorithm a certificate is signed with and the length of its key.
fn strength(cert: &Certificate) -> Result<(), Text> {
    let name = &cert.subject;
    match cert.algorithm() {
        None => {
            return Err(text(
                format!("证书“{name}”的签名算法 {} 不受支持", cert.signature_algorithm),
                format!("certificate \"{name}\" uses unsupported algorithm {}", cert.signature_algorithm),
            ));
        }
        Some(SignatureAlgorithm::RsaPkcs1Sha1) => {
            return Err(text(
                format!("证书“{name}”用 SHA-1 签发，已不安全"),
                format!("certificate \"{name}\" is signed with SHA-1, which is broken"),
            ));
        }
        Some(_) => {}
    }
    match cert.public_key() {
        Ok(PublicKey::Rsa(key)) if key.bits() < 2048 => Err(text(
            format!("证书“{name}”的 RSA 密钥只有 {} 位", key.bits()),
            format!("the RSA key of certificate \"{name}\" has only {} bits", key.bits()),
        )),
        Ok(_) => Ok(()),
        Err(e) => Err(text(
            format!("证书“{name}”的公钥无法使用：{e}"),
            format!("the public key of certificate \"{name}\" cannot be used: {e}"),
        )),
    }
}

/// A certificate that issued another one must be a CA with room below it.
fn authority(cert: &Certificate, between: &[&Certificate]) -> Result<(), Text> {
    let name = &cert.subject;
    let bc = cert.basic_constraints().ok().flatten();
    let is_ca = bc.as_ref().is_some_and(|b| b.ca);
    if !is_ca {
        return Err(text(
            format!("“{name}”不是证书机构，却签发了下级证书"),
            format!("\"{name}\" is not a CA but issued a certificate"),
        ));
    }
    if let Ok(Some(ku)) = cert.key_usage()
        && !ku.key_cert_sign()
    {
        return Err(text(
            format!("“{name}”的密钥用途不允许签发证书"),
            format!("the key usage of \"{name}\" does not allow it to issue certificates"),
        ));
    }
    // Self-issued certificates do not count (RFC 5280 §6.1.4 l).
    let below = between.iter().filter(|c| !c.is_self_issued()).count() as u64;
    if let Some(max) = bc.and_then(|b| b.path_len)
        && below > max
    {
        return Err(text(
            format!("“{name}”只允许 {max} 级下级机构，实际有 {below} 级"),
            format!("\"{name}\" allows {max} levels of CAs below it, here are {below}"),
        ));
    }
    Ok(())
}

/// Name constraints of `ca` on everything below it.
fn names(ca: &Certificate, below: &[&Certificate]) -> Result<(), Text> {
    let Ok(Some(nc)) = ca.name_constraints() else { return Ok(()) };
    let rules = nc.permitted.len() + nc.excluded.len();
    for (depth, cert) in below.iter().enumerate() {
        // Self-issued certificates are exempt unless they are the leaf (RFC 5280 §6.1.3 b).
        if depth > 0 && cert.is_self_issued() {
            continue;
        }
        let mut subjects = cert.subject_alt_names().unwrap_or_default();
        if !cert.subject.is_empty() {
            subjects.push(GeneralName::Directory(cert.subject.clone()));
        }
        if rules.saturating_mul(subjects.len()) > MAX_NAME_COMPARISONS {
            return Err(text(
                format!("“{}”的名称限制过多，无法逐一比较", ca.subject),
                format!("\"{}\" has too many name constraints to compare", ca.subject),
            ));
        }
        for name in &subjects {
            let excluded = nc.excluded.iter().any(|c| within(name, c) != Some(false) && same_kind(name, c));
            let relevant: Vec<_> = nc.permitted.iter().filter(|c| same_kind(name, c)).collect();
            let permitted = relevant.is_empty() || relevant.iter().any(|c| within(name, c) == Some(true));
            if excluded || !permitted {
                return Err(text(
                    format!("“{}”的名称限制不允许证书“{}”", ca.subject, cert.subject),
                    format!(
                        "name constraints of \"{}\" do not allow certificate \"{}\"",
                        ca.subject, cert.subject
                    ),
                ));
            }
        }
    }
    Ok(())
}

fn same_kind(a: &GeneralName, b: &GeneralName) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

/// Whether a name lies in a constraint; `None` where the kind cannot be compared (then it counts against the name).
fn within(name: &GeneralName, constraint: &GeneralName) -> Option<bool> {
    match (name, constraint) {
        (GeneralName::Directory(n), GeneralName::Directory(c)) => Some(directory_within(n, c)),
        (GeneralName::Dns(n), GeneralName::Dns(c)) => {
            let (n, c) = (n.to_ascii_lowercase(), c.to_ascii_lowercase());
            Some(c.is_empty() || n == c || n.ends_with(&format!(".{}", c.trim_start_matches('.'))))
        }
        (GeneralName::Rfc822(n), GeneralName::Rfc822(c)) => {
            let (n, c) = (n.to_ascii_lowercase(), c.to_ascii_lowercase());
            let host = n.rsplit('@').next().unwrap_or_default();
            Some(match c.strip_prefix('.') {
                Some(domain) => host.ends_with(&format!(".{domain}")),
                None if c.contains('@') => n == c,
                None => host == c,
            })
        }
        _ => None,
    }
}

/// Whether every leading RDN of the constraint stands at the front of the name.
fn directory_within(name: &Name, constraint: &Name) -> bool {
    name.is_within(constraint)
}
