//! The resolved dependencies of the workspace.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// Packages by their id.
#[derive(Debug, Default)]
pub(super) struct Graph {
    packages: BTreeMap<String, Package>,
    members: BTreeSet<String>,
}

#[derive(Debug)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug)]
struct Dependency {
    id: String,
    /// Compiled into the package or its build script, not only into its tests.
    is_shipped: bool,
    is_for_tests: bool,
}

/// Which dependencies of a workspace crate count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// What the crate is made of.
    Shipped,
    /// What only its tests and benchmarks use.
    Tests,
}

impl Graph {
    /// Reads `cargo metadata --format-version=1`.
    pub(super) fn from_metadata(metadata: &Value) -> Result<Self> {
        let mut manifests = BTreeMap::new();
        for manifest in list(metadata, "packages")? {
            manifests.insert(text(manifest, "id")?, manifest);
        }
        let members = list(metadata, "workspace_members")?;
        let members = members
            .iter()
            .filter_map(Value::as_str)
            .map(ToOwned::to_owned)
            .collect();
        let mut packages = BTreeMap::new();
        for node in list(&metadata["resolve"], "nodes")? {
            let id = text(node, "id")?;
            let manifest = manifests
                .get(&id)
                .with_context(|| format!("no package {id}"))?;
            let off = optional_and_off(manifest, node)?;
            let mut dependencies = Vec::new();
            for entry in list(node, "deps")? {
                let mut dependency = dependency(entry)?;
                let target = manifests
                    .get(&dependency.id)
                    .context("no package for a dependency")?;
                dependency.is_shipped &= !off.contains(&text(target, "name")?);
                dependencies.push(dependency);
            }
            packages.insert(
                id,
                Package {
                    name: text(manifest, "name")?,
                    dependencies,
                },
            );
        }
        Ok(Self { packages, members })
    }

    /// The names of the workspace's crates.
    pub(super) fn members(&self) -> impl Iterator<Item = &str> {
        self.members
            .iter()
            .filter_map(|id| Some(self.packages.get(id)?.name.as_str()))
    }

    /// The workspace crates on which this one depends directly.
    pub(super) fn workspace_dependencies(&self, name: &str, scope: Scope) -> BTreeSet<&str> {
        self.direct(name, scope)
            .filter(|id| self.members.contains(*id))
            .filter_map(|id| Some(self.packages.get(id)?.name.as_str()))
            .collect()
    }

    /// The shortest way from a workspace crate to each forbidden package that it reaches, written
    /// `crate → … → package`. The scope is that of the first step: dependencies of dependencies
    /// bring no tests along.
    pub(super) fn ways_to(&self, name: &str, scope: Scope, forbidden: &[&str]) -> Vec<String> {
        let mut ways = Vec::new();
        let mut seen = BTreeSet::new();
        let mut queue: VecDeque<(&str, String)> = self
            .direct(name, scope)
            .map(|id| (id, name.to_owned()))
            .collect();
        while let Some((id, way)) = queue.pop_front() {
            if !seen.insert(id) {
                continue;
            }
            let Some(package) = self.packages.get(id) else {
                continue;
            };
            let way = format!("{way} → {}", package.name);
            if forbidden.contains(&package.name.as_str()) {
                ways.push(way);
                continue;
            }
            let shipped = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.is_shipped);
            queue.extend(shipped.map(|dependency| (dependency.id.as_str(), way.clone())));
        }
        ways
    }

    fn direct(&self, name: &str, scope: Scope) -> impl Iterator<Item = &str> {
        let package = self
            .members
            .iter()
            .filter_map(|id| self.packages.get(id))
            .find(|package| package.name == name);
        package
            .into_iter()
            .flat_map(|package| &package.dependencies)
            .filter(move |dependency| match scope {
                Scope::Shipped => dependency.is_shipped,
                Scope::Tests => dependency.is_for_tests,
            })
            .map(|dependency| dependency.id.as_str())
    }
}

/// The packages that cargo resolves for the lock file but does not build: optional dependencies
/// that only a weak feature (`ring?/alloc`) mentions.
fn optional_and_off(manifest: &Value, node: &Value) -> Result<BTreeSet<String>> {
    let enabled: Vec<&str> = list(node, "features")?
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|feature| manifest["features"][feature].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let (mut on, mut off) = (BTreeSet::new(), BTreeSet::new());
    for declared in list(manifest, "dependencies")? {
        if declared["kind"] == "dev" {
            continue;
        }
        let name = text(declared, "name")?;
        let alias = declared["rename"].as_str().unwrap_or(&name);
        let is_on = declared["optional"] != true
            || enabled.iter().any(|feature| {
                *feature == format!("dep:{alias}") || feature.starts_with(&format!("{alias}/"))
            });
        if is_on {
            on.insert(name)
        } else {
            off.insert(name)
        };
    }
    Ok(off.difference(&on).cloned().collect())
}

fn dependency(entry: &Value) -> Result<Dependency> {
    let kinds = list(entry, "dep_kinds")?;
    let is_for_tests = |kind: &Value| kind["kind"] == "dev";
    Ok(Dependency {
        id: text(entry, "pkg")?,
        is_shipped: kinds.iter().any(|kind| !is_for_tests(kind)),
        is_for_tests: kinds.iter().any(is_for_tests),
    })
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key]
        .as_array()
        .with_context(|| format!("cargo metadata: no list {key}"))
}

fn text(value: &Value, key: &str) -> Result<String> {
    let text = value[key]
        .as_str()
        .with_context(|| format!("cargo metadata: no text {key}"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Graph, Scope};

    /// `jetway-web` → `tls`, whose dependency on `ring` is optional.
    fn ways_to_ring(enabled: &Value) -> Vec<String> {
        let metadata = json!({
            "packages": [
                {"id": "w", "name": "jetway-web", "features": {}, "dependencies": [
                    {"name": "tls", "kind": null, "optional": false, "rename": null}]},
                {"id": "t", "name": "tls",
                 "features": {"std": ["ring?/std"], "ring": ["dep:ring"], "fast": ["ring/asm"]},
                 "dependencies": [{"name": "ring", "kind": null, "optional": true, "rename": null}]},
                {"id": "r", "name": "ring", "features": {}, "dependencies": []},
            ],
            "workspace_members": ["w"],
            "resolve": {"nodes": [
                {"id": "w", "features": [], "deps": [{"pkg": "t", "dep_kinds": [{"kind": null}]}]},
                {"id": "t", "features": enabled, "deps": [{"pkg": "r", "dep_kinds": [{"kind": null}]}]},
                {"id": "r", "features": [], "deps": []},
            ]},
        });
        let graph = Graph::from_metadata(&metadata).unwrap();
        graph.ways_to("jetway-web", Scope::Shipped, &["ring"])
    }

    #[test]
    fn an_optional_dependency_that_only_a_weak_feature_names_is_not_built() {
        assert_eq!(ways_to_ring(&json!(["std"])), Vec::<String>::new());
    }

    #[test]
    fn an_optional_dependency_that_a_feature_turns_on_counts() {
        let way = ["jetway-web → tls → ring"];
        assert_eq!(ways_to_ring(&json!(["std", "ring"])), way);
        assert_eq!(ways_to_ring(&json!(["fast"])), way);
    }
}
