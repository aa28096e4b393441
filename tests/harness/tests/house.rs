//! Does every crate know only whom it may know? Reads the table of `docs/architecture.md` and holds the workspace to it,
//! with the other rules of the house that a machine can see.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
    use mapc_harness::repository;

    /// Crates the vm and the bytecode may bring in, all together.
    const BUDGET: usize = 6;
    /// Rooms below the command line: no file, no network, no environment, no clock, no chance.
    const PURE: &[&str] = &[
        "grammar/src",
        "stdlib/src",
        "compiler/diagnostics/src",
        "compiler/types/src",
        "compiler/schema/src",
        "compiler/check/src",
        "compiler/emit/src",
        "compiler/format/src",
        "compiler/driver/src",
        "compiler/witness/src",
        "runtime/bytecode/src",
        "runtime/vm/src",
    ];

    fn metadata(options: &[&str]) -> Metadata {
        let mut command = MetadataCommand::new();
        command.manifest_path(repository::root().join("Cargo.toml"));
        command.other_options(options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>());
        command.exec().unwrap()
    }

    /// `check` for `mapc-check`, `cli` for `mapc`.
    fn room(package: &str) -> Option<&str> {
        if package == "mapc" { Some("cli") } else { package.strip_prefix("mapc-") }
    }

    /// Crate by crate, whom it may import; `None`: anybody.
    fn table() -> BTreeMap<String, Option<BTreeSet<String>>> {
        let page = repository::text("docs/architecture.md").unwrap();
        let section = page.split("\n## ").find(|section| section.starts_with("Who may know whom")).unwrap();
        let mut table = BTreeMap::new();
        for line in section.lines().filter(|line| line.starts_with('|')).skip(2) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [_, crates, imports] = cells[..] else { panic!("`{line}` has not three cells") };
            let list =
                |text: &str| text.split(',').map(|word| word.trim().to_owned()).collect::<BTreeSet<_>>();
            let allowed = match imports {
                "none" => Some(BTreeSet::new()),
                text if text.starts_with("anything") => None,
                text => Some(list(text)),
            };
            for name in list(crates) {
                assert!(table.insert(name.clone(), allowed.clone()).is_none(), "{name} stands there twice");
            }
        }
        table
    }

    /// Our crates that a package imports outside of its tests.
    fn imports(package: &Package) -> BTreeSet<String> {
        let used = package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development);
        used.filter_map(|one| room(&one.name).map(str::to_owned)).collect()
    }

    #[test]
    fn imports_are_those_of_the_table() {
        let table = table();
        let metadata = metadata(&["--offline", "--no-deps"]);
        let mut seen = BTreeSet::new();
        for package in &metadata.packages {
            let name = room(&package.name).unwrap_or_else(|| panic!("{} is not named mapc-…", package.name));
            seen.insert(name.to_owned());
            let allowed = table.get(name).unwrap_or_else(|| panic!("{name} is not in the table"));
            let imports = imports(package);
            for import in &imports {
                assert!(
                    import == "model" && ["harness", "soundness"].contains(&name)
                        || import == "harness" && name == "soundness"
                        || !["model", "harness", "soundness"].contains(&import.as_str()),
                    "{name} imports {import}"
                );
            }
            let Some(allowed) = allowed else { continue };
            let extra: Vec<&String> = imports.difference(allowed).collect();
            assert!(extra.is_empty(), "{name} imports {extra:?}, which the table does not allow");
            // What nobody needs is not in the table: it says what is, not what might be.
            let unused: Vec<&String> = allowed.difference(&imports).collect();
            assert!(unused.is_empty(), "the table lets {name} import {unused:?}, and it does not");
        }
        let listed: BTreeSet<String> = table.keys().cloned().collect();
        assert_eq!(listed, seen, "the table and the workspace name different crates");
    }

    #[test]
    fn the_runtime_brings_in_a_handful_of_crates_and_no_c_code() {
        let metadata = metadata(&["--offline"]);
        let resolve = metadata.resolve.as_ref().unwrap();
        let name = |id: &cargo_metadata::PackageId| {
            metadata.packages.iter().find(|package| package.id == *id).unwrap().name.to_string()
        };
        let mut found = BTreeSet::new();
        let mut open: Vec<_> = metadata
            .packages
            .iter()
            .filter(|one| one.name.as_str() == "mapc-vm")
            .map(|one| one.id.clone())
            .collect();
        while let Some(id) = open.pop() {
            let node = resolve.nodes.iter().find(|node| node.id == id).unwrap();
            for dependency in &node.deps {
                let needed = dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
                if needed && found.insert(name(&dependency.pkg)) {
                    open.push(dependency.pkg.clone());
                }
            }
        }
        assert!(found.remove("mapc-bytecode"));
        println!("vm and bytecode bring in {found:?}");
        assert!(
            found.iter().all(|name| room(name).is_none()),
            "the runtime imports one of our other crates: {found:?}"
        );
        assert!(found.len() <= BUDGET, "{} crates, {BUDGET} are allowed: {found:?}", found.len());
        for name in &found {
            let c_code =
                name.ends_with("-sys") || ["cc", "cmake", "bindgen", "pkg-config"].contains(&name.as_str());
            assert!(!c_code, "{name} brings in C code");
        }
    }

    /// Source files with their text without tests: files named `tests.rs`, those below `tests/`, and what stands behind
    /// the last `#[cfg(test)]` of a file.
    fn sources(folder: &str) -> Vec<(String, String)> {
        let product = |path: &String| !path.contains("/tests/") && !path.ends_with("/tests.rs");
        let paths = repository::files(folder, ".rs").into_iter().filter(product);
        paths
            .map(|path| {
                let text = repository::text(&path).unwrap();
                let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                (path, lines.collect::<Vec<_>>().join("\n"))
            })
            .collect()
    }

    /// Where a word is used as a crate or module: `word::`, `use word`.
    fn uses(text: &str, word: &str) -> bool {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let joined =
                |character: char| character.is_alphanumeric() || character == '_' || character == ':';
            !before.is_some_and(joined) && text[at + word.len()..].starts_with("::")
        })
    }

    #[test]
    fn a_foreign_crate_with_a_shape_of_its_own_stays_in_one_module() {
        let homes = [
            ("pest", "grammar/src/parse"),
            ("pest_derive", "grammar/src/parse"),
            ("miette", "compiler/cli/src/trouble"),
            ("codespan_reporting", "compiler/cli/src/render"),
            ("indicatif", "compiler/cli/src/progress"),
            ("csv", ""),
            ("serde_yaml", "compiler/schema/src/read"),
            ("jsonschema", "nowhere"),
        ];
        for folder in ["grammar", "compiler", "runtime", "stdlib"] {
            for (path, text) in sources(folder) {
                for (word, home) in homes {
                    assert!(
                        !uses(&text, word) || path.starts_with(home),
                        "{path} uses {word}, which lives in {home}"
                    );
                }
                let rule = path.starts_with("grammar/") && text.contains("Rule::");
                assert!(!rule || path.starts_with("grammar/src/parse"), "{path} knows the parser's rules");
            }
        }
    }

    #[test]
    fn nothing_below_the_command_line_touches_the_world() {
        let world = [
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::io",
            "std::thread",
            "SystemTime",
            "Instant::now",
            "std::time",
            "thread_rng",
            "RandomState",
            "getrandom",
            "println!",
            "eprintln!",
            "dbg!",
            "tzdb::system",
            "Timestamp::now",
            "Zoned::now",
        ];
        for folder in PURE {
            for (path, text) in sources(folder) {
                for word in world {
                    assert!(!text.contains(word), "{path} uses {word}");
                }
            }
        }
    }

    #[test]
    fn the_vm_knows_no_json_values() {
        for (path, text) in sources("runtime") {
            assert!(!text.contains("serde"), "{path} uses serde");
        }
        let manifest = repository::text("runtime/vm/Cargo.toml").unwrap();
        let (product, _) = manifest.split_once("[dev-dependencies]").unwrap_or((&manifest, ""));
        assert!(!product.contains("serde"));
    }

    #[test]
    fn every_room_has_a_name_and_every_file_says_what_it_is() {
        let vague = ["utils", "util", "common", "core", "helpers", "helper", "misc", "shared", "stuff"];
        let files = repository::files("", ".rs");
        assert!(files.len() > 100);
        for path in files {
            for part in path.trim_end_matches(".rs").split('/') {
                assert!(!vague.contains(&part), "{path} has no name of its own");
            }
            let text = repository::text(&path).unwrap();
            let first = text.lines().find(|line| !line.starts_with("#!")).unwrap_or_default();
            assert!(first.starts_with("//!"), "{path} does not open with a line that says what lives there");
        }
    }

    #[test]
    fn nothing_speaks_of_one_machine() {
        // Put together here, so that this file does not hold what it looks for.
        let places = ["work", "home", "root", "Users"].map(|place| format!("/{place}/"));
        let kinds = [".rs", ".md", ".toml", ".map", ".json", ".csv", ".pest", "justfile", ".ndjson", "run"];
        for kind in kinds {
            for path in repository::files("", kind) {
                let text = repository::text(&path).unwrap_or_default();
                for (number, line) in text.lines().enumerate() {
                    for place in &places {
                        // `/home/x` is nobody's: an example.
                        let found = line.match_indices(place.as_str()).any(|(at, _)| {
                            let before = line[..at].chars().next_back();
                            let alone =
                                before.is_none_or(|one| !one.is_alphanumeric() && !"._-/}`)".contains(one));
                            alone && !line[at..].starts_with("/home/x/")
                        });
                        assert!(!found, "{path}:{}: speaks of {place}", number + 1);
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_may_be_unsafe_or_waved_through() {
        let manifest = repository::text("Cargo.toml").unwrap();
        for lint in [
            "unsafe_code = \"forbid\"",
            "unwrap_used = \"deny\"",
            "indexing_slicing = \"deny\"",
            "allow_attributes = \"deny\"",
        ] {
            assert!(manifest.contains(lint), "{lint}");
        }
        for package in metadata(&["--offline", "--no-deps"]).packages {
            let text = std::fs::read_to_string(&package.manifest_path).unwrap();
            if *package.name != "mapc-vm" {
                assert!(text.contains("[lints]\nworkspace = true"), "{} has lints of its own", package.name);
                continue;
            }
            // The vm may open one file: its lints are those of the workspace, with `deny` in the place of `forbid`.
            let lints = |text: &str| {
                let parsed: toml::Table = text.parse().unwrap();
                parsed.get("workspace").map_or(parsed.clone(), |it| it.as_table().unwrap().clone())["lints"]
                    .clone()
            };
            let expected = manifest.replace("unsafe_code = \"forbid\"", "unsafe_code = \"deny\"");
            assert_eq!(lints(&text), lints(&expected), "the lints of mapc-vm");
        }
    }

    #[test]
    fn one_file_of_the_product_is_unsafe() {
        let of_the_product = |path: &String| {
            ["runtime/", "compiler/", "grammar/", "stdlib/"].iter().any(|room| path.starts_with(room))
        };
        let word = ["un", "safe "].concat();
        let holds = |path: &String| {
            let text = repository::text(path).unwrap();
            text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(&word))
        };
        let found: Vec<String> =
            repository::files("", ".rs").into_iter().filter(of_the_product).filter(holds).collect();
        assert_eq!(found, ["runtime/vm/src/index/simd.rs"]);
    }
}
