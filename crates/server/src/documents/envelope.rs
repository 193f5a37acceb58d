//! Encrypted form of a document.
//!
//! ```text
//! magic        8   "YXDOC" 0 0 1
//! key number   4   big endian
//! size         8   of the content in bytes, big endian
//! salt        32   random
//! chunks           64 KiB of content each (the last one shorter, possibly empty), SM4-GCM, 16-byte tag after each
//! ```
//! The key of one object is the first half of HMAC-SM3(document key, label ‖ header ‖ digest), so no two objects share one
//! and the nonce is simply the chunk's index. Additional data is header ‖ digest ‖ index ‖ 1 for the last chunk else 0:
//! chunks cannot be altered, dropped, repeated, moved, or taken into another object.

use yinxin_crypto::sm4::{NONCE_LEN, TAG_LEN, gcm_decrypt_onto, gcm_encrypt_onto};
use yinxin_crypto::{Sm3, hmac_sm3};
use zeroize::Zeroizing;

use super::keys::KEY_LEN;
use super::{Content, Digest, DocumentError, DocumentKeys};

const MAGIC: [u8; 8] = *b"YXDOC\0\0\x01";
const LABEL: &[u8] = b"yinxin document object key v1";
/// Content bytes of a whole chunk.
pub(super) const CHUNK: usize = 64 * 1024;
/// Bytes before the first chunk.
pub(super) const HEADER: usize = 52;
/// Bytes of the salt.
pub(super) const SALT: usize = 32;

/// Header as read.
struct Header {
    bytes: [u8; HEADER],
    key_number: u32,
    size: u64,
}

impl Header {
    fn new(key_number: u32, size: u64, salt: &[u8; SALT]) -> Self {
        let parts = [&MAGIC[..], &key_number.to_be_bytes(), &size.to_be_bytes(), salt];
        let mut bytes = [0; HEADER];
        for (to, from) in bytes.iter_mut().zip(parts.iter().flat_map(|part| part.iter())) {
            *to = *from;
        }
        Self { bytes, key_number, size }
    }

    fn parse(bytes: &[u8; HEADER]) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk::<8>()?;
        let (number, rest) = rest.split_first_chunk::<4>()?;
        let (size, _) = rest.split_first_chunk::<8>()?;
        (*magic == MAGIC).then_some(Self {
            bytes: *bytes,
            key_number: u32::from_be_bytes(*number),
            size: u64::from_be_bytes(*size),
        })
    }

    fn object_key(&self, key: &[u8; KEY_LEN], digest: &Digest) -> Zeroizing<[u8; KEY_LEN]> {
        let mac = Zeroizing::new(hmac_sm3(key, &[LABEL, &self.bytes, digest.as_bytes()].concat()));
        let mut half = Zeroizing::new([0; KEY_LEN]);
        for (to, from) in half.iter_mut().zip(mac.iter()) {
            *to = *from;
        }
        half
    }

    fn associated(&self, digest: &Digest, index: u64, last: bool) -> Vec<u8> {
        [&self.bytes[..], digest.as_bytes(), &index.to_be_bytes(), &[u8::from(last)]].concat()
    }
}

fn nonce(index: u64) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    for (to, from) in nonce.iter_mut().skip(NONCE_LEN - 8).zip(index.to_be_bytes()) {
        *to = from;
    }
    nonce
}

/// Length of the encrypted form of `size` bytes of content; `None` beyond what fits in 64 bits.
pub(super) fn sealed_len(size: u64) -> Option<u64> {
    let chunks = size.div_ceil(CHUNK as u64).max(1);
    chunks.checked_mul(TAG_LEN as u64)?.checked_add(size)?.checked_add(HEADER as u64)
}

