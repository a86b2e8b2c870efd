//! `/admin/applications/{id}/aws`: what is run in AWS, and the ARNs on their way back.

use jetway_identity::applications::{
    Application, ApplicationChange, NewApplication, RoleRule, SamlKind, application,
    update_application,
};
use jetway_identity::{
    ApplicationId, MappedAttribute, NewGroup, Role, create_application, create_group,
};
use jetway_saml::ATTRIBUTE_ROLE;
use url::Url;

use crate::browser::{Answer, Browser};
use crate::site::{ROLE, Site};

const ACCOUNT: &str = "111122223333";
const PAIR: &str =
    "arn:aws:iam::111122223333:role/SAML-User,arn:aws:iam::111122223333:saml-provider/JumpCloud";

/// A new application of this kind, as the catalogue makes it.
async fn fresh(site: &Site, kind: SamlKind) -> ApplicationId {
    let url = Url::parse(&site.origin).unwrap();
    let new = NewApplication::of_kind(kind, "fresh", "Fresh", &url);
    let (store, sealing) = (site.store.as_ref(), site.sealing());
    create_application(&mut site.op(), store, sealing, new)
        .await
        .unwrap()
}

fn address(id: ApplicationId) -> String {
    format!("/admin/applications/{id}/aws")
}

async fn stored(site: &Site, id: ApplicationId) -> Application {
    let found = application(site.store.as_ref(), id).await.unwrap();
    found.unwrap().as_ref().clone()
}

async fn arns(browser: &mut Browser<'_>, id: ApplicationId, fields: &[(&str, &str)]) -> Answer {
    let csrf = browser.admin_csrf().await;
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    let path = format!("{}/arns", address(id));
    browser.post(&path, &all).await
}

/// The addresses of the downloads on a page.
fn downloads(page: &Answer) -> Vec<String> {
    let parts = page.body.split("href=\"").skip(1);
    let links = parts.map(|part| part.split('"').next().unwrap().replace("&#38;", "&"));
    links
        .filter(|link| link.contains("/aws/") && link.contains('?'))
        .collect()
}

/// Requirement W01: steps and files are filled in from the application.
#[tokio::test]
async fn steps_and_files_have_the_names_of_the_application() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::ReadOnly).await;
    let page = browser.get(&address(site.application)).await;
    assert_eq!(page.status, 200);
    for words in [
        "SAML provider Jetway",
        "account 012345678987",
        "http://localhost:8700/saml2/acme-prod-aws-admin/metadata",
        "http://localhost:4566/saml",
        "Role name: Admin",
        "AssumeRoleWithSAML",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(!page.body.contains("Copy the ARNs back"), "read only");
    let links = downloads(&page);
    let names = ["terraform.tf", "cloudformation.json", "setup.sh"];
    assert_eq!(links.len(), names.len());
    for (link, name) in links.iter().zip(names) {
        let file = browser.get(link).await;
        assert_eq!(file.status, 200, "{link}");
        let disposition = format!("attachment; filename=\"{name}\"");
        assert_eq!(file.header("content-disposition"), disposition);
        assert!(
            file.body.contains("EntityDescriptor"),
            "{name}: the metadata"
        );
        assert!(!file.body.contains("PRIVATE KEY"));
    }
    let template = browser.get(&links[1]).await;
    let json: serde_json::Value = serde_json::from_str(&template.body).unwrap();
    assert!(json["Resources"].is_object());
}

/// Requirements W01 and W02: a second role behind a second provider.
#[tokio::test]
async fn each_provider_has_its_own_files() {
    let site = Site::start().await;
    let (store, id) = (site.store.as_ref(), site.application);
    let mut settings = stored(&site, id)
        .await
        .sign_on
        .saml()
        .unwrap()
        .settings
        .clone();
    let second = ROLE
        .replace("/Admin", "/SAML2-User")
        .replace("/Jetway", "/JumpCloud2");
    settings
        .constant_attributes
        .push((ATTRIBUTE_ROLE.to_owned(), second));
    let change = ApplicationChange {
        saml: Some(settings),
        ..ApplicationChange::default()
    };
    update_application(&mut site.op(), store, id, None, change)
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(&address(id)).await;
    let links = downloads(&page);
    assert_eq!(links.len(), 6);
    let first = browser.get(&links[0]).await.body;
    let second = browser.get(&links[3]).await.body;
    assert!(first.contains("\"Admin\"") && !first.contains("SAML2-User"));
    assert!(second.contains("SAML2-User") && second.contains("JumpCloud2"));
}

