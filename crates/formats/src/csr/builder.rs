//! Writing of requests.

use yinxin_crypto::SigningKey;

use crate::cms::Attribute;
use crate::der::{Tag, write};
use crate::oids;
use crate::x509::{BuildError, Extension, Name, check_unique, encode_extensions, sign_structure};

/// A request to be made.
#[derive(Debug, Clone)]
pub struct CsrBuilder {
    subject: Name,
    extensions: Vec<Extension>,
}

impl CsrBuilder {
    /// A request for a certificate that names `subject`.
    pub fn new(subject: Name) -> Self {
        Self { subject, extensions: Vec::new() }
    }

    /// Asks for an extension.
    #[must_use]
    pub fn extension(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Signs with the key to be certified; returns the request as DER.
    pub fn sign(&self, key: &dyn SigningKey) -> Result<Vec<u8>, BuildError> {
        check_unique(&self.extensions)?;
        let mut attributes = Vec::new();
        if !self.extensions.is_empty() {
            let value = encode_extensions(&self.extensions);
            attributes = Attribute::new(oids::ATTR_EXTENSION_REQUEST, value).to_der();
        }
        let tbs = write::sequence(&[
            &write::small(0),
            self.subject.raw(),
            &key.public_key().spki_der(),
            &write::tlv(Tag::context(0), &attributes),
        ]);
        Ok(sign_structure(&tbs, key)?)
    }
}
