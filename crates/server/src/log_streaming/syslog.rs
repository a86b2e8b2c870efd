//! Events as syslog messages: RFC 5424, over UDP (RFC 5426), TCP (RFC 6587 §3.4.1, octet counting)
//! or TLS (RFC 5425). The message is the event's JSON in ASCII.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use jetway_identity::Event;
use jetway_identity::events::event_json;
use jetway_identity::log_destinations::{Batch, SyslogTransport};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_platform_verifier::BuilderVerifierExt;

/// Facility 13, log audit (RFC 5424 §6.2.1).
const FACILITY: u8 = 13;
const INFORMATIONAL: u8 = 6;
const WARNING: u8 = 4;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait for the receiver's end of the connection, to know that it took everything.
/// Some never close; that is no failure.
const LINGER: Duration = Duration::from_millis(500);
/// What fits into a datagram of IPv4 and IPv6 alike, headers off. More is cut.
const MAX_DATAGRAM: usize = 65_000;

pub(crate) fn deliver(
    batch: &Batch,
    (host, port): (&str, u16),
    transport: SyslogTransport,
) -> Result<(), String> {
    let host_name = own_name();
    let messages: Vec<_> = batch
        .events
        .iter()
        .map(|event| {
            message(
                event,
                &event_json(event, batch.organisation).to_string(),
                &host_name,
            )
        })
        .collect();
    let addresses = resolve(host, port)?;
    let sent = match transport {
        SyslogTransport::Udp => by_udp(&messages, &addresses),
        SyslogTransport::Tcp => connect(&addresses)
            .and_then(|mut stream| by_stream(&messages, &mut stream, |stream| stream)),
        SyslogTransport::Tls => by_tls(&messages, host, &addresses),
    };
    sent.map_err(|error| format!("{host}:{port}: {error}."))
}

fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = (host, port).to_socket_addrs();
    let found = found.map_err(|error| format!("{host} cannot be found: {error}."))?;
    Ok(found.collect())
}

fn connect(addresses: &[SocketAddr]) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::other("it has no address");
    for address in addresses {
        match TcpStream::connect_timeout(address, CONNECT_TIMEOUT) {
            Ok(stream) => {
                stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
                stream.set_read_timeout(Some(LINGER))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Writes the messages, then waits for the receiver to close or to say nothing: a connection that
/// was reset meanwhile is noticed here.
fn by_stream<S: Read + Write>(
    messages: &[String],
    stream: &mut S,
    socket: impl Fn(&mut S) -> &mut TcpStream,
) -> std::io::Result<()> {
    for message in messages {
        write!(stream, "{} {message}", message.len())?;
    }
    stream.flush()?;
    socket(stream).shutdown(std::net::Shutdown::Write)?;
    let mut rest = [0; 256];
    loop {
        match stream.read(&mut rest) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock
                        | std::io::ErrorKind::TimedOut
                        | std::io::ErrorKind::UnexpectedEof
                ) =>
            {
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
}

fn by_tls(messages: &[String], host: &str, addresses: &[SocketAddr]) -> std::io::Result<()> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(std::io::Error::other)?
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let connection =
        ClientConnection::new(Arc::new(config), name).map_err(std::io::Error::other)?;
    let stream = connect(addresses)?;
    stream.set_read_timeout(Some(WRITE_TIMEOUT))?;
    let mut stream = StreamOwned::new(connection, stream);
    // The handshake, with the time that it may take.
    stream.conn.complete_io(&mut stream.sock)?;
    stream.sock.set_read_timeout(Some(LINGER))?;
    for message in messages {
        write!(stream, "{} {message}", message.len())?;
    }
    stream.conn.send_close_notify();
    by_stream(&[], &mut stream, |stream| &mut stream.sock)
}

fn by_udp(messages: &[String], addresses: &[SocketAddr]) -> std::io::Result<()> {
    let Some(address) = addresses.first() else {
        return Err(std::io::Error::other("it has no address"));
    };
    let any = if address.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(any)?;
    // Connected, so that a refusal that comes back is an error of the next message.
    socket.connect(address)?;
    for message in messages {
        let bytes = message.as_bytes();
        socket.send(bytes.get(..MAX_DATAGRAM).unwrap_or(bytes))?;
    }
    Ok(())
}

/// One message (RFC 5424 §6).
fn message(event: &Event, json: &str, host_name: &str) -> String {
    let severity = if event.success {
        INFORMATIONAL
    } else {
        WARNING
    };
    let at = event.at.to_offset(time::UtcOffset::UTC);
    let mut text = format!(
        "<{}>1 {:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z {host_name} jetway - {} - ",
        FACILITY * 8 + severity,
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond(),
        event.kind.as_str(),
    );
    // In ASCII, so that no receiver has to guess the encoding.
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

/// This machine's name; "-" when it has none that fits.
fn own_name() -> String {
    let name = rustix::system::uname();
    let name = name.nodename().to_string_lossy();
    let fits =
        !name.is_empty() && name.len() <= 255 && name.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        name.into_owned()
    } else {
        "-".to_owned()
    }
}
