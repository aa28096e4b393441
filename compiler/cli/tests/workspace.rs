//! The real binary on the workspace that `mapc init` writes: check, test, run, build, inspect, fmt, and what goes
//! wrong with each.

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    /// A new workspace.
    struct Workspace(tempfile::TempDir);

    impl Workspace {
        fn new() -> Self {
            let workspace = Self(tempfile::tempdir().unwrap());
            assert_eq!(workspace.run(&["init", "-q"]), (0, String::new(), String::new()));
            workspace
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn write(&self, path: &str, content: impl AsRef<[u8]>) {
            std::fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
            std::fs::write(self.path(path), content).unwrap();
        }

        fn read(&self, path: &str) -> String {
            std::fs::read_to_string(self.path(path)).unwrap()
        }

        /// The map with a change.
        fn change(&self, before: &str, after: &str) {
            let map = self.read("maps/invoice.map");
            assert!(map.contains(before), "{before}");
            self.write("maps/invoice.map", map.replace(before, after));
        }

        fn run(&self, arguments: &[&str]) -> (i32, String, String) {
            self.run_with(arguments, b"")
        }

        fn run_with(&self, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
            run(self.0.path(), arguments, input)
        }
    }

    fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
        use std::io::Write;
        let mut child = Command::new(env!("CARGO_BIN_EXE_mapc"))
            .args(arguments)
            .current_dir(folder)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // A command that does not read its input closes it.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    const GOOD: &str =
        r#"{"id":"1","customer":"C","country":"DE","lines":[{"sku":"A","quantity":1,"price":2.50}]}"#;
    const GOOD_OUT: &str = "{\"number\":\"R-1\",\"customer\":{\"id\":\"C\",\"countryCode\":\"49\"},\
                            \"lines\":[{\"item\":\"A\",\"quantity\":1,\"amount\":2.5}]}\n";
    const REFUSED: &str =
        r#"{"id":"2","customer":"C","country":"US","lines":[{"sku":"A","quantity":1,"price":2.50}]}"#;

    #[test]
    fn a_new_workspace_passes() {
        let workspace = Workspace::new();
        let (code, out, err) = workspace.run(&["check", "."]);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        insta::assert_snapshot!("check", err);
        let (code, out, err) = workspace.run(&["test", "."]);
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", "2 tests: 2 passed, 0 failed\n"));
        let (code, out, err) = workspace.run(&["run", "maps/invoice.map", "--in", "maps/samples/order.json"]);
        assert_eq!(code, 0, "{err}");
        assert_eq!(
            out,
            "{\"number\":\"R-1001\",\"customer\":{\"id\":\"C-7\",\"countryCode\":\"49\"},\
             \"memo\":\"Leave it with the neighbour, please: the\",\
             \"lines\":[{\"item\":\"LAMP-3\",\"quantity\":2,\"amount\":25.5}]}\n"
        );
        assert_eq!(err, "1 message: 1 delivered, 0 skipped, 0 waiting, 0 rejected\n");
    }

    #[test]
    fn a_new_workspace_is_laid_out() {
        let workspace = Workspace::new();
        let before = workspace.read("maps/invoice.map");
        let (code, out, err) = workspace.run(&["fmt", "--check", "."]);
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", "0 would change, 1 already right\n"));
        assert_eq!(workspace.run(&["fmt", "."]).0, 0);
        assert_eq!(workspace.read("maps/invoice.map"), before);
    }

    #[test]
    fn layout_is_checked_shown_and_written() {
        let workspace = Workspace::new();
        let right = workspace.read("maps/invoice.map");
        workspace.change("  number                = \"R-{order.id}\"", "number=\"R-{order.id}\"");
        let wrong = workspace.read("maps/invoice.map");
        let (code, out, err) = workspace.run(&["fmt", "--check", "maps/invoice.map"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert_eq!(err, "maps/invoice.map would change\n1 would change, 0 already right\n");
        assert_eq!(workspace.read("maps/invoice.map"), wrong);
        let (code, out, _) = workspace.run(&["fmt", "--diff", "maps/invoice.map"]);
        assert_eq!(code, 0);
        assert!(
            out.contains("-number=\"R-{order.id}\"\n+  number                = \"R-{order.id}\"\n"),
            "{out}"
        );
        assert_eq!(workspace.read("maps/invoice.map"), wrong);
        let (code, out, _) = workspace.run_with(&["fmt", "-"], wrong.as_bytes());
        assert_eq!((code, out.as_str()), (0, right.as_str()));
        let (code, out, err) = workspace.run(&["fmt", "maps"]);
        assert_eq!((code, out.as_str()), (0, ""));
        assert_eq!(err, "maps/invoice.map laid out\n1 laid out, 0 already right\n");
        assert_eq!(workspace.read("maps/invoice.map"), right);
    }

    #[test]
    fn a_map_that_cannot_be_read_is_not_laid_out() {
        let workspace = Workspace::new();
        workspace.change("fields {", "fields {{");
        let wrong = workspace.read("maps/invoice.map");
        let (code, _, err) = workspace.run(&["fmt", "maps"]);
        assert_eq!(code, 1);
        assert!(err.contains("error[E01"), "{err}");
        assert_eq!(workspace.read("maps/invoice.map"), wrong);
        assert_eq!(std::fs::read_dir(workspace.path("maps")).unwrap().count(), 2, "nothing is left behind");
    }

    #[test]
    fn findings_in_every_format() {
        let workspace = Workspace::new();
        workspace.change("order.note | cut 40", "order.note");
        workspace.change("= order.customer", "= order.custmer");
        for format in ["full", "short", "plain"] {
            let (code, out, err) = workspace.run(&["check", "maps", "--format", format]);
            assert_eq!((code, out.as_str()), (1, ""), "{format}");
            insta::assert_snapshot!(format!("findings_{format}"), err);
        }
        let (code, out, err) = workspace.run(&["check", "maps", "--format", "json"]);
        assert_eq!((code, err.as_str()), (1, ""));
        let output: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(output["format_version"], "1.0");
        assert_eq!(output["maps"][0]["passes"], false);
        let codes: Vec<&str> = output["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["E0201", "E0401"]);
        let map = workspace.read("maps/invoice.map");
        for one in output["diagnostics"].as_array().unwrap() {
            let at = |end: usize| usize::try_from(one["primary"]["bytes"][end].as_u64().unwrap()).unwrap();
            assert!(["custmer", "order.note"].contains(&&map[at(0)..at(1)]), "{one}");
        }
        let again = workspace.run(&["check", "maps", "--format", "json"]);
        assert_eq!(again.1, out);
    }

    #[test]
    fn strict_forbids_answers_by_policy_alone() {
        let workspace = Workspace::new();
        workspace.change("order.note | cut 40", "order.note");
        workspace.change("fields {", "policy {\n  text or cut\n}\n\nfields {");
        let (code, _, err) = workspace.run(&["check", "maps"]);
        assert_eq!(code, 0, "{err}");
        let (code, _, err) = workspace.run(&["check", "maps", "--strict"]);
        assert_eq!(code, 1);
        assert!(err.contains("1 point is answered by the policy alone"), "{err}");
    }

    #[test]
    fn stats_are_a_table() {
        let workspace = Workspace::new();
        let (code, out, err) = workspace.run(&["check", "--stats", "."]);
        assert_eq!((code, out.as_str()), (0, ""));
        let lines: Vec<&str> = err.lines().collect();
        assert_eq!(lines.len(), 5, "{err}");
        assert_eq!(lines[3], "maps/invoice.map: 1 guard in every run");
        assert!(lines[0].starts_with("map ") && lines[1].starts_with("maps/invoice.map  passes"), "{err}");
    }

    /// The note is cut by the policy: a guard that every run tests.
    fn with_a_guard() -> Workspace {
        let workspace = Workspace::new();
        workspace.change("order.note | cut 40", "order.note");
        workspace.change("fields {", "policy {\n  text or cut\n}\n\nfields {");
        workspace
    }

    #[test]
    fn stats_name_the_guards_that_remain() {
        let workspace = with_a_guard();
        let (code, _, err) = workspace.run(&["check", "--stats", "."]);
        assert_eq!(code, 0, "{err}");
        assert!(err.lines().skip(2).any(|line| line.contains("memo")), "{err}");
        let note = "n".repeat(41);
        let long = GOOD.replacen('{', &format!("{{\"note\":\"{note}\","), 1);
        let input = format!("{GOOD}\n{long}\n");
        let (code, _, err) = workspace.run_with(&["run", "maps/invoice.map", "--stats"], input.as_bytes());
        assert_eq!(code, 0, "{err}");
        assert!(
            err.contains("1 of ") && err.contains(" found something\n") && err.contains("1 memo"),
            "{err}"
        );
    }

    #[test]
    fn a_refusal_is_shown_by_a_message() {
        let workspace = Workspace::new();
        workspace.change("order.note | cut 40", "order.note");
        let (code, out, err) = workspace.run(&["check", "--witness", "maps"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("this order shows it:"), "{err}");
        let (code, out, err) = workspace.run(&["sample", "E0401", "maps/invoice.map"]);
        assert_eq!((code, err.as_str()), (0, ""));
        let message: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert!(message["note"].as_str().unwrap().chars().count() > 40, "{out}");
        let (code, out, err) = workspace.run(&["sample", "E0404", "maps/invoice.map"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("has no refusal `E0404`"), "{err}");
    }

    #[test]
    fn an_end_is_reached_by_a_message() {
        let workspace = Workspace::new();
        let (code, out, err) = workspace.run(&["sample", "R0601", "maps/invoice.map"]);
        assert_eq!((code, err.as_str()), (0, ""));
        let (_, delivered, err) = workspace.run_with(&["run", "maps/invoice.map"], out.as_bytes());
        assert_eq!(delivered, "");
        assert!(err.contains("R0601"), "{out}{err}");
        let (code, out, err) = workspace.run(&["sample", "R0403", "maps/invoice.map"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("never ends with `R0403`"), "{err}");
    }

    #[test]
    fn a_map_with_errors_neither_builds_nor_runs() {
        let workspace = Workspace::new();
        workspace.change("order.note | cut 40", "order.note");
        for command in ["build", "run", "inspect", "test"] {
            let (code, out, err) = workspace.run(&[command, "maps/invoice.map"]);
            assert_eq!((code, out.as_str()), (1, ""), "{command}");
            assert!(err.contains("error[E0401]"), "{command}: {err}");
        }
        assert!(!workspace.path("maps/invoice.mapb").exists());
    }

    #[test]
    fn a_built_map_runs_like_the_map() {
        let workspace = Workspace::new();
        let (code, out, err) = workspace.run(&["build", "maps/invoice.map"]);
        assert_eq!((code, out.as_str()), (0, ""));
        assert!(err.starts_with("maps/invoice.mapb written, "), "{err}");
        let input = format!("{GOOD}\n{REFUSED}\n");
        let of_map = workspace.run_with(&["run", "maps/invoice.map"], input.as_bytes());
        let of_artifact = workspace.run_with(&["run", "maps/invoice.mapb"], input.as_bytes());
        assert_eq!(of_map, of_artifact);
        let first = std::fs::read(workspace.path("maps/invoice.mapb")).unwrap();
        assert_eq!(workspace.run(&["build", "maps/invoice.map", "-o", "again.mapb", "-q"]).0, 0);
        assert_eq!(std::fs::read(workspace.path("again.mapb")).unwrap(), first);
        let of_map = workspace.run(&["inspect", "maps/invoice.map"]);
        let of_artifact = workspace.run(&["inspect", "maps/invoice.mapb"]);
        assert_eq!(of_map.0, 0);
        assert_eq!(of_map.1, of_artifact.1);
        assert!(of_map.1.starts_with("map shop.invoice version 1\n"), "{}", of_map.1);
        assert!(of_map.1.contains("pin schema shop.order@1 "), "{}", of_map.1);
    }

    #[test]
    fn a_map_is_never_written_over_by_its_build() {
        let workspace = Workspace::new();
        let before = workspace.read("maps/invoice.map");
        let (code, _, err) = workspace.run(&["build", "maps/invoice.map", "-o", "maps/invoice.map"]);
        assert_eq!(code, 2);
        assert!(err.contains("is the map itself"), "{err}");
        assert_eq!(workspace.read("maps/invoice.map"), before);
    }

    #[test]
    fn a_damaged_artifact_is_refused() {
        let workspace = Workspace::new();
        assert_eq!(workspace.run(&["build", "maps/invoice.map", "-o", "x.mapb"]).0, 0);
        let whole = std::fs::read(workspace.path("x.mapb")).unwrap();
        let check = |bytes: &[u8], words: &str| {
            workspace.write("y.mapb", bytes);
            for command in ["run", "inspect"] {
                let (code, out, err) = workspace.run(&[command, "y.mapb"]);
                assert_eq!((code, out.as_str()), (2, ""), "{command} {words}");
                let flat: String = err.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(flat.contains("E0908") && flat.contains(words), "{command} {words}: {err}");
            }
        };
        check(&whole[..whole.len() / 2], "cut off");
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        check(&flipped, "damaged");
        let mut newer = whole.clone();
        newer[4] = 9;
        check(&newer, "newer mapc");
        check(b"hello, this is no compiled map", "not a compiled map");
    }

    #[test]
    fn a_bad_line_costs_itself_alone() {
        let workspace = Workspace::new();
        let input = format!("{GOOD}\n{}\n\n{GOOD}\n{REFUSED}\n", &GOOD[..30]);
        workspace.write("in.ndjson", &input);
        let (code, out, err) = workspace.run(&["run", "maps/invoice.map", "--in", "in.ndjson"]);
        assert_eq!(code, 0, "{err}");
        assert_eq!(out, format!("{GOOD_OUT}{GOOD_OUT}"));
        insta::assert_snapshot!("run_rejections", err);
        let arguments =
            ["run", "maps/invoice.map", "--in", "in.ndjson", "--out", "o.ndjson", "--rejects", "r.ndjson"];
        let (code, out, err) = workspace.run(&arguments);
        assert_eq!((code, out.as_str()), (0, ""));
        assert!(!err.contains("line 2"), "{err}");
        assert_eq!(workspace.read("o.ndjson"), format!("{GOOD_OUT}{GOOD_OUT}"));
        insta::assert_snapshot!("run_rejects_file", workspace.read("r.ndjson"));
        let (code, ..) = workspace.run(&["run", "maps/invoice.map", "--in", "in.ndjson", "--fail-on-reject"]);
        assert_eq!(code, 1);
    }

    #[test]
    fn messages_come_in_every_form() {
        let workspace = Workspace::new();
        let pretty = workspace.read("maps/samples/order.json");
        let count = |arguments: &[&str], input: &str| {
            let (code, out, err) = workspace.run_with(arguments, input.as_bytes());
            assert_eq!(code, 0, "{err}");
            out.lines().count()
        };
        let plain = ["run", "maps/invoice.map"];
        assert_eq!(count(&plain, &format!("{GOOD}\n{GOOD}")), 2);
        assert_eq!(count(&plain, &format!("{GOOD}{GOOD}")), 2);
        assert_eq!(count(&plain, &format!("{pretty}{pretty}")), 2);
        assert_eq!(count(&plain, ""), 0);
        assert_eq!(count(&["run", "maps/invoice.map", "--each"], &format!("[{GOOD},\n{pretty},{GOOD}]")), 3);
        let (code, out, err) = workspace.run_with(&["run", "maps/invoice.map", "--each"], GOOD.as_bytes());
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("is not one list"), "{err}");
    }

    #[test]
    fn hostile_messages_are_rejections() {
        let workspace = Workspace::new();
        let check = |message: &[u8], code: &str| {
            let (exit, out, err) =
                workspace.run_with(&["run", "maps/invoice.map", "--input-form", "lines"], message);
            assert_eq!((exit, out.as_str()), (0, ""), "{err}");
            assert!(err.contains(code), "{code}: {err}");
            assert!(err.contains("1 message: 0 delivered, 0 skipped, 0 waiting, 1 rejected"), "{err}");
        };
        check(b"\x00\x01\x02", "R0101");
        check(b"\xff\xfe", "R0102");
        check("[".repeat(10_000).as_bytes(), "R0110");
        check(GOOD.replace("\"1\"", r#""\ud800""#).as_bytes(), "R0102");
        check(GOOD.replace("\"country\"", "\"id\":\"2\",\"country\"").as_bytes(), "R0103");
        check(GOOD.replace("2.50", &"9".repeat(60)).as_bytes(), "R0112");
        check(GOOD.replace("2.50", "\"2.50\"").as_bytes(), "R0201");
        check(b"[]", "R0201");
        check(GOOD.replace("\"quantity\":1", "\"quantity\":0").as_bytes(), "R0401");
        check(format!("{{\"id\":\"{}\"}}", "x".repeat(17 << 20)).as_bytes(), "R0111");
    }

    #[test]
    fn limits_can_be_changed() {
        let workspace = Workspace::new();
        let rows = format!("[{}]", [r#"{"sku":"A","quantity":1,"price":2}"#; 3].join(","));
        let message = GOOD.replace(r#"[{"sku":"A","quantity":1,"price":2.50}]"#, &rows);
        for (limit, code) in [
            ("input=50", "R0111"),
            ("depth=2", "R0110"),
            ("rows=2", "R0111"),
            ("output=20", "R0114"),
            ("steps=5", "R0113"),
        ] {
            let (exit, out, err) =
                workspace.run_with(&["run", "maps/invoice.map", "--limit", limit], message.as_bytes());
            assert_eq!((exit, out.as_str()), (0, ""), "{limit}: {err}");
            assert!(err.contains(code), "{limit}: {err}");
        }
    }

    #[test]
    fn files_that_are_read_are_never_written() {
        let workspace = Workspace::new();
        workspace.write("in.ndjson", GOOD);
        for option in ["--out", "--rejects"] {
            for file in ["in.ndjson", "maps/invoice.map"] {
                let (code, _, err) =
                    workspace.run(&["run", "maps/invoice.map", "--in", "in.ndjson", option, file]);
                assert_eq!(code, 2, "{err}");
            }
        }
        assert_eq!(workspace.read("in.ndjson"), GOOD);
    }

    #[test]
    fn values_of_messages_are_shown_only_on_demand() {
        let workspace = Workspace::new();
        let secret = GOOD.replace("\"C\"", "12345678");
        let (_, out, err) =
            workspace.run_with(&["run", "maps/invoice.map", "--rejects", "r"], secret.as_bytes());
        assert!(!format!("{out}{err}{}", workspace.read("r")).contains("12345678"));
        workspace
            .run_with(&["run", "maps/invoice.map", "--rejects", "r", "--show-values"], secret.as_bytes());
        assert!(workspace.read("r").contains("\"message\":{\"id\":\"1\",\"customer\":12345678"));
    }

    #[test]
    fn a_failing_test_shows_expected_and_actual() {
        let workspace = Workspace::new();
        workspace.change("lines[1].amount is 25.5", "lines[1].amount is 26.5");
        workspace.change("reject \"No country code for US\"", "deliver");
        let (code, out, err) = workspace.run(&["test", "maps"]);
        assert_eq!((code, out.as_str()), (1, ""));
        insta::assert_snapshot!("test_failures", err);
        let (code, out, _) = workspace.run(&["test", "maps", "--format", "json"]);
        assert_eq!(code, 1);
        let output: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(output["tests"].as_array().unwrap().len(), 2);
        let (code, _, err) = workspace.run(&["test", "maps", "--filter", "nothing like it"]);
        assert_eq!((code, err.as_str()), (0, "no test has that text in its name\n"));
    }

    #[test]
    fn a_test_without_its_sample_fails() {
        let workspace = Workspace::new();
        std::fs::remove_file(workspace.path("maps/samples/order.json")).unwrap();
        let (code, _, err) = workspace.run(&["test", "maps"]);
        assert_eq!(code, 1);
        assert!(err.contains("`samples/order.json`: there is no such file"), "{err}");
    }

    #[test]
    fn the_summary_can_be_read_by_machines() {
        let workspace = Workspace::new();
        let input = format!("{GOOD}\n{REFUSED}\n");
        let arguments = ["run", "maps/invoice.map", "--out", "o", "--rejects", "r", "--format", "json"];
        let (code, out, err) = workspace.run_with(&arguments, input.as_bytes());
        assert_eq!((code, err.as_str()), (0, ""));
        let summary: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((summary["messages"].as_u64(), summary["rejected"].as_u64()), (Some(2), Some(1)));
        let (code, ..) =
            workspace.run_with(&["run", "maps/invoice.map", "--format", "json"], input.as_bytes());
        assert_eq!(code, 2);
    }

    #[test]
    fn a_schema_is_listed_with_what_is_not_exact() {
        let workspace = Workspace::new();
        let file = "shop/order@1.schema.json";
        let (code, out, err) = workspace.run(&["schema", "lint", file]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(out, format!("{file}: everything is represented exactly\n"));
        let text = workspace.read(file).replace("\"^[A-Z]{2}$\"", "\"^(?=X)[A-Z]{2}$\"");
        workspace.write(file, text);
        let (code, out, _) = workspace.run(&["schema", "lint", file]);
        assert_eq!(code, 0);
        assert!(out.starts_with("shop/order@1.schema.json:") && out.contains("`pattern`"), "{out}");
        let (code, ..) = workspace.run(&["schema", "lint", "--deny", file]);
        assert_eq!(code, 1);
    }

    #[test]
    fn several_maps_are_checked_in_order() {
        let workspace = Workspace::new();
        let map = workspace.read("maps/invoice.map");
        workspace.write("maps/b/other.map", map.replace("samples/", "../samples/"));
        workspace.write("maps/.hidden/x.map", "junk");
        let (code, _, err) = workspace.run(&["check", "maps", "maps/invoice.map"]);
        assert_eq!(code, 0, "{err}");
        let passes: Vec<&str> = err.lines().filter(|line| line.ends_with("  passes")).collect();
        assert_eq!(passes, ["maps/b/other.map  passes", "maps/invoice.map  passes"]);
        assert!(err.ends_with("2 maps checked\n"), "{err}");
    }

    #[test]
    fn no_output_names_the_machine() {
        let workspace = Workspace::new();
        workspace.change("order.note | cut 40", "order.nte");
        let root = workspace.0.path().to_string_lossy().into_owned();
        for arguments in [
            &["check", "."][..],
            &["check", ".", "--format", "json"],
            &["test", "."],
            &["run", "maps/invoice.map"],
            &["check", "nothing.map"],
        ] {
            let (_, out, err) = workspace.run(arguments);
            assert!(!out.contains(&root) && !err.contains(&root), "{arguments:?}: {out}{err}");
        }
    }
}
