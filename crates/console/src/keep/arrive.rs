//! Documents on their way in: read piece by piece into a file, within limits of size, time and number.

use super::Keep;
use crate::frame::{Fault, Sent};
use axum::body::Body;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use futures_util::stream;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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

/// A document that has arrived, with the other fields of its form.
#[derive(Debug)]
pub struct Arrived {
    /// Where it lies.
    pub path: TempPath,
    /// Its bytes.
    pub size: u64,
    /// Its name, without a path and without control characters.
    pub name: String,
    /// Media type the browser gave it.
    pub kind: String,
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
        let place = Arc::clone(&self.arrivals.0).try_acquire_owned().map_err(|_| Fault::Busy)?;
        match tokio::time::timeout(TIME, self.read(form, most, place)).await {
            Ok(arrived) => arrived,
            Err(_) => Err(Fault::BadForm),
        }
    }

    async fn read(
        &self,
        mut form: Multipart,
        most: u64,
        place: OwnedSemaphorePermit,
    ) -> Result<Arrived, Fault> {
        let (mut pairs, mut found) = (Vec::new(), None);
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error, most))? {
            if field.name() == Some("file") {
                let (name, kind) = (
                    file_name(field.file_name().unwrap_or_default()),
                    field.content_type().unwrap_or_default().to_owned(),
                );
                let (path, size) = self.spool(field, most).await?;
                // A form without a chosen file sends an empty one.
                if size > 0 {
                    found = Some((path, size, name, kind));
                }
            } else if pairs.len() < MOST_FIELDS {
                let name = field.name().unwrap_or_default().to_owned();
                pairs.push((name, text(field).await?));
            }
        }
        let (path, size, name, kind) = found.ok_or(Fault::BadForm)?;
        Ok(Arrived { path, size, name, kind, fields: Sent::pairs(pairs), _place: place })
    }

    async fn spool(&self, mut field: Field<'_>, most: u64) -> Result<(TempPath, u64), Fault> {
        let (file, path) = self.file()?.into_parts();
        let mut file = File::from_std(file);
        let mut size = 0_u64;
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error, most))? {
            size = size.saturating_add(piece.len() as u64);
            if size > most {
                return Err(Fault::TooLarge(most));
            }
            file.write_all(&piece).await.map_err(|error| unwritten(&error))?;
        }
        file.flush().await.map_err(|error| unwritten(&error))?;
        Ok((path, size))
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

impl Arrived {
    /// The document as a body, piece by piece.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub async fn body(&self) -> Result<Body, Fault> {
        let file = File::open(&self.path).await.map_err(|error| unwritten(&error))?;
        let pieces = stream::try_unfold(file, |mut file| async move {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await?;
            piece.truncate(read);
            Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
        });
        Ok(Body::from_stream(pieces))
    }
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