/// Requirement W01, for a fresh application: the placeholder asks for an account.
#[tokio::test]
async fn a_fresh_application_asks_for_accounts_roles_and_policies() {
    let site = Site::start().await;
    let id = fresh(&site, SamlKind::AwsIam).await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(&address(id)).await;
    assert!(
        page.body
            .contains("This application names no AWS account yet.")
    );
    assert!(page.body.contains("SAML-User") && downloads(&page).is_empty());
    assert_eq!(page.input("provider").as_deref(), Some("JumpCloud"));
    let query =
        format!("accounts={ACCOUNT}&roles=SAML-User&provider=JumpCloud&policies=ReadOnlyAccess");
    let page = browser.get(&format!("{}?{query}", address(id))).await;
    let links = downloads(&page);
    assert_eq!(links.len(), 3);
    let terraform = browser.get(&links[0]).await;
    assert!(
        terraform
            .body
            .contains("arn:aws:iam::aws:policy/ReadOnlyAccess")
    );
    assert!(terraform.body.contains(ACCOUNT));
    let wrong = browser.get(&format!("{}?accounts=123", address(id))).await;
    assert_eq!(wrong.status, 200);
    assert!(
        wrong
            .body
            .contains("An AWS account is a number of 12 digits")
    );
    let file = format!("{}/terraform.tf?accounts=123", address(id));
    assert_eq!(browser.get(&file).await.status, 404);
}

