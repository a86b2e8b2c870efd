//! Errors as AWS puts them on the wire.

use std::borrow::Cow;

use crate::xml::XmlWriter;

/// Whose fault an error is: the `<Type>` of the query protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request was wrong (4xx).
    Sender,
    /// The service failed (5xx).
    Receiver,
}

impl Fault {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
        }
    }
}

/// One error of an AWS service: HTTP status, code and the message that the caller sees.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct AwsError {
    /// HTTP status.
    pub status: u16,
    /// Error code, for example `InvalidIdentityToken`.
    pub code: Cow<'static, str>,
    /// Text for the caller.
    pub message: String,
    /// Sender or receiver.
    pub fault: Fault,
}

impl AwsError {
    /// An error that the caller caused.
    pub fn sender(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            fault: Fault::Sender,
        }
    }

    /// HTTP 400 with the given code.
    pub fn bad_request(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::sender(400, code, message)
    }

    /// `ValidationError` 400.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::bad_request("ValidationError", message)
    }

    /// `AccessDenied` 403.
    pub fn access_denied(message: impl Into<String>) -> Self {
        Self::sender(403, "AccessDenied", message)
    }

    /// `MissingAuthenticationToken` 403: what a query service answers to an unsigned request.
    pub fn missing_authentication_token() -> Self {
        Self::sender(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        )
    }

    /// `InvalidClientTokenId` 403: the access key is unknown, or the session token is not its own.
    pub fn invalid_client_token_id() -> Self {
        Self::sender(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid",
        )
    }

    /// `ExpiredToken` 403 of the query services. S3 answers another text with 400.
    pub fn expired_token() -> Self {
        Self::sender(
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
        )
    }

    /// `InvalidAction` 400: the service has no such operation in this version.
    pub fn invalid_action(action: &str, version: &str) -> Self {
        Self::bad_request(
            "InvalidAction",
            format!("Could not find operation {action} for version {version}"),
        )
    }

    /// `InternalFailure` 500. The cause belongs in the log, not in front of the caller.
    pub fn internal() -> Self {
        Self {
            status: 500,
            code: Cow::Borrowed("InternalFailure"),
            message: "The request processing has failed because of an unknown error, exception \
                      or failure."
                .to_owned(),
            fault: Fault::Receiver,
        }
    }

    /// The `<ErrorResponse>` envelope of the query protocol; the media type is `text/xml`.
    pub fn to_query_xml(&self, namespace: &str, request_id: &str) -> String {
        let mut xml = XmlWriter::new();
        xml.element_with("ErrorResponse", &[("xmlns", namespace)], |xml| {
            xml.element("Error", |xml| {
                xml.text("Type", self.fault.as_str());
                xml.text("Code", &self.code);
                xml.text("Message", &self.message);
            });
            xml.text("RequestId", request_id);
        });
        xml.finish()
    }

    /// The `<Error>` document of S3 (no namespace); the media type is `application/xml`.
    pub fn to_s3_xml(&self, request_id: &str, host_id: &str) -> String {
        self.to_s3_xml_with(&[], request_id, host_id)
    }

    /// Like [`Self::to_s3_xml`], with the further members that some codes carry (`BucketName`,
    /// `Key`, `Region` …) between the message and the request id, as S3 orders them.
    pub fn to_s3_xml_with(
        &self,
        details: &[(&str, &str)],
        request_id: &str,
        host_id: &str,
    ) -> String {
        let mut xml = XmlWriter::with_declaration();
        xml.element("Error", |xml| {
            xml.text("Code", &self.code);
            xml.text("Message", &self.message);
            for (name, value) in details {
                xml.text(name, value);
            }
            xml.text("RequestId", request_id);
            xml.text("HostId", host_id);
        });
        xml.finish()
    }
}
