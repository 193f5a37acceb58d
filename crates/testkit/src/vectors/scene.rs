//! The people and files that the cases share.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock;
use crate::ofd::{OfdForge, SignForge};
use crate::pki::{Identity, Pki};
use crate::revocation::CrlForge;
use crate::seal::{Layout, SealForge};
use crate::signature::SignatureForge;
use crate::timestamp;

/// The fixture PKI and the trust files that cases name.
pub struct Scene {
    /// The PKI.
    pub pki: Pki,
    files: RefCell<BTreeMap<String, Vec<u8>>>,
}

impl Scene {
    /// Everybody, with the trust files of every family.
    pub fn new() -> Self {
        let pki = Pki::new();
        let files = BTreeMap::from([
            ("pki/root.cer".to_owned(), pki.root.der().to_vec()),
            ("pki/ca.cer".to_owned(), pki.ca.der().to_vec()),
            ("pki/root.crl".to_owned(), CrlForge::fresh(&pki.root).build()),
            ("pki/ca.crl".to_owned(), CrlForge::fresh(&pki.ca).build()),
        ]);
        Self { pki, files: RefCell::new(files) }
    }

    /// Adds a trust file and gives its path.
    pub fn file(&self, name: &str, bytes: Vec<u8>) -> String {
        let path = format!("pki/{name}");
        let old = self.files.borrow_mut().insert(path.clone(), bytes.clone());
        assert!(old.is_none_or(|o| o == bytes), "two files are called {path}");
        path
    }

    /// The trust files.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.borrow().clone()
    }

    /// A sound v4 seal of signer A.
    pub fn seal(&self) -> SealForge {
        self.seal_of(Layout::V4)
    }

    /// A sound seal of signer A.
    pub fn seal_of(&self, layout: Layout) -> SealForge {
        SealForge::new(layout, &self.pki, &[&self.pki.signer_a])
    }

    /// A sound signature by signer A.
    pub fn sign(&self, layout: Layout, seal: Vec<u8>) -> SignatureForge {
        SignatureForge::new(layout, seal, &self.pki.signer_a)
    }

    /// A signature part around a seal signature.
    pub fn part(&self, sign: SignatureForge) -> SignForge {
        let seal = sign.seal.clone();
        SignForge::seal(&seal, move |xml, path| sign.build(xml, path))
    }

    /// A sound v4 signature part.
    pub fn good(&self) -> SignForge {
        self.part(self.sign(Layout::V4, self.seal().build()))
    }

    /// A document with a seal and its signature changed.
    pub fn with(
        &self,
        seal: impl FnOnce(SealForge) -> SealForge,
        sign: impl FnOnce(SignatureForge) -> SignatureForge,
    ) -> OfdForge {
        self.with_of(Layout::V4, seal, sign)
    }

    /// The same in another layout.
    pub fn with_of(
        &self,
        layout: Layout,
        seal: impl FnOnce(SealForge) -> SealForge,
        sign: impl FnOnce(SignatureForge) -> SignatureForge,
    ) -> OfdForge {
        let seal = seal(self.seal_of(layout)).build();
        OfdForge::signed(vec![self.part(sign(self.sign(layout, seal)))])
    }

    /// A document signed by somebody whose certificate the seal lists.
    pub fn signed_by(&self, signer: &Identity, at: &str) -> OfdForge {
        let seal = SealForge::new(Layout::V4, &self.pki, &[signer]).build();
        let sign = SignatureForge::new(Layout::V4, seal, signer).at(at);
        OfdForge::signed(vec![self.part(sign)])
    }

    /// A sound v4 document.
    pub fn document(&self) -> OfdForge {
        OfdForge::signed(vec![self.good()])
    }

    /// A timestamp of the fixture's authority at a moment.
    pub fn stamp(&self, at: &str) -> impl Fn(&[u8]) -> Vec<u8> + Clone + 'static {
        let (tsa, time) = (Arc::new(self.pki.tsa.clone()), clock::at(at));
        move |value| timestamp::token(&tsa, value, time)
    }
}

impl Default for Scene {
    fn default() -> Self {
        Self::new()
    }
}
