//! Is the book true? Every example of `docs/` and of the README is run by the conventions of `docs/README.md`.

use mapc_diagnostics::{Code, all_codes};
use mapc_harness::command::{Shell, work_through};
use mapc_harness::example::{code_page, story};
use mapc_harness::folder::Folder;
use mapc_harness::page::Page;
use mapc_harness::repository;

const BINARY: &str = env!("CARGO_BIN_EXE_mapc-under-test");

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages = repository::files("docs/errors", ".md");
    let list = repository::text("docs/errors/README.md").unwrap();
    for entry in all_codes() {
        let path = format!("docs/errors/{}.md", entry.number);
        assert!(pages.contains(&path), "{path} is missing");
        let page = repository::text(&path).unwrap();
        let title = page.lines().next().unwrap_or_default().to_lowercase();
        assert_eq!(title, format!("# {}: {}", entry.number, entry.title).to_lowercase(), "{path}");
        assert!(
            list.contains(&format!("- [{0}]({0}.md) {1}", entry.number, entry.title)),
            "{} in the list",
            entry.number
        );
    }
    assert_eq!(pages.len(), all_codes().len() + 1, "a page of docs/errors has no code");
}

#[test]
fn every_page_of_a_code_holds() {
    let (mut examples, mut wrong) = (0, Vec::new());
    for entry in all_codes() {
        let path = format!("docs/errors/{}.md", entry.number);
        let code = Code::parse(entry.number).unwrap();
        let report =
            code_page(&Page::read(&path).unwrap(), code).unwrap_or_else(|why| panic!("{path}: {why}"));
        examples += report.examples;
        wrong.extend(report.wrong);
    }
    println!("{examples} examples");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_other_page_holds() {
    let (mut examples, mut wrong) = (0, Vec::new());
    for path in repository::files("docs", ".md") {
        let is_code = path.starts_with("docs/errors/") || path.starts_with("docs/reference/");
        let page = Page::read(&path).unwrap();
        if is_code || page.blocks.iter().any(|block| block.language == "console") {
            continue;
        }
        let place = tempfile::tempdir().unwrap();
        let report =
            story(&page, &Shell::new(BINARY, place.path())).unwrap_or_else(|why| panic!("{path}: {why}"));
        examples += report.examples;
        wrong.extend(report.wrong);
    }
    println!("{examples} examples");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_page_with_commands_works_from_top_to_bottom() {
    let mut pages = 0;
    for path in repository::files("docs", ".md") {
        let page = Page::read(&path).unwrap();
        if !page.blocks.iter().any(|block| block.language == "console") {
            continue;
        }
        pages += 1;
        let place = tempfile::tempdir().unwrap();
        Folder::copy_of("mappings").unwrap().write_to(place.path()).unwrap();
        let wrong = work_through(&page, &Shell::new(BINARY, place.path())).unwrap();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    assert!(pages >= 1, "the tutorial has no commands");
}

#[test]
fn the_readme_shows_a_part_of_the_map_and_commands_that_work() {
    let page = Page::read("README.md").unwrap();
    let squeeze = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let map = repository::text("mappings/tenants/acme/sales_order.map").unwrap();
    let lines: Vec<String> = map.lines().map(squeeze).collect();
    for block in page.blocks.iter().filter(|block| block.language == "map") {
        for line in block.text.lines().map(squeeze).filter(|line| !line.is_empty()) {
            assert!(lines.contains(&line), "README.md shows `{line}`, which is not in acme's map");
        }
    }
    let console = page.blocks.iter().find(|block| block.language == "console").unwrap();
    let commands: Vec<&str> = console.text.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    let run = commands[0].strip_prefix("cargo run --release -- ").unwrap();
    assert_eq!(commands[1], "cargo test --workspace");
    let printed = Shell::new(BINARY, repository::root()).line(&format!("mapc {run}")).unwrap();
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert_eq!(printed.out.lines().count(), 37, "{}", printed.err);
    for word in ["60 messages", "delivered", "skipped", "waiting", "rejected"] {
        assert!(printed.err.contains(word), "the summary does not say `{word}`:\n{}", printed.err);
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    let pages = ["docs", "mappings", "tests/spec"].map(|folder| repository::files(folder, ".md")).concat();
    let roots = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned);
    for path in pages.into_iter().chain(roots) {
        let text = repository::text(&path).unwrap();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            if !repository::root().join(folder).join(file).exists() {
                wrong.push(format!("{path}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "links to nowhere:\n{}", wrong.join("\n"));
}
