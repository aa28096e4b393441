//! Do the pages of `docs/reference` say what the tables say? With `MAPC_BLESS=1` they are written anew.

use mapc_harness::{reference, repository};

#[test]
fn generated_pages_are_up_to_date() {
    for (path, page) in reference::pages().unwrap() {
        if std::env::var_os("MAPC_BLESS").is_some() {
            let full = repository::root().join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, &page).unwrap();
        }
        let found = repository::text(path).unwrap();
        let differing = found.lines().zip(page.lines()).position(|(found, made)| found != made);
        assert!(
            found == page,
            "{path} is old from line {:?} on; run the test with MAPC_BLESS=1",
            differing.map(|line| line + 1)
        );
    }
}

#[test]
fn every_rule_and_every_code_is_on_its_page() {
    let pages = reference::pages().unwrap();
    let page = |path: &str| {
        pages.iter().find(|(found, _)| found.ends_with(path)).map(|(_, page)| page.clone()).unwrap()
    };
    let grammar = repository::text("grammar/src/map.pest").unwrap();
    for line in grammar.lines().filter(|line| line.contains(" = ") && !line.starts_with(['/', ' '])) {
        let name = line.split_whitespace().next().unwrap();
        let shown = match name.strip_prefix("kw_") {
            Some(word) => format!("`{word}`"),
            None => format!("### {name}\n"),
        };
        assert!(page("grammar.md").contains(&shown), "{name} is not on the page of the grammar");
    }
    for entry in mapc_diagnostics::all_codes() {
        assert!(page("codes.md").contains(entry.number));
    }
    for info in mapc_bytecode::natives::NATIVES {
        assert!(page("instructions.md").contains(&format!("`{}`", info.name)));
    }
}
