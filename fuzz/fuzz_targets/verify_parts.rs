//! Verifies a sound package whose signature parts are any bytes: what zip checksums keep plain mutation from reaching.
#![no_main]

#[path = "../store.rs"]
mod store;

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use store::store;
use yinxin_seal::{TrustFacts, VerifyOptions, verify};

const OFD: &str = r#"<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>"#;
const DOCUMENT: &str = r#"<?xml version="1.0"?><ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:MaxUnitID>1</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages/></ofd:Document>"#;
const SIGNATURES: &str = r#"<?xml version="1.0"?><ofd:Signatures xmlns:ofd="http://www.ofdspec.org/2016"><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/></ofd:Signatures>"#;
const SIGNATURE: &str = r#"<?xml version="1.0"?><ofd:Signature xmlns:ofd="http://www.ofdspec.org/2016"><ofd:SignedInfo><ofd:Provider ProviderName="p"/><ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod><ofd:SignatureDateTime>20261101000000Z</ofd:SignatureDateTime><ofd:References CheckMethod="1.2.156.10197.1.401"><ofd:Reference FileRef="/OFD.xml"><ofd:CheckValue>AAAA</ofd:CheckValue></ofd:Reference></ofd:References></ofd:SignedInfo><ofd:SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</ofd:SignedValue></ofd:Signature>"#;

fuzz_target!(|data: &[u8]| {
    // The first byte says which part the rest replaces.
    let Some((which, rest)) = data.split_first() else { return };
    let mut parts: [(&str, &[u8]); 5] = [
        ("Doc_0/Signs/Sign_0/SignedValue.dat", b"0"),
        ("Doc_0/Signs/Sign_0/Signature.xml", SIGNATURE.as_bytes()),
        ("Doc_0/Signs/Signatures.xml", SIGNATURES.as_bytes()),
        ("Doc_0/Document.xml", DOCUMENT.as_bytes()),
        ("OFD.xml", OFD.as_bytes()),
    ];
    // DER comes unmarked from the seeds: a SEQUENCE is taken whole as the value, markup as the description.
    let (index, content) = match which {
        0x30 => (0, data),
        b'<' => (1, data),
        other => (usize::from(*other) % parts.len(), rest),
    };
    if let Some(part) = parts.get_mut(index) {
        part.1 = content;
    }
    let options = VerifyOptions::at(jiff::Timestamp::UNIX_EPOCH);
    let _ = verify(Cursor::new(store(&parts)), &TrustFacts::default(), &options);
});
