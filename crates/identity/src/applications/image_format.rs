//! What a file says of itself: whether it is a picture, of which format, and how large.
//!
//! Only headers are read, nothing is decoded. Every read is checked against the end of the file.

/// Formats that browsers show and that hold no scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    Png,
    Jpeg,
    Gif,
    WebP,
}

impl ImageFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Png, Self::Jpeg, Self::Gif, Self::WebP];

    /// As in `Content-Type`, in the database and in the API.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    /// The reverse of [`Self::media_type`].
    pub fn from_media_type(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.media_type() == name)
    }

    /// By how files of the format begin.
    pub(super) fn of(file: &[u8]) -> Option<Self> {
        if file.starts_with(PNG) {
            return Some(Self::Png);
        }
        if file.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        if file.starts_with(b"GIF87a") || file.starts_with(b"GIF89a") {
            return Some(Self::Gif);
        }
        (file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP")).then_some(Self::WebP)
    }

    /// Width and height in pixels; `None` when the file is cut off or not what it begins like.
    pub(super) fn dimensions(self, file: &[u8]) -> Option<(u32, u32)> {
        let (width, height) = match self {
            Self::Png => png(file),
            Self::Jpeg => jpeg(file),
            Self::Gif => gif(file),
            Self::WebP => webp(file),
        }?;
        (width > 0 && height > 0).then_some((width, height))
    }
}

/// PNG, third edition, 5.2.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks from IHDR to IEND with nothing behind (5.3, 5.6, 11.2.1).
fn png(file: &[u8]) -> Option<(u32, u32)> {
    let (mut at, mut size) = (PNG.len(), None);
    loop {
        let length = be32(file, at)?;
        let kind = file.get(at + 4..at + 8)?;
        let data = at + 8;
        let next = data
            .checked_add(usize::try_from(length).ok()?)?
            .checked_add(4)?;
        if next > file.len() {
            return None;
        }
        match (kind, size) {
            (b"IHDR", None) if length == 13 => {
                size = Some((be32(file, data)?, be32(file, data + 4)?));
            }
            (b"IHDR", _) | (_, None) => return None,
            (b"IEND", size) => return size.filter(|_| next == file.len()),
            _ => {}
        }
        at = next;
    }
}

/// Segments up to the frame header (ITU-T T.81, B.1.1 and B.2.2), and the end of the image.
fn jpeg(file: &[u8]) -> Option<(u32, u32)> {
    if !file.ends_with(b"\xff\xd9") {
        return None;
    }
    let mut at = 2;
    loop {
        if *file.get(at)? != 0xff {
            return None;
        }
        let marker = *file.get(at + 1)?;
        if marker == 0xff {
            // Fill bytes may stand before a marker.
            at += 1;
            continue;
        }
        let length = usize::from(be16(file, at + 2)?);
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let height = be16(file, at + 5)?;
                return Some((be16(file, at + 7)?.into(), height.into()));
            }
            // The scan, the end, or a marker without a length: a frame has to come before.
            0x00..=0x01 | 0xd0..=0xda => return None,
            _ if length < 2 => return None,
            _ => at += 2 + length,
        }
    }
}

/// The logical screen, and the trailer (GIF89a, 18 and 27).
fn gif(file: &[u8]) -> Option<(u32, u32)> {
    let ended = file.len() > 13 && file.ends_with(b"\x3b");
    let (width, height) = (le16(file, 6)?, le16(file, 8)?);
    ended.then_some((width.into(), height.into()))
}

/// The first chunk of a RIFF file that is as long as it says (RFC 9649, 2.3 to 2.7).
fn webp(file: &[u8]) -> Option<(u32, u32)> {
    let riff = usize::try_from(le32(file, 4)?).ok()?;
    let length = usize::try_from(le32(file, 16)?).ok()?;
    if riff.checked_add(8)? != file.len() || length > file.len().checked_sub(20)? {
        return None;
    }
    let data = file.get(20..20 + length)?;
    match file.get(12..16)? {
        b"VP8X" => Some((1 + le24(data, 4)?, 1 + le24(data, 7)?)),
        b"VP8L" if *data.first()? == 0x2f => {
            let bits = le32(data, 1)?;
            Some((1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff)))
        }
        // A key frame (RFC 6386, 9.1).
        b"VP8 " if data.first()? & 1 == 0 && data.get(3..6)? == b"\x9d\x01\x2a" => {
            let side = |at| Some(u32::from(le16(data, at)? & 0x3fff));
            Some((side(6)?, side(8)?))
        }
        _ => None,
    }
}

