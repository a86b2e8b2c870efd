//! Which bytes of an object a request gets: conditions, ranges, parts.

use std::ops::Range;

use s3s::{S3Error, S3ErrorCode, S3Result, dto};

use super::{
    backend::Backend,
    buckets::timestamp,
    call::Call,
    error,
    files::Reader,
    records::{BucketRecord, ObjectRecord},
};

/// What part of an object is asked for, and under which conditions.
#[derive(Debug, Default)]
pub(super) struct Ask {
    pub(super) range: Option<dto::Range>,
    pub(super) part: Option<i32>,
    pub(super) if_match: Option<dto::IfMatch>,
    pub(super) if_none_match: Option<dto::IfNoneMatch>,
    pub(super) if_modified_since: Option<dto::Timestamp>,
    pub(super) if_unmodified_since: Option<dto::Timestamp>,
}

/// The bytes to send.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) bytes: Range<u64>,
    /// Not the whole object.
    pub(super) partial: bool,
    /// Asked for by the number of a part.
    pub(super) by_part: bool,
}

impl Ask {
    /// Checks the conditions (RFC 9110 section 13.2.2) and chooses the bytes.
    pub(super) fn select(&self, record: &ObjectRecord) -> S3Result<Selected> {
        self.check_conditions(record)?;
        match (&self.range, self.part) {
            (Some(_), Some(_)) => Err(error::invalid_request(
                "Cannot specify both Range header and partNumber query parameter.",
            )),
            (Some(range), None) => {
                let bytes = range
                    .check(record.size)
                    .ok()
                    .filter(|bytes| !bytes.is_empty());
                let bytes = bytes.ok_or_else(|| error::plain(S3ErrorCode::InvalidRange))?;
                Ok(Selected {
                    bytes,
                    partial: true,
                    by_part: false,
                })
            }
            (None, Some(part)) => {
                let bytes = part_range(record, part)?;
                Ok(Selected {
                    partial: bytes != (0..record.size),
                    bytes,
                    by_part: true,
                })
            }
            (None, None) => Ok(Selected {
                bytes: 0..record.size,
                partial: false,
                by_part: false,
            }),
        }
    }

    fn check_conditions(&self, record: &ObjectRecord) -> S3Result<()> {
        let etag = dto::ETag::Strong(record.etag.clone());
        let modified = timestamp(record.modified_at);
        let matches = |condition: &dto::ETagCondition| {
            condition.is_any()
                || condition
                    .as_etag()
                    .is_some_and(|given| given.weak_cmp(&etag))
        };
        let failed = || error::plain(S3ErrorCode::PreconditionFailed);
        if let Some(condition) = &self.if_match {
            if !matches(condition) {
                return Err(failed());
            }
        } else if self
            .if_unmodified_since
            .as_ref()
            .is_some_and(|since| modified > *since)
        {
            return Err(failed());
        }
        let unchanged = if let Some(condition) = &self.if_none_match {
            matches(condition)
        } else {
            self.if_modified_since
                .as_ref()
                .is_some_and(|since| modified <= *since)
        };
        if unchanged {
            let mut not_modified = S3Error::new(S3ErrorCode::NotModified);
            if let Ok(value) = etag.to_http_header() {
                let headers = http::HeaderMap::from_iter([(http::header::ETAG, value)]);
                not_modified.set_headers(headers);
            }
            return Err(not_modified);
        }
        Ok(())
    }
}

fn part_range(record: &ObjectRecord, part: i32) -> S3Result<Range<u64>> {
    let whole = [record.size];
    let parts = if record.parts.is_empty() {
        &whole[..]
    } else {
        &record.parts[..]
    };
    let index = usize::try_from(part)
        .ok()
        .and_then(|part| part.checked_sub(1));
    let Some((before, size)) =
        index.and_then(|index| Some((parts.get(..index)?, parts.get(index)?)))
    else {
        return Err(error::custom(
            416,
            "InvalidPartNumber",
            "The requested partnumber is not satisfiable",
        ));
    };
    let start: u64 = before.iter().sum();
    Ok(start..start + size)
}

/// Finds and opens an object. Its file may be replaced between the two steps; then it is looked up
/// again.
pub(super) async fn open(
    backend: &Backend,
    call: &Call,
    place: (&str, &BucketRecord),
    key: &str,
    ask: &Ask,
) -> S3Result<(ObjectRecord, Selected, Reader)> {
    let mut tries = 3;
    loop {
        let record = backend.object(call, place, key)?;
        let selected = ask.select(&record)?;
        let length = selected.bytes.end - selected.bytes.start;
        match backend
            .storage
            .files
            .read(&record.file, selected.bytes.start, length)
            .await
        {
            Ok(reader) => return Ok((record, selected, reader)),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound && tries > 0 => tries -= 1,
            Err(fault) => return Err(error::io(&fault)),
        }
    }
}
