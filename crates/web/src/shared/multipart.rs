//! Forms with files (RFC 7578), read strictly and whole: the routes that take them are few and
//! their size is bounded.

use std::convert::Infallible;

use axum::body::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use multer::Multipart;

use crate::shared::{Failure, is_media_type};

/// More parts than any form of ours has.
const MAX_PARTS: usize = 32;

/// One part of a form.
pub(crate) struct Part {
    name: String,
    /// What the file is called on the sender's computer.
    pub(crate) file_name: Option<String>,
    pub(crate) bytes: Bytes,
}

/// The parts in the order they came.
pub(crate) struct FormParts(Vec<Part>);

impl FormParts {
    /// The part, if it came; an error if it came more than once.
    pub(crate) fn get(&self, name: &str) -> Result<Option<&Part>, Failure> {
        let mut parts = self.0.iter().filter(|part| part.name == name);
        match (parts.next(), parts.next()) {
            (_, Some(_)) => Err(Failure::bad_request()),
            (part, None) => Ok(part),
        }
    }

    /// The part as text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        let Some(part) = self.get(name)? else {
            return Ok(None);
        };
        std::str::from_utf8(&part.bytes)
            .map(Some)
            .map_err(|_| Failure::bad_request())
    }
}

/// Whether the body is declared as such a form.
pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    is_media_type(headers, "multipart/form-data")
}

/// The parts of a body that is in memory.
pub(crate) async fn parts(headers: &HeaderMap, body: &Bytes) -> Result<FormParts, Failure> {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(Failure::unsupported_media_type)?;
    let boundary = multer::parse_boundary(declared).map_err(|_| Failure::bad_request())?;
    let stream = futures_util::stream::iter([Ok::<_, Infallible>(body.clone())]);
    let mut form = Multipart::new(stream, boundary);
    let mut parts = Vec::new();
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|_| Failure::bad_request())?
    {
        if parts.len() == MAX_PARTS {
            return Err(Failure::bad_request());
        }
        let name = field.name().ok_or_else(Failure::bad_request)?.to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| Failure::bad_request())?;
        parts.push(Part {
            name,
            file_name,
            bytes,
        });
    }
    Ok(FormParts(parts))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    async fn read(body: &'static str) -> Result<FormParts, Failure> {
        let value = HeaderValue::from_static("multipart/form-data; boundary=x");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, value)]);
        parts(&headers, &Bytes::from_static(body.as_bytes())).await
    }

    #[tokio::test]
    async fn fields_and_files_are_found_by_name() {
        let form = read(
            "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntoken\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
             Content-Type: text/csv\r\n\r\na,b\r\n1,2\r\n\r\n--x--\r\n",
        )
        .await
        .unwrap();
        assert_eq!(form.text("csrf").unwrap(), Some("token"));
        let file = form.get("file").unwrap().unwrap();
        assert_eq!(&file.bytes[..], b"a,b\r\n1,2\r\n");
        assert_eq!(file.file_name.as_deref(), Some("a.csv"));
        assert!(form.get("other").unwrap().is_none());
    }

    #[tokio::test]
    async fn what_comes_twice_or_breaks_off_is_refused() {
        let twice = read(
            "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\na\r\n\
             --x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nb\r\n--x--\r\n",
        )
        .await
        .unwrap();
        assert!(twice.text("csrf").is_err());
        for broken in [
            "",
            "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\na",
            "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
        ] {
            assert!(read(broken).await.is_err(), "{broken:?}");
        }
    }
}
