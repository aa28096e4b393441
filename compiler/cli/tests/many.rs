//! The real binary on many maps: in parallel, from the cache, and what the cache must notice.

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    /// Exit code, standard output, standard error.
    type Printed = (i32, String, String);

    struct Workspace(tempfile::TempDir);

    impl Workspace {
        /// The workspace of `mapc init` with twelve more tenants; some of their maps are wrong.
        fn new() -> Self {
            let workspace = Self(tempfile::tempdir().unwrap());
            assert_eq!(workspace.run(&["init", "-q"]).0, 0);
            let map = std::fs::read_to_string(workspace.path("maps/invoice.map")).unwrap();
            for number in 0..12 {
                let mut own = map.clone();
                if number % 4 == 1 {
                    own = own.replace("order.id", "order.idd");
                }
                if number % 4 == 2 {
                    own.push_str("\nwhat is this\n");
                }
                workspace.write(&format!("maps/m{number:02}.map"), own);
            }
            workspace
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn write(&self, path: &str, content: impl AsRef<[u8]>) {
            std::fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
            std::fs::write(self.path(path), content).unwrap();
        }

        fn change(&self, path: &str, before: &str, after: &str) {
            let text = std::fs::read_to_string(self.path(path)).unwrap();
            assert!(text.contains(before), "{path} has no {before}");
            self.write(path, text.replace(before, after));
        }

        fn run(&self, arguments: &[&str]) -> Printed {
            run(self.0.path(), arguments)
        }

        /// How many answers came from the cache, and how many were worked out.
        fn cached(&self, arguments: &[&str]) -> (usize, usize) {
            let (_, _, err) = self.run(&[arguments, &["--cache-stats"]].concat());
            let line = err.lines().last().unwrap().to_owned();
            let numbers: Vec<usize> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
            assert!(line.starts_with("cache: ") && numbers.len() == 2, "{line}");
            (numbers[0], numbers[1])
        }
    }

    fn run(folder: &Path, arguments: &[&str]) -> Printed {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mapc"));
        command.args(arguments).current_dir(folder).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// Every `.mapb` of the workspace with its bytes; taken away.
    fn artifacts(workspace: &Workspace) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(workspace.path("maps")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "mapb") {
                found.push((path.to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
                std::fs::remove_file(path).unwrap();
            }
        }
        found.sort();
        found
    }

    #[test]
    fn parallel_serial_cold_and_warm_print_the_same() {
        let workspace = Workspace::new();
        let all: &[&[&str]] = &[
            &["check", "."],
            &["check", ".", "-v"],
            &["check", ".", "-q"],
            &["check", ".", "--strict"],
            &["check", ".", "--stats"],
            &["check", ".", "--witness"],
            &["check", ".", "--format", "json"],
            &["check", ".", "--format", "short"],
            &["check", ".", "--max-errors", "1", "--ascii"],
            &["check", ".", "--color", "always"],
            &["build", "."],
            &["build", ".", "--format", "json"],
        ];
        for arguments in all {
            let with = |more: &[&str]| {
                let printed = workspace.run(&[arguments, more].concat());
                (printed, artifacts(&workspace))
            };
            let serial = with(&["--no-cache", "--jobs", "1"]);
            assert_eq!(serial.0.0, 1, "{arguments:?}");
            assert_eq!(serial.1.len(), if arguments[0] == "build" { 7 } else { 0 });
            assert!(with(&["--no-cache", "--jobs", "4"]) == serial, "{arguments:?} in parallel");
            assert!(with(&["--jobs", "4"]) == serial, "{arguments:?} cold");
            assert!(with(&["--jobs", "1"]) == serial, "{arguments:?} warm");
            assert!(with(&["--jobs", "3"]) == serial, "{arguments:?} warm in parallel");
            assert_eq!(workspace.cached(arguments), (13, 0), "{arguments:?}");
            artifacts(&workspace);
        }
    }

    #[test]
    fn without_a_path_the_whole_workspace_is_meant() {
        let workspace = Workspace::new();
        let (code, _, all) = workspace.run(&["check", "."]);
        assert_eq!((code, workspace.run(&["check"]).2), (1, all.clone()));
        let (_, _, below) = run(&workspace.path("maps"), &["check"]);
        assert_eq!(below, all);
        let (code, _, err) = workspace.run(&["build"]);
        assert_eq!(code, 1);
        assert!(err.ends_with("13 maps: 7 built, 6 failed\n"), "{err}");
        let (code, _, err) = workspace.run(&["build", ".", "-o", "x.mapb"]);
        assert_eq!(code, 2);
        assert!(err.contains("names one file"), "{err}");
    }

    #[test]
    fn every_change_that_could_matter_is_noticed() {
        let workspace = Workspace(tempfile::tempdir().unwrap());
        workspace.write("mapc.toml", "[workspace]\nschemas = \".\"\ntenants = \"tenants\"\n");
        let schema = |fields: &str| {
            format!(
                "{{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"object\", \
                 \"additionalProperties\": false, \"required\": [\"id\"], \"properties\": {{{fields}}}}}"
            )
        };
        let overlay = |name: &str, line: &str| {
            format!("{{\"overlay\": \"{name}@1\", \"version\": 1, \"lines\": [{{{line}, \"note\": \"n\"}}]}}")
        };
        let text = "\"id\": {\"type\": \"string\", \"maxLength\": 20}";
        let colour = "\"colour\": {\"type\": \"string\", \"enum\": [\"red\", \"green\"]}";
        workspace.write("shop/order@1.schema.json", schema(&format!("{text}, {colour}")));
        let target = format!("{text}, \"colour\": {{\"type\": \"string\"}}");
        workspace.write("erp/order@1.schema.json", schema(&target));
        workspace.write("tenants/demo/colour.csv", "code,id\nred,1\ngreen,2\n");
        let map = "map demo.order version 1\nfrom shop.order@1 as order\nto   erp.order@1 tenant demo\n\n\
                   table colour from \"colour.csv\" key code gives id\n\n\
                   fields {\n  id = order.id\n  colour = order.colour | lookup colour\n}\n";
        workspace.write("tenants/demo/order.map", map);
        workspace.write("tenants/demo/other.map", map.replace("demo.order", "demo.other"));
        let check: &[&str] = &["check", "."];
        let built = || {
            let printed = workspace.run(&["build", "."]);
            let bytes = std::fs::read(workspace.path("tenants/demo/order.mapb")).unwrap_or_default();
            (printed, bytes)
        };
        let reference =
            || (workspace.run(&["check", ".", "--no-cache"]), workspace.run(&["build", ".", "--no-cache"]));
        assert_eq!(workspace.cached(check), (0, 2));
        assert_eq!(workspace.cached(check), (2, 0));
        let mut before = (workspace.run(check), built());
        assert_eq!(before.0.0, 0, "{before:?}");
        // What changes, and how many maps it concerns.
        let limit = |most: u32| format!("\"at\": \"id\", \"maxLength\": {most}");
        type Change<'a> = (&'a str, &'a dyn Fn(), usize);
        let changes: &[Change<'_>] = &[
            ("the map", &|| workspace.change("tenants/demo/order.map", "version 1", "version 2"), 1),
            ("the table", &|| workspace.change("tenants/demo/colour.csv", "red,1", "red,7"), 2),
            (
                "the source",
                &|| workspace.change("shop/order@1.schema.json", "\"green\"", "\"green\", \"blue\""),
                2,
            ),
            (
                "it is mended",
                &|| workspace.change("tenants/demo/colour.csv", "green,2", "green,2\nblue,3"),
                2,
            ),
            (
                "the target",
                &|| workspace.change("erp/order@1.schema.json", "\"maxLength\": 20", "\"maxLength\": 19"),
                2,
            ),
            (
                "a source overlay",
                &|| workspace.write("shop/order@1.overlay.json", overlay("shop.order", &limit(5))),
                2,
            ),
            (
                "a target overlay",
                &|| workspace.write("erp/order@1.overlay.json", overlay("erp.order", &limit(15))),
                2,
            ),
            (
                "a tenant's overlay",
                &|| {
                    workspace.write("tenants/demo/erp.order@1.overlay.json", overlay("erp.order", &limit(14)))
                },
                2,
            ),
            ("its content", &|| workspace.change("tenants/demo/erp.order@1.overlay.json", "14", "4"), 2),
            (
                "it is gone",
                &|| std::fs::remove_file(workspace.path("tenants/demo/erp.order@1.overlay.json")).unwrap(),
                2,
            ),
            (
                "a schema is gone",
                &|| std::fs::remove_file(workspace.path("shop/order@1.schema.json")).unwrap(),
                2,
            ),
            ("another lies near", &|| workspace.write("shop/orders@1.schema.json", schema(text)), 2),
            (
                "the layout",
                &|| workspace.write("mapc.toml", "[workspace]\nschemas = \"shop\"\ntenants = \"tenants\"\n"),
                2,
            ),
        ];
        for (what, change, concerned) in changes {
            change();
            assert_eq!(workspace.cached(check), (2 - concerned, *concerned), "{what}");
            let now = (workspace.run(check), built());
            assert!(now.0 != before.0 || now.1 != before.1, "{what}: nothing came of it");
            let fresh = reference();
            assert!(now.0 == fresh.0 && now.1.0 == fresh.1, "{what}: the cache says something else");
            assert_eq!(workspace.cached(check), (2, 0), "{what}");
            before = now;
        }
        // Another question is another answer.
        assert_eq!(workspace.cached(&["check", ".", "--strict"]), (0, 2));
        assert_eq!(workspace.cached(&["check", ".", "--format", "short"]), (0, 2));
        assert_eq!(workspace.cached(check), (2, 0));
    }

    #[test]
    fn the_cache_may_be_deleted_damaged_moved_and_unwritable() {
        let workspace = Workspace::new();
        let check: &[&str] = &["check", "."];
        let expected = workspace.run(&["check", ".", "--no-cache"]);
        assert!(!workspace.path(".mapc").exists(), "`--no-cache` keeps nothing");
        assert_eq!(workspace.run(check), expected);
        assert_eq!(std::fs::read_to_string(workspace.path(".mapc/.gitignore")).unwrap(), "*\n");
        let kept =
            || std::fs::read_dir(workspace.path(".mapc/cache")).unwrap().map(|one| one.unwrap().path());
        for (at, path) in kept().enumerate() {
            let mut bytes = std::fs::read(&path).unwrap();
            let place = bytes.len() * at / 13;
            bytes[place] ^= 1;
            std::fs::write(path, bytes).unwrap();
        }
        assert_eq!(workspace.run(check), expected, "damaged");
        assert_eq!(workspace.cached(check), (13, 0));
        // An answer under the name of another one.
        let paths: Vec<PathBuf> = kept().collect();
        std::fs::copy(&paths[0], &paths[1]).unwrap();
        assert_eq!(workspace.cached(check), (12, 1));
        std::fs::remove_dir_all(workspace.path(".mapc")).unwrap();
        assert_eq!(workspace.run(check), expected, "deleted");
        assert_eq!(workspace.cached(&["check", ".", "--cache-dir", "elsewhere"]), (0, 13));
        assert_eq!(workspace.cached(&["check", ".", "--cache-dir", "elsewhere"]), (13, 0));
        std::fs::remove_dir_all(workspace.path(".mapc")).unwrap();
        workspace.write(".mapc", "a file where the folder should be");
        assert_eq!(workspace.run(check), expected, "no cache can be kept");
        assert_eq!(workspace.cached(check), (0, 13));
    }

    #[test]
    fn several_processes_at_once_agree() {
        let workspace = Workspace::new();
        let expected = workspace.run(&["check", ".", "--no-cache"]);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert!(workspace.run(&["check", ".", "--jobs", "2"]) == expected));
            }
        });
        assert_eq!(workspace.cached(&["check", "."]), (13, 0));
        let names = std::fs::read_dir(workspace.path(".mapc/cache")).unwrap();
        assert_eq!(names.count(), 13, "no part of a file stays");
    }
}
