//! `/admin/applications/new`: an application is added in four steps.

use jetway_identity::applications::{SamlKind, SignOn};
use jetway_identity::{Application, ApplicationAndGroups, EventKind, Role, all_applications};

use crate::admin_users::assert_says;
use crate::browser::{Answer, Browser};
use crate::site::{APPLICATION, Site};

const NEW: &str = "/admin/applications/new";
const GENERAL: &str = "/admin/applications/new/general";

async fn applications(site: &Site) -> Vec<ApplicationAndGroups> {
    all_applications(site.store.as_ref()).await.unwrap()
}

async fn labelled(site: &Site, label: &str) -> Application {
    let all = applications(site).await;
    let found = all.into_iter().find(|one| one.application.label == label);
    found.unwrap().application.as_ref().clone()
}

/// From the options to the review, with what is typed into the third step.
async fn review_of(
    browser: &mut Browser<'_>,
    (entry, portal): (&str, &str),
    typed: &[(&str, &str)],
) -> Answer {
    let general = browser
        .get(&format!("{GENERAL}?entry={entry}&portal={portal}"))
        .await;
    browser.fill_in(&general, (GENERAL, GENERAL), typed).await
}

/// Saves what a review shows.
async fn save(browser: &mut Browser<'_>, review: &Answer) -> Answer {
    browser.fill_in(review, (NEW, NEW), &[]).await
}

/// Requirements F04, F05, F06, G01.
#[tokio::test]
async fn the_catalog_is_searched_and_its_cards_say_which_is_which() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let all = browser.get(NEW).await;
    assert_says(
        &all,
        &[
            "Create New Application Integration",
            "Which application would you like to integrate?",
            "Search from our ever-growing app catalog, or create a custom integration.",
            "<li aria-current=\"step\">Select Application</li>",
            "Amazon Web Services (IAM)",
            "Not for IAM Identity Center.",
            "AWS IAM Identity Center",
            "Not for SAML providers in IAM.",
            "Custom SAML 2.0",
            "<span class=\"badge\">SSO</span>",
            "<span class=\"badge\">Bookmark</span>",
        ],
    );
    let some = browser.get(&format!("{NEW}?q=identity+center")).await;
    assert_says(&some, &["options?entry=aws-identity-center"]);
    assert!(!some.body.contains("options?entry=aws-iam\""));
    let none = browser.get(&format!("{NEW}?q=%3Cscript%3E")).await;
    assert_says(&none, &["No application matches"]);
    assert!(!none.body.contains("<script>"));
}

/// Requirements G01, G02, G03, G07.
#[tokio::test]
async fn the_options_say_what_the_integration_supports() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let page = browser.get(&format!("{NEW}/options?entry=aws-iam")).await;
    assert_says(
        &page,
        &[
            "<li aria-current=\"step\">Select Options</li>",
            "You've selected <bdi>Amazon Web Services (IAM)</bdi>!",
            "This integration supports:",
            "<li>SSO with SAML</li>",
            "Show in User Portal",
            "Cancel",
            "Back",
            "Next",
        ],
    );
    let chosen = page.form(GENERAL);
    assert!(chosen.contains(&("entry".to_owned(), "aws-iam".to_owned())));
    assert!(chosen.contains(&("portal".to_owned(), "show".to_owned())));
    let hidden = browser
        .get(&format!("{NEW}/options?entry=aws-iam&portal=hide"))
        .await;
    let chosen = hidden.form(GENERAL);
    assert!(chosen.contains(&("portal".to_owned(), "hide".to_owned())));
}

/// Requirements G04 to G11, F07, G12, X9.
#[tokio::test]
async fn four_steps_add_an_application_that_nobody_has_yet() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let general = browser
        .get(&format!("{GENERAL}?entry=aws-iam&portal=hide"))
        .await;
    assert_says(
        &general,
        &[
            "<li aria-current=\"step\">Enter General Info</li>",
            "Display Label",
            "Advanced Settings",
            "http://localhost:8700/saml2/",
            "amazonwebservicesiam",
            "The SSO IdP URL is not editable after the application is created.",
        ],
    );
    assert!(!general.body.contains("Bookmark URL"));
    let typed = [
        ("label", "AWS Sandbox"),
        ("description", "To play"),
        ("color", "own"),
        ("own_color", "#FF9900"),
        ("slug", "aws-a"),
    ];
    let review = browser.fill_in(&general, (GENERAL, GENERAL), &typed).await;
    assert_says(
        &review,
        &[
            "<li aria-current=\"step\">Review</li>",
            "AWS Sandbox",
            "To play",
            "Hidden in user portal",
            "http://localhost:8700/saml2/aws-a",
            "#ff9900",
            "Save Application",
        ],
    );
    assert_eq!(applications(&site).await.len(), 1, "nothing is made yet");
    let saved = save(&mut browser, &review).await;
    let made = labelled(&site, "AWS Sandbox").await;
    assert_eq!(
        saved.location(),
        format!("/admin/applications/{}/created", made.id)
    );
    assert_eq!(made.slug, "aws-a");
    assert_eq!(made.description, "To play");
    assert_eq!(made.color, "#ff9900");
    assert!(!made.show_in_portal && !made.active);
    let of_kind = made.sign_on.saml().map(|saml| saml.kind);
    assert_eq!(of_kind, Some(SamlKind::AwsIam));
    let access = applications(&site).await;
    let access = access.iter().find(|one| one.application.id == made.id);
    assert!(access.unwrap().groups.is_empty(), "requirement K01");
    assert_eq!(site.count_events(EventKind::ApplicationCreate).await, 2);
    let created = browser.get(saved.location()).await;
    let configure = format!("href=\"/admin/applications/{}/sso\"", made.id);
    assert_says(
        &created,
        &[
            "The application is saved.",
            "Configure Application",
            configure.as_str(),
            "Close",
        ],
    );
}

