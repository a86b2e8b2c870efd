//! The arrows that are allowed. ARCHITECTURE.md says why.

use std::collections::BTreeSet;

use super::graph::{Graph, Scope};

/// What one workspace crate may depend on.
struct Rule {
    name: &'static str,
    /// Workspace crates.
    may: &'static [&'static str],
    /// Workspace crates that its tests may use besides.
    tests_may: &'static [&'static str],
    /// Packages that must not be reachable, through whatever dependency.
    never: &'static [&'static str],
}

/// What would bring input and output into a protocol crate.
const PURE: &[&str] = &["axum", "hyper", "sqlx", "tokio"];

/// For a crate that must not serve or send HTTP.
const NO_HTTP: &[&str] = &["axum", "hyper"];

/// What only servers need: the command line stays small without it.
const NO_SERVER: &[&str] = &["askama", "axum", "hyper", "redb", "s3s", "sqlx", "tokio"];

const KIT: &[&str] = &["jetway-testkit"];

const RULES: &[Rule] = &[
    Rule {
        name: "jetway-saml",
        may: &[],
        tests_may: KIT,
        never: PURE,
    },
    Rule {
        name: "jetway-iam",
        may: &[],
        tests_may: KIT,
        never: PURE,
    },
    Rule {
        name: "jetway-scim",
        may: &[],
        tests_may: KIT,
        never: PURE,
    },
    Rule {
        name: "jetway-aws-wire",
        may: &[],
        tests_may: KIT,
        never: PURE,
    },
    Rule {
        name: "jetway-identity",
        may: &["jetway-saml"],
        tests_may: KIT,
        never: &["askama", "axum", "hyper", "sqlx"],
    },
    Rule {
        name: "jetway-store-sql",
        may: &["jetway-identity"],
        tests_may: &["jetway-testkit", "jetway-saml"],
        never: NO_HTTP,
    },
    Rule {
        name: "jetway-pages",
        may: &[],
        tests_may: KIT,
        never: PURE,
    },
    Rule {
        name: "jetway-web",
        may: &["jetway-identity", "jetway-pages", "jetway-saml"],
        tests_may: &["jetway-store-sql", "jetway-testkit"],
        never: &["sqlx"],
    },
    Rule {
        name: "jetway-local-aws",
        may: &[
            "jetway-aws-wire",
            "jetway-iam",
            "jetway-pages",
            "jetway-saml",
            "jetway-scim",
        ],
        tests_may: KIT,
        never: &["sqlx"],
    },
    Rule {
        name: "jetway-config",
        may: &[],
        tests_may: KIT,
        never: PURE,
    },
    Rule {
        name: "jetwayd",
        may: &[
            "jetway-config",
            "jetway-identity",
            "jetway-local-aws",
            "jetway-saml",
            "jetway-store-sql",
            "jetway-web",
        ],
        tests_may: KIT,
        never: &[],
    },
    Rule {
        name: "jetway",
        may: &["jetway-saml"],
        tests_may: KIT,
        never: NO_SERVER,
    },
    Rule {
        name: "jetway-testkit",
        may: &[],
        tests_may: &[],
        never: &[],
    },
    Rule {
        name: "jetway-e2e",
        may: &[],
        tests_may: &[
            "jetway-aws-wire",
            "jetway-iam",
            "jetway-identity",
            "jetway-local-aws",
            "jetway-saml",
            "jetway-store-sql",
            "jetway-testkit",
            "jetway-web",
        ],
        never: &[],
    },
    Rule {
        name: "xtask",
        may: &[],
        tests_may: &[],
        never: PURE,
    },
];

/// For nobody, not even in tests: aws-lc-rs is the one implementation of cryptography, and the
/// others cost half of the signatures a core can make or are a second TLS.
const NOBODY: &[&str] = &["native-tls", "openssl", "openssl-sys", "ring", "rsa"];

/// The ends of ways that are allowed all the same. With `rsa`, openidconnect checks the signatures of
/// identity providers, and crypto-glue, which webauthn-rs-core works with, those of security keys:
/// public keys and no secrets, seldom, and not on the way of an assertion.
const EXCEPTIONS: &[&str] = &["openidconnect → rsa", "crypto-glue → rsa"];

/// Every arrow that is not allowed, in words.
pub(super) fn violations(graph: &Graph) -> Vec<String> {
    let mut violations = Vec::new();
    for name in graph.members() {
        let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
            violations.push(format!(
                "{name} has no rule: add one to xtask/src/arrows/rules.rs"
            ));
            continue;
        };
        violations.extend(workspace_violations(graph, rule));
        violations.extend(
            graph
                .ways_to(name, Scope::Shipped, rule.never)
                .into_iter()
                .map(|way| format!("{way}: {name} must not see it")),
        );
        for scope in [Scope::Shipped, Scope::Tests] {
            let ways = graph.ways_to(name, scope, NOBODY).into_iter();
            let ways = ways.filter(|way| !EXCEPTIONS.iter().any(|end| way.ends_with(end)));
            violations.extend(ways.map(|way| format!("{way}: nobody may use it")));
        }
    }
    violations
}

