//! The fields of a form or of an address, read whole; names may come several times.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};
use multer::Multipart;

use crate::body;

/// More fields than any form of ours has.
const MAX_FIELDS: usize = 500;

/// Names and values in the order they came.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// A body that is declared as `multipart/form-data`, or else as a plain form. `None` when it is
    /// neither, or cannot be read.
    pub(super) async fn read(headers: &HeaderMap, content: &Bytes) -> Option<Self> {
        let declared = body::header_text(headers, header::CONTENT_TYPE)?;
        let kind = declared.split(';').next().unwrap_or_default().trim();
        let form = if kind.eq_ignore_ascii_case("multipart/form-data") {
            Self::of_parts(declared, content).await?
        } else if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            Self::of_query(std::str::from_utf8(content).ok()?)
        } else {
            return None;
        };
        (form.0.len() <= MAX_FIELDS).then_some(form)
    }

    /// `a=b&c=d`.
    pub(super) fn of_query(text: &str) -> Self {
        Self(
            url::form_urlencoded::parse(text.as_bytes())
                .take(MAX_FIELDS + 1)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    async fn of_parts(declared: &str, content: &Bytes) -> Option<Self> {
        let boundary = multer::parse_boundary(declared).ok()?;
        let stream = futures_util::stream::iter([Ok::<_, Infallible>(content.clone())]);
        let mut parts = Multipart::new(stream, boundary);
        let mut fields = Vec::new();
        while let Some(field) = parts.next_field().await.ok()? {
            if fields.len() > MAX_FIELDS {
                return None;
            }
            let name = field.name()?.to_owned();
            // No UTF-8, no text: what follows says that it is not what was expected.
            let value = String::from_utf8_lossy(&field.bytes().await.ok()?).into_owned();
            fields.push((name, value));
        }
        Some(Self(fields))
    }

    /// The first value of a name.
    pub(super) fn get(&self, name: &'static str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first value without white space around it; empty when it is absent.
    pub(super) fn text(&self, name: &'static str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// All values of a name.
    pub(super) fn all<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a str> + 'a {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The rows of a table: two names that come as often as each other. Rows without anything in
    /// them are left out, and the one whose button `remove-<number>` was pressed.
    pub(super) fn rows(&self, first: &'static str, second: &'static str) -> Vec<(String, String)> {
        let removed = self
            .text("do")
            .strip_prefix("remove-")
            .and_then(|number| number.parse::<usize>().ok());
        self.all(first)
            .zip(self.all(second))
            .enumerate()
            .filter(|(index, _)| removed != Some(index + 1))
            .map(|(_, row)| row)
            .map(|(one, other)| (one.trim().to_owned(), other.trim().to_owned()))
            .filter(|(one, other)| !one.is_empty() || !other.is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    async fn read(kind: &'static str, content: &'static str) -> Option<Form> {
        let headers =
            HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
        Form::read(&headers, &Bytes::from_static(content.as_bytes())).await
    }

    #[tokio::test]
    async fn check_boxes_of_one_name_all_arrive() {
        let form = read(
            "application/x-www-form-urlencoded; charset=utf-8",
            "account=1&account=2&csrf=x",
        )
        .await
        .unwrap();
        assert_eq!(form.all("account").collect::<Vec<_>>(), ["1", "2"]);
    }

    #[tokio::test]
    async fn files_are_fields_like_others() {
        let form = read(
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"metadata\"; filename=\"m.xml\"\r\n\r\n<xml/>\r\n--b--\r\n",
        )
        .await
        .unwrap();
        assert_eq!(form.get("metadata"), Some("<xml/>"));
    }

    #[tokio::test]
    async fn another_kind_of_body_is_no_form() {
        assert!(read("application/json", "{}").await.is_none());
        assert!(
            read("multipart/form-data; boundary=b", "--b\r\n")
                .await
                .is_none()
        );
    }

    #[test]
    fn empty_rows_are_left_out() {
        let form = Form::of_query("key=a&source=1&key=&source=&key=&source=3");
        assert_eq!(
            form.rows("key", "source"),
            [
                ("a".to_owned(), "1".to_owned()),
                (String::new(), "3".to_owned())
            ]
        );
    }

    #[test]
    fn the_row_whose_button_was_pressed_is_left_out() {
        let form = Form::of_query("key=a&source=1&key=&source=&key=b&source=2&do=remove-3");
        assert_eq!(
            form.rows("key", "source"),
            [("a".to_owned(), "1".to_owned())]
        );
    }
}
