//! The worker against a real SMTP server.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jetway_identity::credentials::invite_user;
use jetway_identity::mail::{Mail, list_mails, send_test_mail};
use jetway_identity::settings::{MailSecurity, MailServer};
use jetway_identity::{
    Actor, CreationMethod, KeyRing, MailState, NewUser, Op, PasswordHashers, SealingKey, Store,
    UserId, UserState, create_user,
};
use jetway_store_sql::SqlStore;
use jetway_testkit::require;
use jetway_testkit::smtp::{self, PASSWORD, Protection, Server, USERNAME};
use lettre::transport::smtp::client::Certificate;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;
use url::Url;

use crate::clock::System;
use crate::mail::Post;

struct Office {
    post: Post,
    folder: TempDir,
}

fn op() -> Op {
    let actor = Actor::System("test".to_owned());
    Op::new(System::time(), System::randomness(), actor, "t".to_owned())
}

impl Office {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqlStore::open_folder(&folder.path().join("data"))
            .await
            .unwrap();
        let keys = KeyRing::new(SealingKey::from_bytes(&[7; 32]));
        let post = Post {
            store: Arc::new(store),
            keys: Arc::new(keys),
            roots: Vec::new(),
        };
        Self { post, folder }
    }

    fn store(&self) -> &dyn Store {
        self.post.store.as_ref()
    }

    async fn configure(&self, port: u16, security: MailSecurity, password: &str) {
        let sealing = self.post.keys.sealing();
        let sealed = MailServer::seal_password(sealing, &mut System::randomness(), password);
        let anonymous = security == MailSecurity::None;
        let mail = MailServer {
            host: "localhost".to_owned(),
            port,
            security,
            username: if anonymous {
                String::new()
            } else {
                USERNAME.to_owned()
            },
            sealed_password: Some(sealed),
            from: "jetway@the-acme-corporation.com".to_owned(),
        };
        // As an older version or a hand in the database could have stored it.
        let mut write = self.store().write().await.unwrap();
        let mut settings = write.settings().await.unwrap();
        settings.sections.mail = Some(mail);
        "Ácme \"קורפ\"\r\nBcc: evil@example.com".clone_into(&mut settings.sections.profile.name);
        settings.version += 1;
        write.put_settings(&settings).await.unwrap();
        write.commit().await.unwrap();
    }

    async fn test_mail(&self, to: &str) {
        send_test_mail(&mut op(), self.store(), self.post.keys.sealing(), to)
            .await
            .unwrap();
    }

    async fn pending(&self, email: &str, first_name: &str) -> UserId {
        let new = NewUser {
            email: email.to_owned(),
            username: "coyote".to_owned(),
            first_name: first_name.to_owned(),
            last_name: "Coyote".to_owned(),
            display_name: String::new(),
            password: None,
            state: UserState::Staged,
            attributes: BTreeMap::new(),
            custom_attributes: BTreeMap::new(),
            password_never_expires: false,
            created_by: CreationMethod::Manual,
        };
        let hashers = PasswordHashers::start().unwrap();
        create_user(&mut op(), self.store(), &hashers, new)
            .await
            .unwrap()
    }

    async fn newest(&self) -> Mail {
        list_mails(self.store(), None, None, 1)
            .await
            .unwrap()
            .remove(0)
    }

    /// A certificate for localhost in two files, trusted or not.
    fn certificate(&mut self, trusted: bool) -> (std::path::PathBuf, std::path::PathBuf) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let paths = ["certificate.pem", "key.pem"].map(|name| self.folder.path().join(name));
        std::fs::write(&paths[0], cert.pem()).unwrap();
        std::fs::write(&paths[1], signing_key.serialize_pem()).unwrap();
        if trusted {
            let root = Certificate::from_pem(cert.pem().as_bytes()).unwrap();
            self.post.roots.push(root);
        }
        let [certificate, key] = paths;
        (certificate, key)
    }
}

fn start(python: &Path, protection: Protection, files: Option<(&Path, &Path)>) -> Server {
    Server::start(python, protection, files).unwrap()
}

/// Requirement A13: the mail arrives, with a link that is whole, and with nothing that a name could
/// smuggle in.
#[tokio::test]
async fn an_invitation_arrives_as_one_plain_text_mail() {
    let python = require!(smtp::python());
    let server = start(&python, Protection::None, None);
    let office = Office::open().await;
    office
        .configure(server.port(), MailSecurity::None, "")
        .await;
    let user = office
        .pending("coyote@contractor.example", "Wile \u{202E}E. 🦤 ש")
        .await;
    let url = Url::parse("https://sso.acme.example").unwrap();
    let sealing = office.post.keys.sealing();
    invite_user(&mut op(), office.store(), sealing, &url, user)
        .await
        .unwrap();
    let text = office
        .newest()
        .await
        .text(sealing)
        .unwrap()
        .unwrap()
        .to_string();
    office.post.send_due().await.unwrap();

    let received = server.received().unwrap();
    let [mail] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(mail.from, "jetway@the-acme-corporation.com");
    assert_eq!(mail.to, ["coyote@contractor.example"], "and nobody else");
    assert_eq!(mail.text.trim_end(), text.trim_end());
    assert!(text.contains("https://sso.acme.example/activate/"));
    assert!(
        mail.subject.starts_with("Activate your account at Ácme"),
        "{}",
        mail.subject
    );
    let head = mail.raw.split("\r\n\r\n").next().unwrap();
    let names: Vec<_> = head
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    assert!(!names.contains(&"bcc".to_owned()), "{head}");
    assert!(names.contains(&"auto-submitted".to_owned()), "{head}");
    assert!(head.is_ascii(), "{head}");
    let sent = office.newest().await;
    assert_eq!(sent.state, MailState::Sent);
    assert_eq!(sent.sealed_text, None, "the link is the recipient's alone");
    office.post.send_due().await.unwrap();
    assert_eq!(server.received().unwrap().len(), 1, "sent once");
}

