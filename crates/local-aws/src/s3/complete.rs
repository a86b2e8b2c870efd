//! CompleteMultipartUpload.

use std::collections::HashMap;

use s3s::{
    S3ErrorCode, S3Request, S3Result,
    crypto::{Checksum as _, Md5},
    dto,
};

use super::{
    backend::Backend,
    call::Call,
    checksum::{Checksum, Given},
    error,
    intake::{MAX_SIZE, Promise, receive},
    listing::url_encode,
    multipart::{Target, part_number},
    objects::encryption,
    records::{ObjectRecord, PartRecord, UploadRecord},
    upload::{self, WriteCondition},
};

/// Fewest bytes of a part that is not the last.
const MIN_PART: u64 = 5 * 1024 * 1024;

/// Puts the parts together into one file, so that reading an object never depends on several.
pub(super) async fn complete(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::CompleteMultipartUploadInput>,
) -> S3Result<dto::CompleteMultipartUploadOutput> {
    let input = request.input;
    let target = Target {
        bucket: &input.bucket,
        key: &input.key,
        upload_id: &input.upload_id,
        expected_owner: input.expected_bucket_owner.as_deref(),
    };
    let upload = target.find(backend, call, |_| {})?;
    let condition = WriteCondition::new(input.if_match, input.if_none_match)?;
    let listed = input
        .multipart_upload
        .and_then(|upload| upload.parts)
        .unwrap_or_default();
    let uploaded = backend
        .storage
        .parts(&input.upload_id)
        .map_err(|fault| error::store(&fault))?;
    let parts = chosen(&listed, &uploaded)?;
    let size: u64 = parts.iter().map(|part| part.size).sum();
    if input
        .mpu_object_size
        .is_some_and(|expected| u64::try_from(expected) != Ok(size))
    {
        return Err(error::invalid_request(
            "The provided 'x-amz-mp-object-size' header does not match what was computed.",
        ));
    }
    let promised = Checksum::given(Given([
        input.checksum_crc32,
        input.checksum_crc32c,
        input.checksum_crc64nvme,
        input.checksum_sha1,
        input.checksum_sha256,
    ]))?;
    let record = assemble(backend, call, &upload, &parts, promised).await?;
    let (etag, checksum) = (record.etag.clone(), record.checksum.to_dto());
    let (id, file) = (input.upload_id, record.file.clone());
    let written = backend
        .blocking(move |storage| {
            let place = (id.as_str(), &upload);
            storage.complete_upload(place, &record, &|old| condition.holds(old))
        })
        .await;
    let (written, freed) = match written {
        Ok((written, freed)) => (Ok(written), freed),
        Err(refused) => (Err(refused), Vec::new()),
    };
    upload::settle(backend, written, file).await?;
    backend.free(freed).await;
    Ok(dto::CompleteMultipartUploadOutput {
        location: Some(format!(
            "{}/{}/{}",
            backend.public_url,
            input.bucket,
            url_encode(&input.key)
        )),
        bucket: Some(input.bucket),
        key: Some(input.key),
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        checksum_type: checksum.checksum_type,
        e_tag: Some(dto::ETag::Strong(etag)),
        server_side_encryption: Some(encryption()),
        ..dto::CompleteMultipartUploadOutput::default()
    })
}

/// The parts that the client lists, in ascending order and each as it was uploaded.
fn chosen<'a>(
    listed: &[dto::CompletedPart],
    uploaded: &'a HashMap<u16, PartRecord>,
) -> S3Result<Vec<&'a PartRecord>> {
    if listed.is_empty() {
        return Err(error::plain(S3ErrorCode::MalformedXML));
    }
    let mut chosen = Vec::with_capacity(listed.len());
    let mut previous = 0;
    for part in listed {
        let number = part_number(part.part_number.unwrap_or_default())?;
        if number <= previous {
            return Err(error::plain(S3ErrorCode::InvalidPartOrder));
        }
        previous = number;
        let found = uploaded.get(&number).filter(|found| {
            part.e_tag
                .as_ref()
                .is_some_and(|etag| etag.value() == found.etag)
        });
        let found = found.ok_or_else(|| error::plain(S3ErrorCode::InvalidPart))?;
        check_part_checksum(part, found)?;
        chosen.push(found);
    }
    let (_, all_but_last) = chosen.split_last().unwrap_or((&chosen[0], &[]));
    if all_but_last.iter().any(|part| part.size < MIN_PART) {
        return Err(error::plain(S3ErrorCode::EntityTooSmall));
    }
    if chosen.iter().map(|part| part.size).sum::<u64>() > MAX_SIZE {
        return Err(error::plain(S3ErrorCode::EntityTooLarge));
    }
    Ok(chosen)
}

fn check_part_checksum(listed: &dto::CompletedPart, found: &PartRecord) -> S3Result<()> {
    let given = Checksum::given(Given([
        listed.checksum_crc32.clone(),
        listed.checksum_crc32c.clone(),
        listed.checksum_crc64nvme.clone(),
        listed.checksum_sha1.clone(),
        listed.checksum_sha256.clone(),
    ]))?;
    match given {
        Some(given) if given != found.checksum => Err(error::plain(S3ErrorCode::InvalidPart)),
        _ => Ok(()),
    }
}

async fn assemble(
    backend: &Backend,
    call: &Call,
    upload: &UploadRecord,
    parts: &[&PartRecord],
    promised: Option<Checksum>,
) -> S3Result<ObjectRecord> {
    let names = parts.iter().map(|part| (part.file.clone(), part.size));
    let reader = backend.storage.files.read_all(names);
    let full_object = promised.clone().filter(|_| !upload.composite);
    let promise = Promise {
        length: Some(parts.iter().map(|part| part.size).sum()),
        ..upload::promise(full_object, Some(upload.algorithm), None)
    };
    let bytes = reader.into_stream();
    let received = receive(&backend.storage.files, call.fresh_name(), bytes, promise).await?;
    let checksum = if upload.composite {
        let checksums: Vec<&Checksum> = parts.iter().map(|part| &part.checksum).collect();
        Checksum::composite(upload.algorithm, &checksums)
    } else {
        Some(received.checksum)
    };
    let checksum = checksum.ok_or_else(|| error::plain(S3ErrorCode::InvalidPart))?;
    if promised.is_some_and(|promised| !promised.agrees_with(&checksum)) {
        return Err(error::plain(S3ErrorCode::BadDigest));
    }
    Ok(ObjectRecord {
        file: received.file,
        size: received.size,
        etag: etag_of(parts),
        modified_at: call.now(),
        checksum,
        parts: parts.iter().map(|part| part.size).collect(),
        headers: upload.headers.clone(),
    })
}

/// The MD5 of the parts' MD5s, with their number.
fn etag_of(parts: &[&PartRecord]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        // Written by `add_part` from 16 bytes.
        md5.update(&hex::decode(&part.etag).unwrap_or_default());
    }
    format!("{}-{}", hex::encode(md5.finalize()), parts.len())
}