fn workspace_violations(graph: &Graph, rule: &Rule) -> Vec<String> {
    let may: BTreeSet<&str> = rule.may.iter().copied().collect();
    let in_tests: BTreeSet<&str> = rule.may.iter().chain(rule.tests_may).copied().collect();
    let shipped = graph.workspace_dependencies(rule.name, Scope::Shipped);
    let tests = graph.workspace_dependencies(rule.name, Scope::Tests);
    let shipped = shipped
        .difference(&may)
        .map(|other| format!("{} → {other}: not an arrow of the workspace", rule.name));
    let tests = tests.difference(&in_tests).map(|other| {
        format!(
            "{} → {other}: not an arrow of the workspace's tests",
            rule.name
        )
    });
    shipped.chain(tests).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Graph, violations};

    /// Edges are `(from, to, kind)`; packages of the workspace are those with a jetway name.
    fn graph(edges: &[(&str, &str, Option<&str>)]) -> Graph {
        let mut names: Vec<&str> = edges
            .iter()
            .flat_map(|(from, to, _)| [*from, *to])
            .collect();
        names.sort_unstable();
        names.dedup();
        let members: Vec<&&str> = names
            .iter()
            .filter(|name| name.starts_with("jetway"))
            .collect();
        let nodes: Vec<Value> = names
            .iter()
            .map(|name| {
                let deps: Vec<Value> = edges
                    .iter()
                    .filter(|(from, ..)| from == name)
                    .map(|(_, to, kind)| json!({"pkg": to, "dep_kinds": [{"kind": kind}]}))
                    .collect();
                json!({"id": name, "deps": deps, "features": []})
            })
            .collect();
        let packages: Vec<Value> = names
            .iter()
            .map(|name| json!({"id": name, "name": name, "features": {}, "dependencies": []}))
            .collect();
        Graph::from_metadata(&json!({
            "packages": packages,
            "workspace_members": members,
            "resolve": {"nodes": nodes},
        }))
        .unwrap()
    }

    #[test]
    fn the_map_names_every_crate() {
        let root = crate::workspace::root();
        let map = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
        for entry in std::fs::read_dir(root.join("crates")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                map.contains(&format!("| `{name}` |")),
                "ARCHITECTURE.md lacks {name}"
            );
        }
    }

    #[test]
    fn the_arrows_of_the_design_are_allowed() {
        let graph = graph(&[
            ("jetwayd", "jetway-web", None),
            ("jetwayd", "jetway-local-aws", None),
            ("jetway-web", "jetway-identity", None),
            ("jetway-web", "jetway-store-sql", Some("dev")),
            ("jetway-identity", "jetway-saml", None),
            ("jetway-store-sql", "sqlx", None),
            ("jetway", "jetway-saml", None),
        ]);
        assert_eq!(violations(&graph), Vec::<String>::new());
    }

    #[test]
    fn the_local_aws_must_not_see_the_identity_provider_not_even_in_its_tests() {
        let graph = graph(&[
            ("jetway-local-aws", "jetway-identity", Some("dev")),
            ("jetway-local-aws", "jetway-store-sql", None),
        ]);
        let violations = violations(&graph);
        assert_eq!(violations.len(), 2, "{violations:?}");
        assert!(violations[0].starts_with("jetway-local-aws → jetway-store-sql:"));
        assert!(violations[1].starts_with("jetway-local-aws → jetway-identity:"));
    }

    #[test]
    fn a_forbidden_package_is_found_behind_others_with_the_way_to_it() {
        let graph = graph(&[
            ("jetway-saml", "innocent", None),
            ("innocent", "tokio", None),
            ("innocent", "axum", Some("dev")),
        ]);
        assert_eq!(
            violations(&graph),
            ["jetway-saml → innocent → tokio: jetway-saml must not see it"]
        );
    }

    #[test]
    fn nobody_may_use_a_second_cryptography_not_even_in_a_build_script_or_a_test() {
        let graph = graph(&[
            ("jetway-web", "ring", Some("build")),
            ("jetway-cli-tests", "jetway-web", None),
            ("jetway-saml", "oracle", Some("dev")),
            ("oracle", "rsa", None),
        ]);
        let violations = violations(&graph);
        let expected = [
            "jetway-cli-tests has no rule: add one to xtask/src/arrows/rules.rs",
            "jetway-saml → oracle → rsa: nobody may use it",
            "jetway-web → ring: nobody may use it",
        ];
        assert_eq!(violations, expected);
    }

    #[test]
    fn rsa_is_for_openidconnect_and_for_security_keys_alone() {
        let graph = graph(&[
            ("jetway-web", "openidconnect", None),
            ("openidconnect", "rsa", None),
            ("jetway-identity", "webauthn-rs-core", None),
            ("webauthn-rs-core", "crypto-glue", None),
            ("crypto-glue", "rsa", None),
            ("jetway-saml", "rsa", None),
        ]);
        assert_eq!(violations(&graph), ["jetway-saml → rsa: nobody may use it"]);
    }

    #[test]
    fn a_test_may_use_what_the_crate_itself_must_not() {
        let graph = graph(&[("jetway-saml", "tokio", Some("dev"))]);
        assert_eq!(violations(&graph), Vec::<String>::new());
    }
}
