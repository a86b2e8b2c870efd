//! The DEFLATE encoding of the redirect binding.

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};
use jetway_saml::redirect::{
    MAX_ENCODED, MAX_INFLATED, RedirectError, decode_deflate, encode_deflate,
};

use crate::fixture::text::base64;

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn messages_survive_encoding_and_decoding() {
    for message in ["", "<a/>", "é€😀", &"<x>y</x>".repeat(1000)] {
        assert_eq!(
            decode_deflate(&encode_deflate(message)).as_deref(),
            Ok(message)
        );
    }
}

#[test]
fn a_message_that_inflates_beyond_the_limit_stops_there() {
    let just = deflated(&vec![b' '; MAX_INFLATED]);
    assert!(decode_deflate(&base64(just)).is_ok());
    let over = deflated(&vec![b' '; MAX_INFLATED + 1]);
    assert_eq!(decode_deflate(&base64(over)), Err(RedirectError::TooLarge));
    let bomb = deflated(&vec![0; 20_000_000]);
    assert_eq!(decode_deflate(&base64(bomb)), Err(RedirectError::TooLarge));
}

#[test]
fn anything_but_one_whole_deflate_stream_is_refused() {
    let good = deflated(b"<samlp:AuthnRequest/>");
    let truncated = &good[..good.len() - 3];
    assert_eq!(
        decode_deflate(&base64(truncated)),
        Err(RedirectError::NotDeflate)
    );
    let trailing = [good.as_slice(), b"more"].concat();
    assert_eq!(
        decode_deflate(&base64(trailing)),
        Err(RedirectError::NotDeflate)
    );
    assert_eq!(
        decode_deflate(&base64("<plain/>")),
        Err(RedirectError::NotDeflate)
    );
    assert_eq!(decode_deflate(""), Err(RedirectError::NotDeflate));
    assert_eq!(decode_deflate("%3D"), Err(RedirectError::NotBase64));
    let binary = deflated(&[0xFF, 0xFE]);
    assert_eq!(decode_deflate(&base64(binary)), Err(RedirectError::NotUtf8));
    assert_eq!(
        decode_deflate(&"A".repeat(MAX_ENCODED + 4)),
        Err(RedirectError::TooLong)
    );
}
