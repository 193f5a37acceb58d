//! Other software accepts what we write. The tools must be there: a test without them fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code may fail loudly")]

mod forge;

use std::path::Path;
use std::process::Command;

use forge::{Zip, document, interop, open};
use yinxin_ofd::sample;
use yinxin_ofd::sign::{Edge, Mode, Placement, SealKind, SignRequest, prepare};

fn run(tool: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(tool).args(arguments).current_dir(folder).output().unwrap_or_else(|error| {
        panic!("{tool} cannot be run ({error}); install it: apt-get install -y unzip libxml2-utils")
    });
    assert!(
        output.status.success(),
        "{tool} {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// `unzip -t` over the package and `xmllint` over every XML part.
fn accepted(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("out.ofd"), bytes).unwrap();
    run("unzip", &["-tq", "out.ofd"], folder.path());
    let mut package = open(bytes.to_vec()).unwrap();
    let parts: Vec<String> = package.parts().map(|entry| entry.path.clone()).collect();
    let mut names = Vec::new();
    for (number, path) in parts.iter().filter(|path| path.ends_with(".xml")).enumerate() {
        let name = format!("{number}.xml");
        std::fs::write(folder.path().join(&name), package.read(path).unwrap()).unwrap();
        names.push(name);
    }
    let mut arguments = vec!["--noout", "--nonet"];
    arguments.extend(names.iter().map(String::as_str));
    run("xmllint", &arguments, folder.path());
}

fn sign(bytes: &[u8], request: &SignRequest) -> Vec<u8> {
    let mut package = open(bytes.to_vec()).unwrap();
    let mut out = Vec::new();
    prepare(&mut package, request)
        .unwrap()
        .embed(&mut package, &[7; 5000], &mut out, &mut |_, _| {})
        .unwrap();
    out
}

fn request() -> SignRequest {
    SignRequest::new(SealKind::Seal(vec![9; 17_000]), jiff::Timestamp::UNIX_EPOCH)
        .place(Placement::cross_page(Edge::Left, 40.0, 40.0))
        .place(Placement::on_page(1, 100.5, 200.25, 42.0, 42.0))
}

#[test]
fn unzip_and_xmllint_accept_samples_and_signed_packages() {
    let sample = sample::document(150, "示例市测试合同 <1> & \"2\"", &["第一条　本合同为样例。"; 60]);
    accepted(&sample);
    let mut first = request();
    first.placements.remove(0);
    let first = sign(&sample, &first);
    accepted(&first);
    let mut last = SignRequest::new(SealKind::Sign, jiff::Timestamp::UNIX_EPOCH);
    last.mode = Mode::Whole;
    accepted(&sign(&first, &last));
}

#[test]
fn unzip_accepts_taken_over_descriptors_and_zip64_entries() {
    let form = forge::Descriptor { signed: true, wide: false, wrong: false };
    let mut items = document();
    items[1] = items[1].clone().deflated().with(|one| one.descriptor = Some(form));
    items[2].zip64 = true;
    accepted(&sign(&Zip::of(items).build(), &request()));
}

#[test]
fn unzip_and_xmllint_accept_further_signatures_on_documents_of_others() {
    let Some(folder) = interop() else { return };
    for name in ["documents/p20.ofd", "documents/doc1File.ofd"] {
        accepted(&sign(&std::fs::read(folder.join(name)).unwrap(), &request()));
    }
    let mut single = request();
    single.placements.clear();
    for name in ["wild/dianju-v4.ofd", "clean/multi-v1-v4.ofd", "wild/ofdrw-2.4.0-v4.ofd"] {
        accepted(&sign(&std::fs::read(folder.join(name)).unwrap(), &single));
    }
}

#[test]
fn unzip_and_xmllint_accept_a_package_around_one_page() {
    let content = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Area><ofd:PhysicalBox>0 0 40 30\
                   </ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID=\"2\"/></ofd:Content></ofd:Page>";
    let package = yinxin_ofd::one_page(content, (40.0, 30.0), 2);
    assert_eq!(package, yinxin_ofd::one_page(content, (40.0, 30.0), 2));
    accepted(&package);
    let mut opened = open(package).unwrap();
    assert_eq!(opened.read("/Doc_0/Pages/Page_0/Content.xml").unwrap(), content.as_bytes());
    let document = String::from_utf8(opened.read("/Doc_0/Document.xml").unwrap()).unwrap();
    assert!(document.contains("<ofd:PhysicalBox>0 0 40 30</ofd:PhysicalBox>"), "{document}");
}
