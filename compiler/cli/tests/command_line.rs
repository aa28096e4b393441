//! The real binary, from outside: usage, help, exit codes, configuration, files.

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::{Command, Output, Stdio};

    /// Runs the binary in a folder.
    fn mapc(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
        with_input(folder, arguments, "")
    }

    fn with_input(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
        let output = spawn(folder, arguments, input);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn spawn(folder: &Path, arguments: &[&str], input: &str) -> Output {
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
        // A command that does not read its input closes it.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        child.wait_with_output().unwrap()
    }

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let full = folder.path().join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, content).unwrap();
        }
        folder
    }

    #[test]
    fn help_of_every_command() {
        let folder = folder(&[]);
        let commands: [&[&str]; 13] = [
            &[],
            &["check"],
            &["build"],
            &["run"],
            &["sample"],
            &["test"],
            &["fmt"],
            &["explain"],
            &["inspect"],
            &["schema"],
            &["schema", "lint"],
            &["init"],
            &["completions"],
        ];
        for command in commands {
            let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
            let (code, out, err) = mapc(folder.path(), &arguments);
            assert_eq!((code, err.as_str()), (0, ""), "{command:?}");
            let name = if command.is_empty() { "mapc".to_owned() } else { command.join("_") };
            insta::assert_snapshot!(format!("help_{name}"), out);
        }
    }

    #[test]
    fn usage_errors_are_2() {
        let folder = folder(&[]);
        for arguments in [
            &[][..],
            &["chek"],
            &["check"],
            &["check", "--format", "xml", "."],
            &["run", "x.map", "--limit", "rows"],
            &["run", "x.map", "--limit", "row=5"],
            &["run", "x.map", "--limit", "rows=0"],
            &["run", "x.map", "--show-values"],
            &["-q", "-v", "check", "."],
        ] {
            let (code, out, err) = mapc(folder.path(), arguments);
            assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
            assert!(!err.is_empty());
        }
        let (_, _, err) = mapc(folder.path(), &["chek"]);
        assert!(err.contains("check"), "{err}");
    }

    #[test]
    fn version_goes_to_standard_output() {
        let folder = folder(&[]);
        let (code, out, err) = mapc(folder.path(), &["--version"]);
        assert_eq!((code, out, err), (0, format!("mapc {}\n", env!("CARGO_PKG_VERSION")), String::new()));
    }

    #[test]
    fn a_missing_map_is_2() {
        let folder = folder(&[("mapc.toml", "[workspace]\n")]);
        for command in ["check", "build", "run", "test", "fmt", "inspect"] {
            let (code, out, err) = mapc(folder.path(), &[command, "no/such.map"]);
            assert_eq!((code, out.as_str()), (2, ""), "{command}");
            assert!(err.contains("cannot read `no/such.map`: there is no such file"), "{command}: {err}");
        }
    }

    #[test]
    fn a_folder_without_maps_is_2() {
        let folder = folder(&[("mapc.toml", "[workspace]\n"), ("x/readme.txt", "")]);
        let (code, _, err) = mapc(folder.path(), &["check", "x"]);
        assert_eq!(code, 2);
        assert!(err.contains("no map below `x`"), "{err}");
    }

    #[test]
    fn no_workspace_says_what_to_write() {
        let folder = folder(&[("a.map", "map a version 1\n")]);
        let (code, out, err) = mapc(folder.path(), &["check", "a.map"]);
        assert_eq!((code, out.as_str()), (2, ""));
        insta::assert_snapshot!("no_workspace", err);
    }

    #[test]
    fn an_odd_workspace_file_shows_the_place() {
        let cases = [
            ("odd_unknown_key", "[workspace]\nschema = \".\"\n"),
            ("odd_kind", "[workspace]\nschemas = 3\n"),
            ("odd_outside", "[workspace]\nschemas = \"../..\"\n"),
            ("odd_not_toml", "[workspace\n"),
            ("odd_empty", ""),
            ("odd_missing_folder", "[workspace]\nschemas = \"schemas\"\n"),
        ];
        for (name, text) in cases {
            let folder = folder(&[("mapc.toml", text), ("a.map", "map a version 1\n")]);
            let (code, out, err) = mapc(folder.path(), &["check", "a.map"]);
            assert_eq!((code, out.as_str()), (2, ""), "{text}");
            insta::assert_snapshot!(name, err);
        }
    }

    #[test]
    fn explain_shows_the_page_of_a_code() {
        let folder = folder(&[]);
        let (code, out, err) = mapc(folder.path(), &["explain", "e0401"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.starts_with("# E0401"), "{out}");
        let (code, out, err) = mapc(folder.path(), &["explain", "E0491"]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("there is no code `E0491`") && err.contains("did you mean `E0401`"), "{err}");
    }

    #[test]
    fn explain_without_a_code_lists_all() {
        let folder = folder(&[]);
        let (code, out, _) = mapc(folder.path(), &["explain"]);
        assert_eq!(code, 0);
        for entry in mapc_diagnostics::all_codes() {
            assert!(out.contains(&format!("  {}  {}\n", entry.number, entry.title)), "{}", entry.number);
        }
        let (code, out, _) = mapc(folder.path(), &["explain", "--format", "json"]);
        assert_eq!(code, 0);
        let list: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(list["codes"].as_array().unwrap().len(), mapc_diagnostics::all_codes().len());
    }

    #[test]
    fn every_code_with_a_page_in_the_book_has_it_in_the_binary() {
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        let folder = folder(&[]);
        let mut seen = 0;
        for entry in std::fs::read_dir(pages).into_iter().flatten() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.extension().is_some_and(|e| e == "md") && mapc_diagnostics::Code::parse(&stem).is_some() {
                let (code, out, _) = mapc(folder.path(), &["explain", &stem]);
                assert_eq!(code, 0);
                assert_eq!(out, std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n"), "{stem}");
                seen += 1;
                if seen == 5 {
                    break;
                }
            }
        }
    }

    #[test]
    fn completions_for_every_shell() {
        let folder = folder(&[]);
        for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
            let (code, out, err) = mapc(folder.path(), &["completions", shell]);
            assert_eq!((code, err.as_str()), (0, ""), "{shell}");
            assert!(out.contains("mapc") && out.contains("explain"), "{shell}");
        }
    }

    #[test]
    fn colour_only_when_asked_for() {
        let folder = folder(&[]);
        let colour = |arguments: &[&str], variable: Option<(&str, &str)>| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_mapc"));
            command
                .args(arguments)
                .current_dir(folder.path())
                .env_remove("NO_COLOR")
                .env_remove("CLICOLOR_FORCE");
            if let Some((name, value)) = variable {
                command.env(name, value);
            }
            command.output().unwrap().stderr.contains(&0x1b)
        };
        let wrong = ["explain", "E9"];
        assert!(!colour(&wrong, None));
        assert!(colour(&wrong, Some(("CLICOLOR_FORCE", "1"))));
        assert!(!colour(&wrong, Some(("CLICOLOR_FORCE", "0"))));
        assert!(colour(&["explain", "E9", "--color", "always"], Some(("NO_COLOR", "1"))));
        assert!(!colour(&["explain", "E9", "--color", "never"], Some(("CLICOLOR_FORCE", "1"))));
    }

    #[test]
    fn a_damaged_artifact_is_2_with_its_code() {
        let folder = folder(&[("a.mapb", "MAPB"), ("b.mapb", "hello"), ("c.mapb", "")]);
        for file in ["a.mapb", "b.mapb", "c.mapb"] {
            for command in ["inspect", "run"] {
                let (code, out, err) = mapc(folder.path(), &[command, file]);
                assert_eq!((code, out.as_str()), (2, ""), "{command} {file}");
                assert!(err.contains("E0908") && err.contains(file), "{err}");
            }
        }
    }

    #[test]
    fn init_never_writes_over_anything() {
        let folder = folder(&[("mapc.toml", "mine")]);
        let (code, out, err) = mapc(folder.path(), &["init"]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("`mapc.toml` is there already"), "{err}");
        assert_eq!(std::fs::read_to_string(folder.path().join("mapc.toml")).unwrap(), "mine");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn init_lists_what_it_writes() {
        let folder = folder(&[]);
        let (code, out, err) = mapc(folder.path(), &["init", "orders"]);
        assert_eq!((code, out.as_str()), (0, ""));
        insta::assert_snapshot!("init", err);
        assert!(folder.path().join("orders/maps/invoice.map").is_file());
    }
}
