//! The connection to the mail server (SMTP, RFC 5321).

use std::time::Duration;

use jetway_identity::mail::{DeliveryProblem, OutgoingMails};
use jetway_identity::settings::MailSecurity;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};

/// Longest time for one command.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// A transport as the settings say. TLS is demanded where it is asked for, never only tried, and
/// the server's certificate has to be good for its name: by what the system trusts, and by `roots`.
pub(super) fn transport(
    outgoing: &OutgoingMails,
    roots: &[Certificate],
) -> Result<Transport, DeliveryProblem> {
    let server = &outgoing.server;
    let tls = match server.security {
        MailSecurity::None => Tls::None,
        MailSecurity::StartTls => Tls::Required(parameters(&server.host, roots)?),
        MailSecurity::Tls => Tls::Wrapper(parameters(&server.host, roots)?),
    };
    let mut builder = Transport::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(PATIENCE));
    if !server.username.is_empty() {
        let password = outgoing.password.as_ref();
        let password = password.map(|text| text.to_string()).unwrap_or_default();
        builder = builder.credentials(Credentials::new(server.username.clone(), password));
    }
    Ok(builder.build())
}

fn parameters(host: &str, roots: &[Certificate]) -> Result<TlsParameters, DeliveryProblem> {
    let mut builder = TlsParameters::builder(host.to_owned());
    for root in roots {
        builder = builder.add_root_certificate(root.clone());
    }
    builder.build().map_err(|error| problem(&error))
}

/// What the mail server or the way to it said. A refusal of the connection or of the sign-in is a
/// matter of the settings and passes when they are right; of the mail itself (5yz after that) it is
/// for good.
pub(super) fn problem(error: &Error) -> DeliveryProblem {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = inner.source();
    }
    let code = error.status().map(u16::from);
    // RFC 4954 §6: what is said about credentials and about missing sign-in.
    let of_settings = code.is_some_and(|code| matches!(code, 530 | 534 | 535 | 538));
    DeliveryProblem {
        text,
        permanent: error.is_permanent() && !of_settings,
    }
}
