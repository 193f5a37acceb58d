//! Reads any bytes as OFD.xml, as a list of signatures and as the description of one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yinxin_ofd::{Document, Limits, SignatureList, SignatureXml};

fuzz_target!(|data: &[u8]| {
    let limits = Limits::default();
    let _ = Document::parse(data.to_vec(), &limits, &|_| true);
    let _ = SignatureList::parse("/Doc_0/Signs/Signatures.xml", data.to_vec(), &limits, &|_| true);
    let _ = SignatureXml::parse("/Doc_0/Signs/Sign_0/Signature.xml", data.to_vec(), &limits, &|_| true);
});
