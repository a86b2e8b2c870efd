//! Samples of the wizard that adds an application.

use jetway_pages::TileMark;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::applications::{
    ApplicationCreated, ApplicationOptions, Catalogue, CatalogueCard, ColorChoice, NewGeneral,
    NewIdpUrl, Review,
};
use jetway_pages::admin::parts::{Field, Hidden};

use super::applications::portal;
use super::{CSRF, sample};
use crate::samples::{HOSTILE, Sample};

const NAV: NavItem = NavItem::Applications;

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = choosing();
    all.extend(describing());
    all.extend(finishing());
    all
}

fn choosing() -> Vec<Sample> {
    let card = |name: &str, which: &str, chip| CatalogueCard {
        key: "aws-iam".to_owned(),
        name: name.to_owned(),
        mark: TileMark::new(name, Some("#d86613")),
        summary: "SAML straight into IAM roles of one or more AWS accounts.".to_owned(),
        which: which.to_owned(),
        chip,
    };
    let catalogue = |query: &str, cards| Catalogue {
        query: query.to_owned(),
        cards,
    };
    let options = |name: &str, entry: &str| ApplicationOptions {
        entry: entry.to_owned(),
        name: name.to_owned(),
        supports: "SSO with SAML".to_owned(),
        portal: portal(true),
    };
    let two = vec![
        card(
            "Amazon Web Services (IAM)",
            "Not for IAM Identity Center.",
            "SSO",
        ),
        card("Bookmark", "No single sign-on.", "Bookmark"),
    ];
    let hostile = vec![card(HOSTILE, HOSTILE, "SSO")];
    vec![
        sample("admin_application_catalogue", NAV, catalogue("", two)),
        sample(
            "admin_application_catalogue_nothing",
            NAV,
            catalogue("jira", Vec::new()),
        ),
        sample(
            "admin_application_catalogue_hostile",
            NAV,
            catalogue(HOSTILE, hostile),
        ),
        sample(
            "admin_application_options",
            NAV,
            options("Amazon Web Services (IAM)", "aws-iam"),
        ),
        sample(
            "admin_application_options_hostile",
            NAV,
            options(HOSTILE, HOSTILE),
        ),
    ]
}

fn describing() -> Vec<Sample> {
    let form = |name: &str, label: Field| NewGeneral {
        csrf: CSRF.to_owned(),
        entry: "aws-iam".to_owned(),
        name: name.to_owned(),
        portal: "show".to_owned(),
        label,
        description: "".into(),
        color: ColorChoice::new("#d86613"),
        bookmark_url: None,
        idp_url: Some(NewIdpUrl {
            slug: "".into(),
            before: "https://sso.acme.example/saml2/".to_owned(),
            default: "amazonwebservicesiam".to_owned(),
        }),
        problem: None,
    };
    let bookmark = NewGeneral {
        bookmark_url: Some("https://wiki.acme.example/".into()),
        idp_url: None,
        color: ColorChoice::new("#2c6e2f"),
        ..form("Bookmark", "Wiki".into())
    };
    let wrong = |text: &str| Field::new(HOSTILE).with_error(text);
    let mut color = ColorChoice::new(HOSTILE);
    color.set_error("The color must be written #rrggbb.");
    let hostile = NewGeneral {
        entry: HOSTILE.to_owned(),
        portal: HOSTILE.to_owned(),
        description: HOSTILE.into(),
        color,
        bookmark_url: Some(wrong("The address must begin with https:// or http://.")),
        idp_url: Some(NewIdpUrl {
            slug: wrong("Another application has this URL; choose another ending."),
            before: "https://sso.acme.example/saml2/".to_owned(),
            default: "amazonwebservicesiam".to_owned(),
        }),
        problem: Some(HOSTILE.to_owned()),
        ..form(HOSTILE, wrong("The label must not be empty."))
    };
    vec![
        sample(
            "admin_application_new",
            NAV,
            form("Amazon Web Services (IAM)", "".into()),
        ),
        sample("admin_application_new_bookmark", NAV, bookmark),
        sample("admin_application_new_hostile", NAV, hostile),
    ]
}

fn finishing() -> Vec<Sample> {
    let review = |label: &str, description: &str| Review {
        csrf: CSRF.to_owned(),
        label: label.to_owned(),
        description: description.to_owned(),
        mark: TileMark::new(label, Some("#d86613")),
        facts: vec![
            ("Application", "Amazon Web Services (IAM)".to_owned()),
            ("User portal", "Visible in user portal".to_owned()),
            ("SSO IdP URL", format!("https://sso.acme.example/{label}")),
        ],
        hidden: vec![
            Hidden::new("entry", "aws-iam"),
            Hidden::new("label", label),
            Hidden::new("description", description),
        ],
    };
    let created = |label: &str| ApplicationCreated {
        label: label.to_owned(),
        mark: TileMark::new(label, Some("#d86613")),
        next: "It is switched off and nobody has it yet.".to_owned(),
        configure: "/admin/applications/65e1c2a9f0b3d4e5a6b7c8d8/sso".to_owned(),
    };
    vec![
        sample(
            "admin_application_review",
            NAV,
            review("AWS Production", "Account 012345678987"),
        ),
        sample(
            "admin_application_review_hostile",
            NAV,
            review(HOSTILE, HOSTILE),
        ),
        sample("admin_application_created", NAV, created("AWS Production")),
        sample("admin_application_created_hostile", NAV, created(HOSTILE)),
    ]
}
