//! As much CBOR (RFC 8949) as a security key writes.

fn head(kind: u8, value: usize) -> Vec<u8> {
    let kind = kind << 5;
    // A length of one byte, or of two, follows.
    let (byte_follows, word_follows) = (kind | 0x18, kind | 0x19);
    match u16::try_from(value).unwrap() {
        small @ 0..24 => vec![kind | u8::try_from(small).unwrap()],
        byte @ 24..=255 => vec![byte_follows, u8::try_from(byte).unwrap()],
        word => [&[word_follows], &word.to_be_bytes()[..]].concat(),
    }
}

/// An integer.
pub fn int(value: i64) -> Vec<u8> {
    match usize::try_from(value) {
        Ok(value) => head(0, value),
        Err(_) => head(1, usize::try_from(-1 - value).unwrap()),
    }
}

/// A byte string.
pub fn bytes(value: &[u8]) -> Vec<u8> {
    [head(2, value.len()), value.to_vec()].concat()
}

/// A text.
pub fn text(value: &str) -> Vec<u8> {
    [head(3, value.len()), value.as_bytes().to_vec()].concat()
}

/// An array.
pub fn list(items: &[Vec<u8>]) -> Vec<u8> {
    [head(4, items.len()), items.concat()].concat()
}

/// A map, in the order given.
pub fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let pairs = entries
        .iter()
        .flat_map(|(key, value)| [key.clone(), value.clone()]);
    [head(5, entries.len()), pairs.collect::<Vec<_>>().concat()].concat()
}
