//! Papers that the registry gives out are written to the folder and verified there.

use yinxin_formats::pem;
use yinxin_server::making::authority::Level;
use yinxin_server::proof::{ProofKind, ProofTrust, Statement, verify};

use super::tale::Tale;
use crate::failure::Failure;
use crate::files;

/// Writes a certificate of the authority and verifies what was written: signature, signer, kind, times.
pub fn proof(tale: &Tale<'_>, file: &str, der: &[u8], kind: ProofKind) -> Result<Statement, Failure> {
    tale.stage.write(file, der)?;
    let written = files::read(&tale.stage.path(file))?;
    let authority = &tale.host.app.authority;
    let (signers, facts) = (authority.as_approvers(), authority.trust());
    let trust = ProofTrust { signers: &signers, facts: &facts };
    let verified = verify(&written, kind, trust, tale.now());
    verified.map(|v| v.statement).map_err(|e| Failure::new(e.code(), format!("{file}: {e}")))
}

/// Writes a seal, with the certificates it is verified by, and a command that does so.
pub fn seal(tale: &Tale<'_>, file: &str, der: &[u8]) -> Result<(), Failure> {
    tale.stage.write(file, der)?;
    tale.stage.made(file, "印章数据", "the seal's data");
    tale.stage.try_it(&format!(
        "yinxin seal verify {} --trust {}",
        tale.stage.show(file),
        tale.stage.show("papers/trust")
    ));
    Ok(())
}

/// Writes what papers are verified by: the test authority's certificates and its revocation lists of today, and the certificate of the
/// authority in charge.
pub fn trust(tale: &Tale<'_>) -> Result<(), Failure> {
    for (level, name) in [(Level::Root, "root"), (Level::Issuing, "ca")] {
        let text = pem::encode("CERTIFICATE", tale.host.authority.certificate(level).raw());
        tale.stage.write(&format!("papers/trust/{name}.pem"), text.as_bytes())?;
        let subject = &tale.host.authority.certificate(level).subject;
        for list in tale.host.app.authority.trust().crls.iter().filter(|list| list.issuer == *subject) {
            tale.stage.write(&format!("papers/trust/{name}.crl"), list.raw())?;
        }
    }
    let own = pem::encode("CERTIFICATE", tale.host.app.authority.signing().certificate.raw());
    tale.stage.write("papers/authority.pem", own.as_bytes())
}
