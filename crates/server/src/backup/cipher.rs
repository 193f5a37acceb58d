//! Encrypted files of a backup.
//!
//! ```text
//! magic   8   "YXBAK" 0 0 1
//! chunks      64 KiB each (the last one shorter, possibly empty), SM4-GCM, 16-byte tag after each
//! ```
//! The key of one file is the first half of HMAC-SM3(data key, label ‖ identifier of the backup ‖ name of the file); the data key is made
//! for one backup, so no two files share a key and the nonce is the chunk's index. Additional data is magic ‖ identifier ‖ name ‖ index ‖ 1
//! for the last chunk else 0: chunks cannot be altered, dropped, repeated, moved, or taken into another file or another backup, and a file
//! that was cut off does not end.

use std::io::{self, Read, Write};

use yinxin_crypto::hmac_sm3;
use yinxin_crypto::sm4::{KEY_LEN, NONCE_LEN, TAG_LEN, gcm_decrypt, gcm_encrypt};
use zeroize::Zeroizing;

use super::key::DataKey;

const MAGIC: [u8; 8] = *b"YXBAK\0\0\x01";
const LABEL: &[u8] = b"yinxin backup file key 1";
/// Bytes of a whole chunk.
const CHUNK: usize = 64 * 1024;

/// What a file is encrypted under and bound to.
struct Binding {
    key: Zeroizing<[u8; KEY_LEN]>,
    associated: Vec<u8>,
    index: u64,
}

impl Binding {
    fn new(data: &DataKey, backup: &str, name: &str) -> Self {
        // The identifier has a fixed length, and the name comes last.
        let mac =
            Zeroizing::new(hmac_sm3(data.bytes(), &[LABEL, backup.as_bytes(), name.as_bytes()].concat()));
        let mut key = Zeroizing::new([0; KEY_LEN]);
        key.iter_mut().zip(mac.iter()).for_each(|(to, from)| *to = *from);
        Self { key, associated: [&MAGIC, backup.as_bytes(), name.as_bytes()].concat(), index: 0 }
    }

    fn nonce(&self) -> [u8; NONCE_LEN] {
        let mut nonce = [0; NONCE_LEN];
        nonce.iter_mut().skip(NONCE_LEN - 8).zip(self.index.to_be_bytes()).for_each(|(to, from)| *to = from);
        nonce
    }

    fn data(&self, last: bool) -> Vec<u8> {
        [&self.associated[..], &self.index.to_be_bytes(), &[u8::from(last)]].concat()
    }

    fn next(&mut self) -> io::Result<()> {
        self.index = self.index.checked_add(1).ok_or_else(|| io::Error::other("too many chunks"))?;
        Ok(())
    }
}

/// Encrypts what is written. Without [`SealingWriter::finish`] the file has no end and is not read back.
pub(super) struct SealingWriter<W> {
    inner: W,
    binding: Binding,
    buffer: Zeroizing<Vec<u8>>,
}

impl<W: Write> SealingWriter<W> {
    /// Begins a file.
    pub(super) fn new(mut inner: W, data: &DataKey, backup: &str, name: &str) -> io::Result<Self> {
        inner.write_all(&MAGIC)?;
        let buffer = Zeroizing::new(Vec::with_capacity(CHUNK));
        Ok(Self { inner, binding: Binding::new(data, backup, name), buffer })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let binding = &self.binding;
        let sealed = gcm_encrypt(&binding.key, &binding.nonce(), &binding.data(last), &self.buffer);
        self.inner.write_all(&sealed.map_err(io::Error::other)?)?;
        self.buffer.clear();
        self.binding.next()
    }

