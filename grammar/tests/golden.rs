//! Trees of files that are right, diagnostics of files that are not: one snapshot per file.

#[cfg(test)]
mod golden {
    use mapc_diagnostics::{Diagnostic, FixLevel, Sources, Span};
    use mapc_grammar::{parse, parse_text, tree_text};

    fn show(sources: &Sources, diagnostic: &Diagnostic) -> String {
        let place = |span: Span| {
            let (from, to) = (sources.position(span), sources.position(span.after()));
            format!(
                "{}:{}-{}:{} `{}`",
                from.line,
                from.column,
                to.line,
                to.column,
                sources.slice(span).escape_debug()
            )
        };
        let mut text =
            format!("{} {} {}\n", diagnostic.code, place(diagnostic.primary.span), diagnostic.title);
        text.push_str(&format!("  label: {}\n", diagnostic.primary.text));
        for label in &diagnostic.related {
            text.push_str(&format!("  also {} {}\n", place(label.span), label.text));
        }
        for help in &diagnostic.help {
            text.push_str(&format!("  help: {help}\n"));
        }
        for fix in &diagnostic.fixes {
            let edits = fix.edits.iter().map(|edit| format!("{} -> {:?}", place(edit.span), edit.insert));
            let edits: Vec<String> = edits.collect();
            text.push_str(&format!("  fix {:?}: {} [{}]\n", fix.level, fix.title, edits.join("; ")));
        }
        text
    }

    fn report(path: &std::path::Path) -> String {
        let text = std::fs::read_to_string(path).unwrap();
        let mut sources = Sources::new();
        let file = sources.add("case.map", text.as_str());
        let staged = parse(&sources, file);
        let said: Vec<String> = staged.diagnostics.iter().map(|one| show(&sources, one)).collect();
        format!("{text}\n──── diagnostics\n{}──── tree\n{}", said.concat(), tree_text(&staged.value))
    }

    fn settings() -> insta::Settings {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    }

    #[test]
    fn files_that_are_right_give_a_tree_and_no_diagnostics() {
        settings().bind(|| {
            insta::glob!("ok/*.map", |path| {
                let text = std::fs::read_to_string(path).unwrap();
                let staged = parse_text(mapc_diagnostics::FileId(0), &text);
                assert!(staged.diagnostics.is_empty(), "{path:?} {:?}", staged.diagnostics);
                insta::assert_snapshot!("ok", tree_text(&staged.value));
            });
        });
    }

    #[test]
    fn files_that_are_wrong_give_these_diagnostics() {
        settings().bind(|| {
            insta::glob!("err/*.map", |path| insta::assert_snapshot!("err", report(path)));
        });
    }

    /// A safe fix leaves fewer complaints than before.
    #[test]
    fn safe_fixes_mend() {
        insta::glob!("err/*.map", |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let file = mapc_diagnostics::FileId(0);
            let before = parse_text(file, &text).diagnostics;
            for diagnostic in &before {
                for fix in diagnostic.fixes.iter().filter(|fix| fix.level == FixLevel::Safe) {
                    let mut mended = text.clone();
                    let mut edits = fix.edits.clone();
                    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
                    for edit in edits {
                        mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.insert);
                    }
                    let after = parse_text(file, &mended).diagnostics;
                    // A renamed word of a block may bring the mistakes inside it to light.
                    let gone = after.iter().all(|one| {
                        (one.code, &one.title) != (diagnostic.code, &diagnostic.title)
                            || before.iter().filter(|b| b.title == one.title).count()
                                > after.iter().filter(|a| a.title == one.title).count()
                    });
                    assert!(gone, "{path:?} {diagnostic:?}\n{mended}\n{after:?}");
                }
            }
        });
    }

    #[test]
    fn titles_are_short_and_have_no_full_stop() {
        insta::glob!("err/*.map", |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let diagnostics = parse_text(mapc_diagnostics::FileId(0), &text).diagnostics;
            assert!(!diagnostics.is_empty(), "{path:?}");
            for one in diagnostics {
                assert!(one.title.chars().count() <= 80, "{}", one.title);
                assert!(!one.title.ends_with('.'), "{}", one.title);
                assert!(!one.help.is_empty(), "{}", one.title);
                let said = format!("{} {} {:?}", one.title, one.primary.text, one.help);
                for word in ["invalid", "illegal", "unexpected", "token", "string", "object", "array", "node"]
                {
                    assert!(!said.contains(word), "{said}");
                }
            }
        });
    }
}
