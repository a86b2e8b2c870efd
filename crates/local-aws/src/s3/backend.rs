//! The operations that exist. `s3s` answers `NotImplemented` for every other one.

use s3s::{S3, S3ErrorCode, S3Request, S3Response, S3Result, dto};

use super::{
    buckets,
    call::Call,
    complete, copy, delete, error, listing, multipart, objects,
    records::{BucketRecord, ObjectRecord},
    store::Storage,
    upload,
};
use crate::{LocalAws, StoreError};

/// What the operations work on.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    pub(super) storage: Storage,
    /// `http://localhost:4566`, for the addresses in answers.
    pub(super) public_url: String,
}

impl Backend {
    pub(super) fn new(aws: &LocalAws) -> Self {
        Self {
            storage: aws.s3_storage().clone(),
            public_url: aws
                .settings()
                .public_url
                .as_str()
                .trim_end_matches('/')
                .to_owned(),
        }
    }

    /// The bucket of a request; `NoSuchBucket` if there is none. A client may say which account
    /// it believes to own the bucket.
    pub(super) fn bucket(
        &self,
        name: &str,
        expected_owner: Option<&str>,
    ) -> S3Result<BucketRecord> {
        let found = self
            .storage
            .bucket(name)
            .map_err(|fault| error::store(&fault))?;
        let bucket = found.ok_or_else(|| error::plain(S3ErrorCode::NoSuchBucket))?;
        if expected_owner.is_some_and(|owner| owner != bucket.account) {
            return Err(error::plain(S3ErrorCode::AccessDenied));
        }
        Ok(bucket)
    }

    /// The object of a request that may read it.
    pub(super) fn object(
        &self,
        call: &Call,
        (name, bucket): (&str, &BucketRecord),
        key: &str,
    ) -> S3Result<ObjectRecord> {
        let found = self
            .storage
            .object(name, key)
            .map_err(|fault| error::store(&fault))?;
        found.ok_or_else(|| call.no_such_key(name, bucket))
    }

    /// Runs what waits for the disk off the request threads.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Storage) -> Result<T, StoreError> + Send + 'static,
    ) -> S3Result<T> {
        let storage = self.storage.clone();
        match tokio::task::spawn_blocking(move || work(&storage)).await {
            Ok(done) => done.map_err(|fault| error::store(&fault)),
            Err(fault) => Err(error::internal("blocking work", &fault)),
        }
    }

    /// Removes files whose records are gone.
    pub(super) async fn free(&self, files: impl IntoIterator<Item = String>) {
        for file in files {
            self.storage.files.remove(&file).await;
        }
    }
}

/// One method per operation: who calls, then the function that does it, waited for if it must be.
macro_rules! operations {
    ($($operation:ident($input:ident) -> $output:ident = $function:path $(, $wait:tt)?;)*) => {
        #[async_trait::async_trait]
        impl S3 for Backend {
            $(
                async fn $operation(
                    &self,
                    request: S3Request<dto::$input>,
                ) -> S3Result<S3Response<dto::$output>> {
                    let call = Call::of(&request)?;
                    $function(self, &call, request)$(.$wait)?.map(S3Response::new)
                }
            )*
        }
    };
}

operations! {
    list_buckets(ListBucketsInput) -> ListBucketsOutput = buckets::list;
    create_bucket(CreateBucketInput) -> CreateBucketOutput = buckets::create, await;
    delete_bucket(DeleteBucketInput) -> DeleteBucketOutput = buckets::delete, await;
    head_bucket(HeadBucketInput) -> HeadBucketOutput = buckets::head;
    get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput = buckets::location;
    list_objects(ListObjectsInput) -> ListObjectsOutput = listing::list_v1, await;
    list_objects_v2(ListObjectsV2Input) -> ListObjectsV2Output = listing::list_v2, await;
    get_object(GetObjectInput) -> GetObjectOutput = objects::get, await;
    head_object(HeadObjectInput) -> HeadObjectOutput = objects::head;
    delete_object(DeleteObjectInput) -> DeleteObjectOutput = delete::one, await;
    delete_objects(DeleteObjectsInput) -> DeleteObjectsOutput = delete::many, await;
    get_object_tagging(GetObjectTaggingInput) -> GetObjectTaggingOutput = objects::tagging;
    put_object(PutObjectInput) -> PutObjectOutput = upload::put, await;
    copy_object(CopyObjectInput) -> CopyObjectOutput = copy::copy, await;
    create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput = multipart::create, await;
    upload_part(UploadPartInput) -> UploadPartOutput = multipart::put_part, await;
    upload_part_copy(UploadPartCopyInput) -> UploadPartCopyOutput = copy::copy_part, await;
    complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput = complete::complete, await;
    abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput = multipart::abort, await;
}