    /// Writes the last chunk.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for SealingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Only when more comes is it known that a whole chunk is not the last.
        if self.buffer.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let room = CHUNK.saturating_sub(self.buffer.len());
        let part = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.buffer.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Decrypts a file. An error of the kind `InvalidData` says that it is not what was written.
pub(super) struct OpeningReader<R> {
    inner: R,
    binding: Binding,
    /// The chunk read ahead: whether it is the last shows only behind it.
    ahead: Vec<u8>,
    chunk: Zeroizing<Vec<u8>>,
    position: usize,
    done: bool,
}

impl<R: Read> OpeningReader<R> {
    /// Begins to read.
    pub(super) fn new(mut inner: R, data: &DataKey, backup: &str, name: &str) -> io::Result<Self> {
        let mut magic = [0; MAGIC.len()];
        inner.read_exact(&mut magic)?;
        if magic != MAGIC {
            return Err(altered());
        }
        let ahead = chunk_of(&mut inner)?;
        let binding = Binding::new(data, backup, name);
        Ok(Self { inner, binding, ahead, chunk: Zeroizing::default(), position: 0, done: false })
    }

    fn open(&mut self) -> io::Result<()> {
        let next = chunk_of(&mut self.inner)?;
        let last = next.is_empty();
        let sealed = std::mem::replace(&mut self.ahead, next);
        let binding = &self.binding;
        self.chunk = gcm_decrypt(&binding.key, &binding.nonce(), &binding.data(last), &sealed)
            .map_err(|_| altered())?;
        self.position = 0;
        self.done = last;
        self.binding.next()
    }
}

impl<R: Read> Read for OpeningReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.position >= self.chunk.len() && !self.done {
            self.open()?;
        }
        let rest = self.chunk.get(self.position..).unwrap_or_default();
        let count = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.position = self.position.saturating_add(count);
        Ok(count)
    }
}

/// An encrypted chunk; shorter or empty at the end.
fn chunk_of(inner: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK + TAG_LEN);
    inner.by_ref().take((CHUNK + TAG_LEN) as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

fn altered() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "altered, cut off, or of another backup")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00112233445566778899aabbccddeeff";
    const WHOLE: usize = CHUNK + TAG_LEN;

    fn key() -> DataKey {
        DataKey::from_bytes([7; 32])
    }

    fn sealed(content: &[u8], name: &str) -> Vec<u8> {
        let mut writer = SealingWriter::new(Vec::new(), &key(), ID, name).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn opened(file: &[u8], backup: &str, name: &str) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        OpeningReader::new(file, &key(), backup, name)?.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn content_of_every_length_comes_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
            let content: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            assert_eq!(opened(&sealed(&content, "a"), ID, "a").unwrap(), content, "{length}");
        }
    }

    #[test]
    fn chunks_moved_dropped_repeated_cut_or_altered_are_refused() {
        let content: Vec<u8> = (0..3 * CHUNK + 9).map(|i| (i % 251) as u8).collect();
        let file = sealed(&content, "a");
        let part = |n: usize| file[8 + n * WHOLE..(8 + (n + 1) * WHOLE).min(file.len())].to_vec();
        let of = |parts: &[usize]| {
            let mut out = file[..8].to_vec();
            parts.iter().for_each(|n| out.extend(part(*n)));
            out
        };
        assert_eq!(of(&[0, 1, 2, 3]), file);
        for parts in [&[1, 0, 2, 3][..], &[0, 2, 3], &[0, 0, 1, 2, 3], &[0, 1, 2], &[], &[0, 1, 3, 2], &[3]] {
            assert!(opened(&of(parts), ID, "a").is_err(), "{parts:?}");
        }
        for at in [0, 8, 8 + WHOLE, file.len() - 1] {
            let mut altered = file.clone();
            altered[at] ^= 1;
            assert!(opened(&altered, ID, "a").is_err(), "{at}");
            assert!(opened(&file[..at], ID, "a").is_err(), "cut at {at}");
        }
        assert!(opened(&[file.clone(), vec![0]].concat(), ID, "a").is_err());
    }

    #[test]
    fn a_file_of_another_name_backup_or_key_is_refused() {
        let file = sealed(b"rows", "a");
        assert!(opened(&file, ID, "a").is_ok());
        assert!(opened(&file, ID, "b").is_err());
        assert!(opened(&file, "10112233445566778899aabbccddeeff", "a").is_err());
        let mut other = OpeningReader::new(&file[..], &DataKey::from_bytes([8; 32]), ID, "a").unwrap();
        assert!(other.read_to_end(&mut Vec::new()).is_err());
    }
}
