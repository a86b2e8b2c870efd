//! Certificates as administrators paste them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// Characters of one line of base64 (RFC 7468 section 2).
const LINE: usize = 64;
/// Longest text that is read.
const MAX_TEXT: usize = 128 << 10;

/// The text holds something else than certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPem {
    #[error("a certificate begins with {BEGIN}; paste it whole")]
    NoBegin,
    #[error("a certificate has no line {END}; paste it whole")]
    NoEnd,
    #[error("a certificate is not base64 between its first and its last line")]
    NotBase64,
    #[error("the text is longer than {MAX_TEXT} characters")]
    TooLong,
}

/// The certificates (DER) of a text in PEM, in their order; none for an empty one. Text around them
/// does not matter.
pub fn certificates_from_pem(text: &str) -> Result<Vec<Vec<u8>>, InvalidPem> {
    if text.len() > MAX_TEXT {
        return Err(InvalidPem::TooLong);
    }
    let mut certificates = Vec::new();
    let mut rest = text;
    while let Some((_, begun)) = rest.split_once(BEGIN) {
        let (body, after) = begun.split_once(END).ok_or(InvalidPem::NoEnd)?;
        let compact: String = body.split_ascii_whitespace().collect();
        let der = STANDARD
            .decode(compact)
            .map_err(|_| InvalidPem::NotBase64)?;
        certificates.push(der);
        rest = after;
    }
    if certificates.is_empty() && !text.trim().is_empty() {
        return Err(InvalidPem::NoBegin);
    }
    Ok(certificates)
}

/// A certificate in PEM (RFC 7468), with a line end after it.
pub fn certificate_to_pem(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let mut pem = format!("{BEGIN}\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str(END);
    pem.push('\n');
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_read_as_they_are_written_with_text_around_them() {
        let (first, second) = (vec![7; 100], vec![1, 2, 3]);
        let text = format!(
            "Issuer: somebody\n{}\nthe next:\n{}",
            certificate_to_pem(&first),
            certificate_to_pem(&second).replace('\n', "\r\n")
        );
        assert_eq!(certificates_from_pem(&text), Ok(vec![first, second]));
        assert_eq!(certificates_from_pem(" \n"), Ok(Vec::new()));
        assert!(
            certificate_to_pem(&[0; 500])
                .lines()
                .all(|line| line.len() <= LINE)
        );
    }

    #[test]
    fn what_is_no_certificate_is_refused_with_the_reason() {
        for (text, problem) in [
            ("MIIB", InvalidPem::NoBegin),
            ("-----BEGIN PRIVATE KEY-----", InvalidPem::NoBegin),
            ("-----BEGIN CERTIFICATE-----\nAAAA", InvalidPem::NoEnd),
            (
                "-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----",
                InvalidPem::NotBase64,
            ),
        ] {
            assert_eq!(certificates_from_pem(text), Err(problem), "{text}");
        }
    }
}