fn bytes<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be16(file: &[u8], at: usize) -> Option<u16> {
    bytes(file, at).map(u16::from_be_bytes)
}

fn be32(file: &[u8], at: usize) -> Option<u32> {
    bytes(file, at).map(u32::from_be_bytes)
}

fn le16(file: &[u8], at: usize) -> Option<u16> {
    bytes(file, at).map(u16::from_le_bytes)
}

fn le24(file: &[u8], at: usize) -> Option<u32> {
    let [low, middle, high] = bytes(file, at)?;
    Some(u32::from_le_bytes([low, middle, high, 0]))
}

fn le32(file: &[u8], at: usize) -> Option<u32> {
    bytes(file, at).map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 × 1 pixels each, except for the two last.
    fn pictures() -> Vec<(ImageFormat, (u32, u32), Vec<u8>)> {
        let png =
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
            \0\0\0\x0dIDAT\x78\x9c\x63\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x56\xc7\x2f\x0d\
            \0\0\0\0IEND\xae\x42\x60\x82";
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xff\xc0\0\x0b\x08\
            \0\x01\0\x01\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\x37\xff\xd9";
        let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\
            \x44\x01\0\x3b";
        let lossless = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\
            \xfe\x07\0";
        let lossy = b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0\x10\0\0\x9d\x01\x2a\x20\x03\x10\0";
        let extended = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x03\0\x0f\0\0";
        vec![
            (ImageFormat::Png, (1, 1), png.to_vec()),
            (ImageFormat::Jpeg, (1, 1), jpeg.to_vec()),
            (ImageFormat::Gif, (1, 1), gif.to_vec()),
            (ImageFormat::WebP, (1, 1), lossless.to_vec()),
            (ImageFormat::WebP, (800, 16), lossy.to_vec()),
            (ImageFormat::WebP, (1024, 16), extended.to_vec()),
        ]
    }

    #[test]
    fn a_file_is_told_by_its_beginning_and_measured_by_its_header() {
        for (format, size, file) in pictures() {
            assert_eq!(ImageFormat::of(&file), Some(format));
            assert_eq!(format.dimensions(&file), Some(size), "{format:?}");
            let name = format.media_type();
            assert_eq!(ImageFormat::from_media_type(name), Some(format));
        }
        for other in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"[..],
            b"<!DOCTYPE html><script></script>",
            b"%PDF-1.7",
            b"BM\0\0",
            b"RIFF\0\0\0\0WAVE",
            b"",
        ] {
            assert_eq!(ImageFormat::of(other), None);
        }
    }

    /// A file that stops anywhere is refused, or, where the header alone was read, never read past
    /// its end.
    #[test]
    fn a_file_that_is_cut_off_or_goes_on_is_refused() {
        for (format, _, file) in pictures() {
            for end in 0..file.len() {
                assert_eq!(format.dimensions(&file[..end]), None, "{format:?} to {end}");
            }
            let mut longer = file.clone();
            longer.extend_from_slice(b"<script>alert(1)</script>");
            assert_eq!(format.dimensions(&longer), None, "{format:?} and more");
        }
    }

    #[test]
    fn any_byte_may_be_wrong_without_harm() {
        for (format, _, file) in pictures() {
            for at in 0..file.len() {
                for value in [0, 1, 0x7f, 0xff] {
                    let mut damaged = file.clone();
                    damaged[at] = value;
                    let _ = format.dimensions(&damaged);
                }
            }
        }
    }

    #[test]
    fn a_picture_without_height_or_with_two_headers_is_refused() {
        let all = pictures();
        let mut png = all[0].2.clone();
        png[23] = 0;
        assert_eq!(ImageFormat::Png.dimensions(&png), None);
        let mut twice = all[0].2[..33].to_vec();
        twice.extend_from_slice(&all[0].2[8..]);
        assert_eq!(ImageFormat::Png.dimensions(&twice), None);
        let mut later = all[0].2[..8].to_vec();
        later.extend_from_slice(&all[0].2[33..]);
        assert_eq!(ImageFormat::Png.dimensions(&later), None, "no IHDR");
    }
}
