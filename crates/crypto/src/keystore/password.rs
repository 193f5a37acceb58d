//! A password that erases itself.

use zeroize::Zeroizing;

/// A password (口令), erased when dropped and never shown.
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// Takes over the bytes of a password, as typed; UTF-8 where a format demands text.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Takes a password from a file's content: one line end (LF or CR LF) at the end is not part of it.
    pub fn from_file_content(content: Vec<u8>) -> Self {
        let content = Zeroizing::new(content);
        let line = content.strip_suffix(b"\n").unwrap_or(&content);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Self::new(line.to_vec())
    }

    /// The bytes, for the functions of this crate.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl core::fmt::Debug for Password {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Password(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_password() {
        assert_eq!(format!("{:?}", Password::new(b"secret".to_vec())), "Password(hidden)");
    }

    #[test]
    fn file_content_loses_one_line_end_only() {
        for (content, expected) in
            [("a b\n", "a b"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), ("", ""), (" a ", " a ")]
        {
            let password = Password::from_file_content(content.as_bytes().to_vec());
            assert_eq!(password.as_bytes(), expected.as_bytes(), "{content:?}");
        }
        assert!(Password::from_file_content(b"\n".to_vec()).is_empty());
    }
}