/// Requirements W03, W04, V02 and V04.
#[tokio::test]
async fn identity_center_has_its_steps_its_attributes_and_a_policy_that_reads_them() {
    let site = Site::start().await;
    let id = fresh(&site, SamlKind::IdentityCenter).await;
    let store = site.store.as_ref();
    let mut settings = stored(&site, id)
        .await
        .sign_on
        .saml()
        .unwrap()
        .settings
        .clone();
    settings.user_attribute_mapping.push(MappedAttribute {
        name: "https://aws.amazon.com/SAML/Attributes/AccessControl:Region".to_owned(),
        source: "addresses.work.region".parse().unwrap(),
    });
    let change = ApplicationChange {
        saml: Some(settings),
        ..ApplicationChange::default()
    };
    update_application(&mut site.op(), store, id, None, change)
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(&address(id)).await;
    for words in [
        "Change identity source",
        "Type ACCEPT in the text box",
        "AWS shows the token once",
        "Attributes for access control",
        "AccessControl:Region",
        "aws:PrincipalTag/Region",
        "No permission set is named yet",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(!page.body.contains("Copy the ARNs back"));
    let query = format!(
        "region=eu-west-1&permission_sets=ReadOnly&policies=ReadOnlyAccess&groups=operations&accounts={ACCOUNT}"
    );
    let page = browser.get(&format!("{}?{query}", address(id))).await;
    let terraform = browser.get(&downloads(&page)[0]).await;
    for words in ["eu-west-1", "ReadOnly", "operations", ACCOUNT] {
        assert!(terraform.body.contains(words), "{words}");
    }
    assert_eq!(arns(&mut browser, id, &[("arns", PAIR)]).await.status, 404);
}

/// Requirement W01: "copy the ARNs back". Before and after are shown first.
#[tokio::test]
async fn pasted_arns_replace_the_placeholder_once_they_are_confirmed() {
    let site = Site::start().await;
    let id = fresh(&site, SamlKind::AwsIam).await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let shown = arns(&mut browser, id, &[("arns", PAIR)]).await;
    assert_eq!(shown.status, 200);
    assert!(
        shown
            .body
            .contains("YOUR_AWS_ACCOUNT_NUMBER:role/SAML-User")
    );
    assert_eq!(shown.input("pair").as_deref(), Some(PAIR));
    assert_eq!(stored(&site, id).await.version, 1, "nothing is changed yet");
    let version = shown.input("version").unwrap();
    let confirmed = [
        ("do", "save"),
        ("version", version.as_str()),
        ("pair", PAIR),
    ];
    let saved = arns(&mut browser, id, &confirmed).await;
    assert_eq!(
        saved.location(),
        format!("{}?done=roles", address(id)),
        "{}",
        saved.body
    );
    let settings = stored(&site, id)
        .await
        .sign_on
        .saml()
        .unwrap()
        .settings
        .clone();
    let roles: Vec<_> = settings
        .constant_attributes
        .iter()
        .filter(|(name, _)| name == ATTRIBUTE_ROLE)
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(roles, [PAIR]);
    let page = browser.get(saved.location()).await;
    assert!(page.body.contains("The roles are replaced."));
    assert!(page.body.contains(&format!("account {ACCOUNT}")));
    // The same version again: somebody was faster.
    let stale = arns(&mut browser, id, &confirmed).await;
    assert_eq!(stale.status, 409);
    assert!(
        stale
            .body
            .contains("Somebody else changed this application")
    );
}

#[tokio::test]
async fn the_output_of_terraform_is_read_and_what_is_not_understood_is_said() {
    let site = Site::start().await;
    let id = fresh(&site, SamlKind::AwsIam).await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let (role, provider) = PAIR.split_once(',').unwrap();
    let output = format!(
        "{{\"jetway_roles\": {{\"value\": [{{\"role_arn\": \"{role}\", \"provider_arn\": \"{provider}\"}}]}}}}"
    );
    let read = arns(&mut browser, id, &[("arns", &output)]).await;
    assert_eq!(read.input("pair").as_deref(), Some(PAIR), "{}", read.body);
    let half = format!("{PAIR}\nhello <b>\n");
    let half = arns(&mut browser, id, &[("arns", &half)]).await;
    assert!(
        half.body
            .contains("This was not understood and is left out")
    );
    for nothing in ["", "hello", "{", role] {
        let refused = arns(&mut browser, id, &[("arns", nothing)]).await;
        assert_eq!(refused.status, 422, "{nothing}");
    }
    for odd in ["x", role, &format!("{PAIR}\n{PAIR}x"), ""] {
        let fields = [("do", "save"), ("version", "1"), ("pair", odd)];
        assert_eq!(arns(&mut browser, id, &fields).await.status, 400, "{odd}");
    }
    assert_eq!(stored(&site, id).await.version, 1);
    let mut help_desk = site.browser_of_administrator(Role::HelpDesk).await;
    let refused = arns(&mut help_desk, id, &[("arns", PAIR)]).await;
    assert_eq!(refused.status, 403);
}

/// Requirement W01 for many roles: each pair goes to the group that is chosen for it.
#[tokio::test]
async fn with_a_table_of_roles_each_pair_becomes_a_rule_for_the_chosen_group() {
    let site = Site::start().await;
    let id = fresh(&site, SamlKind::AwsIamRoles).await;
    let pattern = NewGroup {
        name: "ops*".to_owned(),
        ..NewGroup::default()
    };
    create_group(&mut site.op(), site.store.as_ref(), pattern)
        .await
        .unwrap();
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let second = PAIR.replace("role/SAML-User", "role/Audit");
    let text = format!("{PAIR}\n{second}");
    let shown = arns(&mut browser, id, &[("arns", &text)]).await;
    assert!(shown.body.contains("Which group gets which role?"));
    assert!(shown.body.contains(">operations</option>"));
    assert!(!shown.body.contains("ops*"), "would be read as a pattern");
    let version = shown.input("version").unwrap();
    let send = |first: &'static str, other: &'static str| {
        vec![
            ("do", "save"),
            ("version", version.as_str()),
            ("pair", PAIR),
            ("group", first),
            ("pair", second.as_str()),
            ("group", other),
        ]
    };
    let none = arns(&mut browser, id, &send("", "")).await;
    assert_eq!(none.status, 422);
    assert!(none.body.contains("Choose a group for at least one role."));
    let wide = arns(&mut browser, id, &send("ops*", "")).await;
    assert_eq!(wide.status, 422);
    assert!(wide.body.contains("would be read as a pattern"));
    let saved = arns(&mut browser, id, &send("", "operations")).await;
    assert_eq!(saved.location(), format!("{}?done=rules", address(id)));
    let rule = RoleRule {
        group: "operations".to_owned(),
        account: ACCOUNT.to_owned(),
        role: "Audit".to_owned(),
        provider: "JumpCloud".to_owned(),
    };
    let settings = stored(&site, id)
        .await
        .sign_on
        .saml()
        .unwrap()
        .settings
        .clone();
    assert_eq!(settings.role_rules, [rule]);
}