/// Requirements F07, G09, X9.
#[tokio::test]
async fn one_entry_of_the_catalog_is_added_several_times() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for label in ["First", "Second"] {
        let review = review_of(&mut browser, ("aws-iam", "show"), &[("label", label)]).await;
        assert_eq!(save(&mut browser, &review).await.status, 303);
    }
    let (first, second) = (
        labelled(&site, "First").await,
        labelled(&site, "Second").await,
    );
    assert_eq!(first.slug, "amazonwebservicesiam");
    assert_eq!(second.slug, "amazonwebservicesiam-2");
    let key = |one: &Application| one.sign_on.saml().unwrap().key;
    assert_ne!(key(&first), key(&second));
}

/// Requirements F08, G08.
#[tokio::test]
async fn a_bookmark_needs_only_an_address() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let general = browser.get(&format!("{GENERAL}?entry=bookmark")).await;
    assert_says(&general, &["Bookmark URL"]);
    assert!(!general.body.contains("SSO IdP URL"));
    let typed = [("label", "Wiki"), ("bookmark_url", "https://wiki.acme.com")];
    let review = browser.fill_in(&general, (GENERAL, GENERAL), &typed).await;
    assert_says(
        &review,
        &["https://wiki.acme.com", "Visible in user portal"],
    );
    let saved = save(&mut browser, &review).await;
    let made = labelled(&site, "Wiki").await;
    assert!(matches!(made.sign_on, SignOn::Bookmark(_)) && made.active);
    let created = browser.get(saved.location()).await;
    let configure = format!("href=\"/admin/applications/{}/general\"", made.id);
    assert_says(&created, &["Configure Application", configure.as_str()]);
}

/// Requirements G04, G06, G08, G12.
#[tokio::test]
async fn what_is_wrong_comes_back_beside_its_field() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let empty = review_of(
        &mut browser,
        ("bookmark", "show"),
        &[("description", "kept")],
    )
    .await;
    assert_eq!(empty.status, 422);
    for words in [
        "The label must not be empty.",
        "The address must not be empty.",
    ] {
        assert!(empty.body.contains(words), "{words}");
    }
    assert_eq!(empty.input("description").as_deref(), Some("kept"));

    let taken = [("label", "Again"), ("slug", APPLICATION)];
    let review = review_of(&mut browser, ("aws-iam", "hide"), &taken).await;
    let refused = save(&mut browser, &review).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("Another application has this URL"));
    assert_eq!(refused.input("slug").as_deref(), Some(APPLICATION));
    assert_eq!(refused.input("label").as_deref(), Some("Again"));
    assert_eq!(refused.input("portal").as_deref(), Some("hide"));

    let wrong = [
        ("label", "x\u{7}"),
        ("slug", "No Spaces"),
        ("color", "own"),
        ("own_color", "red\"><script>"),
    ];
    let review = review_of(&mut browser, ("saml", "show"), &wrong).await;
    let mut fields = review.form(NEW);
    fields.retain(|(name, _)| name != "label");
    fields.push(("label".to_owned(), "x\u{7}".to_owned()));
    let fields: Vec<_> = (fields.iter())
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let refused = browser.post(NEW, &fields).await;
    assert_eq!(refused.status, 422);
    for words in ["The label ", "lower-case letters", "#rrggbb"] {
        assert!(refused.body.contains(words), "{words}");
    }
    assert!(!refused.body.contains("<script>"));
    for address in ["javascript:alert(1)", "wiki"] {
        let typed = [("label", "Wiki"), ("bookmark_url", address)];
        let review = review_of(&mut browser, ("bookmark", "show"), &typed).await;
        let refused = save(&mut browser, &review).await;
        assert_eq!(refused.status, 422, "{address}");
        assert!(refused.body.contains("https:// or http://"), "{address}");
    }
    assert_eq!(applications(&site).await.len(), 1);
}

/// Requirement G03.
#[tokio::test]
async fn going_back_from_the_review_keeps_everything() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    let typed = [
        ("label", "AWS Sandbox"),
        ("description", "To play"),
        ("color", "#2c6e2f"),
        ("slug", "aws-a"),
    ];
    let review = review_of(&mut browser, ("aws-iam", "hide"), &typed).await;
    let general = browser
        .fill_in(&review, (NEW, GENERAL), &[("do", "back")])
        .await;
    assert_eq!(general.status, 200);
    let held = general.form(GENERAL);
    for (name, value) in typed.into_iter().chain([("portal", "hide")]) {
        let field = (name.to_owned(), value.to_owned());
        assert!(held.contains(&field), "{name}: {held:?}");
    }
}

#[tokio::test]
async fn without_an_entry_of_the_catalog_the_wizard_begins_anew() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for path in ["/options", "/options?entry=jira", "/general?entry="] {
        let answer = browser.get(&format!("{NEW}{path}")).await;
        assert_eq!(answer.location(), NEW, "{path}");
    }
    let csrf = browser.admin_csrf().await;
    for path in [NEW, GENERAL] {
        let fields = [("csrf", csrf.as_str()), ("entry", "jira"), ("label", "x")];
        assert_eq!(browser.post(path, &fields).await.location(), NEW, "{path}");
    }
    let mut reader = site.browser_of_administrator(Role::HelpDesk).await;
    assert_eq!(reader.get(NEW).await.status, 403);
}
