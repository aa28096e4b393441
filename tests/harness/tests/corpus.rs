//! Do diagnostics, layout and results stay put? Every file of `tests/corpus` against its golden text.

#[cfg(test)]
mod tests {
    use mapc_harness::command::Shell;
    use mapc_harness::folder::Folder;
    use mapc_harness::repository;

    /// The files of one part of the corpus: name and content.
    fn files(part: &str) -> Vec<(String, Vec<u8>)> {
        let paths = repository::files(&format!("tests/corpus/{part}"), "map");
        let name = |path: &str| path.rsplit('/').next().unwrap().trim_end_matches(".map").to_owned();
        paths.iter().map(|path| (name(path), repository::bytes(path).unwrap())).collect()
    }

    /// A copy of the small workspace of the book with these maps beside `base.map`.
    fn workspace(maps: &[(String, Vec<u8>)]) -> (tempfile::TempDir, Shell) {
        let mut folder = Folder::copy_of("docs/errors/fixture").unwrap();
        for (name, content) in maps {
            folder.put(&format!("tenants/demo/{name}.map"), content.clone());
        }
        let place = tempfile::tempdir().unwrap();
        folder.write_to(place.path()).unwrap();
        let shell = Shell::new(env!("CARGO_BIN_EXE_mapc-under-test"), place.path());
        (place, shell)
    }

    #[test]
    fn every_broken_file_says_what_is_wrong() {
        let maps = files("err");
        assert!(maps.len() >= 100, "only {} broken files", maps.len());
        let (_place, shell) = workspace(&maps);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../corpus/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for (name, content) in &maps {
                let printed = shell.run(&["check", &format!("tenants/demo/{name}.map")], b"").unwrap();
                let warned = printed.err.contains("warning[");
                assert!(
                    printed.code == 1 || printed.code == 0 && warned,
                    "{name} ends with {}",
                    printed.code
                );
                for word in ["panicked", "Rule::", "token", "AST", "/tmp/"] {
                    assert!(!printed.err.contains(word), "{name} says {word}:\n{}", printed.err);
                }
                let map = String::from_utf8_lossy(content);
                let shown = printed.err.split("tenants/demo/").collect::<Vec<_>>().join("");
                insta::assert_snapshot!(name.as_str(), format!("{map}\n-----\n{shown}"));
            }
        });
        println!("{} broken files, each with its golden diagnostics", maps.len());
    }

    #[test]
    fn every_good_file_keeps_its_layout_program_and_result() {
        let maps = files("ok");
        assert!(!maps.is_empty());
        let (_place, shell) = workspace(&maps);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../corpus/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for (name, content) in &maps {
                let path = format!("tenants/demo/{name}.map");
                let laid_out = shell.run(&["fmt", "--check", &path], b"").unwrap();
                assert_eq!(laid_out.code, 0, "{name} is not laid out:\n{}", laid_out.err);
                let result =
                    shell.run(&["-q", "run", &path, "--in", "tenants/demo/message.json"], b"").unwrap();
                assert_eq!(result.code, 0, "{name}: {}", result.err);
                let listing = shell.run(&["inspect", &path], b"").unwrap();
                let map = String::from_utf8_lossy(content);
                let facets = [map.as_ref(), &result.out, &result.err, &listing.out].join("\n-----\n");
                insta::assert_snapshot!(format!("ok_{name}"), facets);
            }
        });
    }
}