/// Encrypts content under the current key. `salt` must be random and new.
pub(super) fn seal(
    keys: &DocumentKeys,
    digest: &Digest,
    content: &[u8],
    salt: &[u8; SALT],
) -> Result<Vec<u8>, DocumentError> {
    let number = keys.current();
    let key = keys.get(number).ok_or(DocumentError::UnknownKey { digest: *digest, number })?;
    let header = Header::new(number, content.len() as u64, salt);
    let object_key = header.object_key(key, digest);
    let capacity = sealed_len(header.size).and_then(|len| usize::try_from(len).ok()).unwrap_or_default();
    let mut out = Vec::with_capacity(capacity);
    out.extend_from_slice(&header.bytes);
    let mut rest = content;
    let mut index = 0;
    loop {
        let (chunk, after) = rest.split_at_checked(CHUNK).unwrap_or((rest, &[]));
        rest = after;
        let last = rest.is_empty();
        gcm_encrypt_onto(
            &object_key,
            &nonce(index),
            &header.associated(digest, index, last),
            chunk,
            &mut out,
        )
        .map_err(|_| DocumentError::TooLarge { limit: CHUNK as u64 })?;
        if last {
            return Ok(out);
        }
        index += 1;
    }
}

/// Opens an encrypted document that was read whole.
pub(super) fn open(keys: &DocumentKeys, digest: Digest, sealed: &[u8]) -> Result<Content, DocumentError> {
    let damaged = |what| DocumentError::Integrity { digest, what };
    let (header, mut rest) = sealed.split_first_chunk::<HEADER>().ok_or_else(|| damaged("header"))?;
    let mut opener = Opener::new(keys, digest, header, sealed.len() as u64)?;
    let mut content = Content::with_capacity(rest.len());
    while let Some(len) = opener.next_len() {
        let (chunk, after) = rest.split_at_checked(len).ok_or_else(|| damaged("length"))?;
        opener.open(chunk, &mut content)?;
        rest = after;
    }
    Ok(content)
}

/// Opens an encrypted document piece by piece.
pub(super) struct Opener {
    digest: Digest,
    header: Header,
    object_key: Zeroizing<[u8; KEY_LEN]>,
    hash: Sm3,
    index: u64,
    left: u64,
    done: bool,
}

impl Opener {
    /// From the header, and the length of the whole as the store tells it.
    pub(super) fn new(
        keys: &DocumentKeys,
        digest: Digest,
        header: &[u8; HEADER],
        stored: u64,
    ) -> Result<Self, DocumentError> {
        let damaged = |what| DocumentError::Integrity { digest, what };
        let header = Header::parse(header).ok_or_else(|| damaged("header"))?;
        if sealed_len(header.size) != Some(stored) {
            return Err(damaged("length"));
        }
        let number = header.key_number;
        let key = keys.get(number).ok_or(DocumentError::UnknownKey { digest, number })?;
        let object_key = header.object_key(key, &digest);
        let left = header.size;
        Ok(Self { digest, header, object_key, hash: Sm3::new(), index: 0, left, done: false })
    }

    /// Length of the content in bytes; true once the first chunk has opened.
    pub(super) fn size(&self) -> u64 {
        self.header.size
    }

    /// Number of the key it is encrypted under.
    pub(super) fn key_number(&self) -> u32 {
        self.header.key_number
    }

    /// Bytes of the next encrypted chunk; `None` after the last.
    pub(super) fn next_len(&self) -> Option<usize> {
        let content = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
        (!self.done).then_some(content + TAG_LEN)
    }

    /// Opens the next chunk, which must have [`Self::next_len`] bytes, behind what `content` holds, where there must be room for it. The last one
    /// also proves the digest of the whole.
    pub(super) fn open(&mut self, sealed: &[u8], content: &mut Content) -> Result<(), DocumentError> {
        let last = self.left <= CHUNK as u64;
        let associated = self.header.associated(&self.digest, self.index, last);
        let start = content.len();
        gcm_decrypt_onto(&self.object_key, &nonce(self.index), &associated, sealed, content.bytes())
            .map_err(|_| self.damaged("chunk"))?;
        let chunk = content.get(start..).unwrap_or_default();
        self.hash.update(chunk);
        self.index += 1;
        self.left = self.left.saturating_sub(chunk.len() as u64);
        if last {
            self.done = true;
            let found = std::mem::take(&mut self.hash).finalize();
            if self.left != 0 || found != *self.digest.as_bytes() {
                return Err(self.damaged("digest"));
            }
        }
        Ok(())
    }

    pub(super) fn damaged(&self, what: &'static str) -> DocumentError {
        DocumentError::Integrity { digest: self.digest, what }
    }
}
