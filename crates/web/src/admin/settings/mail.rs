//! The mail server, and trying it out.

use jetway_identity::mail::send_test_mail;
use jetway_identity::settings::{MailSecurity, MailServer};
use jetway_identity::{Mail as OutboxMail, MailId, MailState, Permission, Sections};
use jetway_pages::Body;
use jetway_pages::admin::parts::{Badge, Choice, Select, Tone};
use jetway_pages::admin::settings::{MailSettings, SettingsHead, SettingsTab};

use super::problems::Problems;
use super::tab::{Around, Seal, Tab, typed_text};
use crate::shared::{AdminVisit, Failure, Fields, Site};

const HOST: &str = "mail.host";
const PORT: &str = "mail.port";
const SECURITY: &str = "mail.security";
const USERNAME: &str = "mail.username";
const PASSWORD: &str = "mail.password";
const FROM: &str = "mail.from";

const SECURITIES: [(&str, &str, MailSecurity); 3] = [
    ("tls", "TLS", MailSecurity::Tls),
    ("start_tls", "STARTTLS", MailSecurity::StartTls),
    (
        "none",
        "None (a server on this machine)",
        MailSecurity::None,
    ),
];

/// Which button was pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pressed {
    Save,
    Test,
    Remove,
}

pub(crate) struct Mail {
    pressed: Pressed,
    host: String,
    port: String,
    security: MailSecurity,
    username: String,
    /// `None`: as stored.
    sealed_password: Option<String>,
    from: String,
}

impl Tab for Mail {
    const TAB: SettingsTab = SettingsTab::Mail;
    const SECTIONS: &'static [&'static str] = &["mail"];

    fn stored(sections: &Sections) -> Self {
        let stored = sections.mail.as_ref();
        let text = |of: fn(&MailServer) -> &str| stored.map_or("", of).to_owned();
        Self {
            pressed: Pressed::Save,
            host: text(|server| &server.host),
            port: stored.map_or(465, |server| server.port).to_string(),
            security: stored.map_or(MailSecurity::Tls, |server| server.security),
            username: text(|server| &server.username),
            sealed_password: None,
            from: text(|server| &server.from),
        }
    }

    fn typed(fields: &Fields<'_>, seal: &mut Seal<'_>) -> Result<Self, Failure> {
        let text = |name| typed_text(fields, name);
        let pressed = match fields.get("do")? {
            None | Some("save") => Pressed::Save,
            Some("test") => Pressed::Test,
            Some("remove") => Pressed::Remove,
            Some(_) => return Err(Failure::bad_request()),
        };
        let security = fields.get(SECURITY)?.unwrap_or("tls");
        let security = SECURITIES.iter().find(|(name, ..)| *name == security);
        let (.., security) = *security.ok_or_else(Failure::bad_request)?;
        let password = fields.get(PASSWORD)?.unwrap_or_default();
        Ok(Self {
            pressed,
            host: text(HOST)?,
            port: text(PORT)?,
            security,
            username: text(USERNAME)?,
            sealed_password: (!password.is_empty())
                .then(|| MailServer::seal_password(seal.key, seal.rng, password)),
            from: text(FROM)?,
        })
    }

    fn apply(&self, sections: &mut Sections, problems: &mut Problems) {
        if self.pressed == Pressed::Remove {
            sections.mail = None;
            return;
        }
        let port = self.port.trim().parse().unwrap_or_else(|_| {
            problems.add(PORT, "use a number from 1 to 65535");
            0
        });
        let username = self.username.trim();
        let kept = sections.mail.take();
        let kept = kept.and_then(|server| server.sealed_password);
        let password = self.sealed_password.clone().or(kept);
        sections.mail = Some(MailServer {
            host: self.host.trim().to_owned(),
            port,
            security: self.security,
            username: username.to_owned(),
            // Without a sign-in there is nothing to keep a password for.
            sealed_password: password.filter(|_| !username.is_empty()),
            from: self.from.trim().to_owned(),
        });
    }

    fn page(self, head: SettingsHead, problems: &Problems, around: &Around<'_>) -> impl Body {
        let stored = around.settings.sections.mail.as_ref();
        let choices = SECURITIES
            .iter()
            .map(|(name, words, security)| Choice::new(*name, *words, *security == self.security))
            .collect();
        MailSettings {
            head,
            host: problems.field(HOST, self.host),
            port: problems.field(PORT, self.port),
            security: Select {
                choices,
                error: problems.of(SECURITY),
            },
            username: problems.field(USERNAME, self.username),
            has_password: stored.is_some_and(|server| server.sealed_password.is_some()),
            password_error: problems.of(PASSWORD),
            from: problems.field(FROM, self.from),
            set_up: stored.is_some(),
            can_outbox: around.visit.may(Permission::ReadOutbox),
            test_to: around.visit.administrator.email.clone(),
            test: around.test.as_ref().map(how_it_went),
        }
    }

    fn wants_test(&self) -> bool {
        self.pressed == Pressed::Test
    }
}

/// Writes a test mail to the administrator.
pub(super) async fn send_test(site: &Site, visit: &mut AdminVisit) -> Result<MailId, Failure> {
    let to = visit.administrator.email.clone();
    send_test_mail(&mut visit.op, site.store.as_ref(), site.keys.sealing(), &to)
        .await
        .map_err(Failure::unavailable)
}

/// The test mail that the address names, for those who may see the outbox.
pub(super) async fn tested(
    site: &Site,
    visit: &AdminVisit,
    query: &Fields<'_>,
) -> Result<Option<OutboxMail>, Failure> {
    let id: Option<MailId> = query.get("mail")?.and_then(|id| id.parse().ok());
    let (Some(id), true) = (id, visit.may(Permission::ReadOutbox)) else {
        return Ok(None);
    };
    let mail = site.store.read().await?.mail(id).await?;
    Ok(mail.filter(|mail| mail.link.is_none() && mail.to == visit.administrator.email))
}

fn how_it_went(mail: &OutboxMail) -> (Badge, String) {
    let (tone, word, text) = match mail.state {
        MailState::Waiting if mail.attempts == 0 => (
            Tone::Running,
            "On its way",
            "Load this page again to see how the test went.".to_owned(),
        ),
        MailState::Waiting => (
            Tone::Waiting,
            "Not yet sent",
            format!("The test mail will be tried again. {}", said(mail)),
        ),
        MailState::Sent => (
            Tone::Good,
            "Sent",
            format!("The mail server took the test mail to {}.", mail.to),
        ),
        MailState::Failed => (
            Tone::Bad,
            "Failed",
            format!("The test mail was not sent. {}", said(mail)),
        ),
    };
    (Badge::new(tone, word), text)
}

fn said(mail: &OutboxMail) -> String {
    let error = mail.last_error.as_deref();
    error.map_or_else(String::new, |error| format!("The reason: {error}"))
}
