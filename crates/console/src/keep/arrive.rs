//! Documents on their way in: read piece by piece into a file, within limits of size, time and number.

use super::Keep;
use crate::frame::{Fault, Sent};
use axum::body::Body;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use futures_util::stream;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use yinxin_crypto::Sm3;

/// Documents arriving at once.
const PLACES: usize = 16;
/// Longest a document may take to arrive.
const TIME: Duration = Duration::from_secs(600);
/// Fields besides the document.
const MOST_FIELDS: usize = 32;
/// Longest of them, bytes.
const MOST_TEXT: usize = 16 << 10;
/// Longest file name, characters.
const MOST_NAME: usize = 120;
/// Pieces in which it goes on.
const PIECE: usize = 64 << 10;

/// Places for documents on their way.
#[derive(Debug, Clone)]
pub struct Arrivals(Arc<Semaphore>);

impl Default for Arrivals {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PLACES)))
    }
}

/// A document that has arrived.
#[derive(Debug)]
pub struct Brought {
    /// Where it lies.
    pub path: TempPath,
    /// Its bytes.
    pub size: u64,
    /// Its name, without a path and without control characters.
    pub name: String,
    /// Media type the browser gave it.
    pub kind: String,
    /// SM3 of it, hex.
    pub digest: String,
}

/// A document that has arrived, with the other fields of its form.
#[derive(Debug)]
pub struct Arrived {
    /// The document.
    pub file: Brought,
    /// The other fields.
    pub fields: Sent,
    _place: OwnedSemaphorePermit,
}

/// Documents that have arrived with one form.
#[derive(Debug)]
pub struct Batch {
    /// The documents, in their order.
    pub files: Vec<Brought>,
    /// Names of those that were too large or too many.
    pub left_out: Vec<String>,
    /// The other fields.
    pub fields: Sent,
    _place: OwnedSemaphorePermit,
}

impl Keep {
    /// Takes a document in: the field `file` of a form.
    ///
    /// # Errors
    /// [`Fault::TooLarge`], [`Fault::Busy`], [`Fault::BadForm`] where there is no document.
    pub async fn arrive(&self, form: Multipart, most: u64) -> Result<Arrived, Fault> {
        let Batch { mut files, left_out, fields, _place } = self.arrive_all(form, most, usize::MAX).await?;
        if !left_out.is_empty() {
            return Err(Fault::TooLarge(most));
        }
        // A form without a chosen file sends an empty one.
        files.retain(|file| file.size > 0);
        let file = files.pop().ok_or(Fault::BadForm)?;
        Ok(Arrived { file, fields, _place })
    }

    /// Takes documents in: the fields `file` of a form, `many` of them at most, each of `most` bytes at most.
    ///
    /// # Errors
    /// [`Fault::Busy`], [`Fault::BadForm`].
    pub async fn arrive_all(&self, form: Multipart, most: u64, many: usize) -> Result<Batch, Fault> {
        let place = Arc::clone(&self.arrivals.0).try_acquire_owned().map_err(|_| Fault::Busy)?;
        match tokio::time::timeout(TIME, self.read(form, (most, many), place)).await {
            Ok(arrived) => arrived,
            Err(_) => Err(Fault::BadForm),
        }
    }

    async fn read(
        &self,
        mut form: Multipart,
        (most, many): (u64, usize),
        place: OwnedSemaphorePermit,
    ) -> Result<Batch, Fault> {
        let (mut pairs, mut files, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error, most))? {
            if field.name() == Some("file") {
                let (name, kind) = (
                    file_name(field.file_name().unwrap_or_default()),
                    field.content_type().unwrap_or_default().to_owned(),
                );
                if files.len() >= many {
                    left_out.push(name);
                    continue;
                }
                match self.spool(field, most).await {
                    Ok((_, 0, _)) if name.is_empty() => {}
                    Ok((path, size, digest)) => files.push(Brought { path, size, name, kind, digest }),
                    // Its rest is read and thrown away: a browser that is still sending would not hear the answer.
                    Err(Fault::TooLarge(_)) => left_out.push(name),
                    Err(other) => return Err(other),
                }
            } else if pairs.len() < MOST_FIELDS {
                let name = field.name().unwrap_or_default().to_owned();
                pairs.push((name, text(field).await?));
            }
        }
        Ok(Batch { files, left_out, fields: Sent::pairs(pairs), _place: place })
    }

    async fn spool(&self, mut field: Field<'_>, most: u64) -> Result<(TempPath, u64, String), Fault> {
        let (file, path) = self.file()?.into_parts();
        let mut file = File::from_std(file);
        let mut digest = Sm3::new();
        let mut size = 0_u64;
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error, most))? {
            size = size.saturating_add(piece.len() as u64);
            if size > most {
                return Err(Fault::TooLarge(most));
            }
            digest.update(&piece);
            file.write_all(&piece).await.map_err(|error| unwritten(&error))?;
        }
        file.flush().await.map_err(|error| unwritten(&error))?;
        Ok((path, size, hex::encode(digest.finalize())))
    }
}

async fn text(mut field: Field<'_>) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error, 0))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > MOST_TEXT {
            return Err(Fault::BadForm);
        }
    }
    String::from_utf8(bytes).map_err(|_| Fault::BadForm)
}

fn broken(error: &MultipartError, most: u64) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLarge(most) } else { Fault::BadForm }
}

fn unwritten(error: &std::io::Error) -> Fault {
    tracing::error!(%error, "a document could not be written");
    Fault::Internal
}

/// The last part of a path as a line of text.
fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: &char| {
        !c.is_control()
            && !matches!(*c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    last.chars().filter(plain).take(MOST_NAME).collect()
}

impl Deref for Arrived {
    type Target = Brought;

    fn deref(&self) -> &Brought {
        &self.file
    }
}

impl Brought {
    /// The first bytes, by which its kind is told.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub async fn head(&self) -> Result<[u8; 5], Fault> {
        let mut head = [0; 5];
        let mut file = File::open(&self.path).await.map_err(|error| unwritten(&error))?;
        let mut read = 0;
        while let Some(rest) = head.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match file.read(rest).await.map_err(|error| unwritten(&error))? {
                0 => break,
                more => read = read.saturating_add(more),
            }
        }
        Ok(head)
    }

    /// The document as a body, piece by piece.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub async fn body(&self) -> Result<Body, Fault> {
        beginning(&self.path, u64::MAX).await
    }
}

/// The first bytes of a file, piece by piece.
///
/// # Errors
/// It cannot be read any more.
pub async fn beginning(path: &Path, most: u64) -> Result<Body, Fault> {
    let file = File::open(path).await.map_err(|error| unwritten(&error))?.take(most);
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
    });
    Ok(Body::from_stream(pieces))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_is_one_line_without_a_path_and_turns_nothing_around() {
        assert_eq!(file_name("C:\\temp\\合同.ofd"), "合同.ofd");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("a\u{202E}fdo.exe\r\n"), "afdo.exe");
        assert_eq!(file_name(&"长".repeat(500)).chars().count(), 120);
        assert_eq!(file_name(""), "");
    }
}