#[tokio::test]
async fn mails_go_over_tls_with_sign_in() {
    let python = require!(smtp::python());
    for (protection, security) in [
        (Protection::StartTls, MailSecurity::StartTls),
        (Protection::Tls, MailSecurity::Tls),
    ] {
        let mut office = Office::open().await;
        let (certificate, key) = office.certificate(true);
        let server = start(&python, protection, Some((&certificate, &key)));
        office.configure(server.port(), security, PASSWORD).await;
        office
            .test_mail("road.runner@the-acme-corporation.com")
            .await;
        office.post.send_due().await.unwrap();
        let newest = office.newest().await;
        assert_eq!(
            newest.state,
            MailState::Sent,
            "{protection:?}: {:?}",
            newest.last_error
        );
        assert_eq!(server.received().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_whose_certificate_is_not_trusted() {
    let python = require!(smtp::python());
    for (protection, security) in [
        (Protection::StartTls, MailSecurity::StartTls),
        (Protection::Tls, MailSecurity::Tls),
    ] {
        let mut office = Office::open().await;
        let (certificate, key) = office.certificate(false);
        let server = start(&python, protection, Some((&certificate, &key)));
        office.configure(server.port(), security, PASSWORD).await;
        office
            .test_mail("road.runner@the-acme-corporation.com")
            .await;
        office.post.send_due().await.unwrap();
        let newest = office.newest().await;
        assert_eq!(newest.state, MailState::Waiting);
        let error = newest.last_error.unwrap();
        assert!(error.to_lowercase().contains("certificate"), "{error}");
        assert!(server.received().unwrap().is_empty());
    }
}

/// A server that takes STARTTLS away from what it offers gets nothing in clear.
#[tokio::test]
async fn starttls_is_demanded_and_not_only_tried() {
    let python = require!(smtp::python());
    let server = start(&python, Protection::None, None);
    let office = Office::open().await;
    office
        .configure(server.port(), MailSecurity::StartTls, PASSWORD)
        .await;
    office
        .test_mail("road.runner@the-acme-corporation.com")
        .await;
    office.post.send_due().await.unwrap();
    assert_eq!(office.newest().await.state, MailState::Waiting);
    assert!(server.received().unwrap().is_empty());
}

#[tokio::test]
async fn a_wrong_password_for_the_server_is_said_and_tried_again() {
    let python = require!(smtp::python());
    let mut office = Office::open().await;
    let (certificate, key) = office.certificate(true);
    let server = start(&python, Protection::Tls, Some((&certificate, &key)));
    office
        .configure(server.port(), MailSecurity::Tls, "wrong")
        .await;
    office
        .test_mail("road.runner@the-acme-corporation.com")
        .await;
    office.post.send_due().await.unwrap();
    let newest = office.newest().await;
    assert_eq!(newest.state, MailState::Waiting, "{:?}", newest.last_error);
    let error = newest.last_error.unwrap();
    assert!(error.contains("535"), "{error}");
    assert!(!error.contains("wrong"), "{error}");
}

#[tokio::test]
async fn a_refused_recipient_fails_for_good_and_a_busy_server_later() {
    let python = require!(smtp::python());
    let server = start(&python, Protection::None, None);
    let office = Office::open().await;
    office
        .configure(server.port(), MailSecurity::None, "")
        .await;
    for (to, state, reply) in [
        ("refused@the-acme-corporation.com", MailState::Failed, "550"),
        ("later@the-acme-corporation.com", MailState::Waiting, "451"),
    ] {
        office.test_mail(to).await;
        office.post.send_due().await.unwrap();
        let newest = office.newest().await;
        assert_eq!((newest.state, newest.attempts), (state, 1), "{to}");
        let error = newest.last_error.unwrap();
        assert!(error.contains(reply), "{error}");
    }
    assert!(server.received().unwrap().is_empty());
}

/// Fault plan F8: no mail server there.
#[tokio::test]
async fn a_mail_waits_for_a_server_that_is_down() {
    let office = Office::open().await;
    let port = jetway_testkit::free_port();
    office.configure(port, MailSecurity::None, "").await;
    office
        .test_mail("road.runner@the-acme-corporation.com")
        .await;
    office.post.send_due().await.unwrap();
    let newest = office.newest().await;
    assert_eq!(newest.state, MailState::Waiting);
    assert!(newest.last_error.is_some());
}
