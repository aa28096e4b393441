//! What does the language mean? Every example of `tests/spec/*.md` is run, in the vm and in the reference interpreter.

use mapc_harness::command::Shell;
use mapc_harness::example::story;
use mapc_harness::page::Page;
use mapc_harness::repository;

#[test]
fn every_example_of_the_specification_holds() {
    let pages = repository::files("tests/spec", ".md");
    assert!(pages.len() >= 15, "pages are missing: {pages:?}");
    let (mut examples, mut wrong) = (0, Vec::new());
    for path in pages {
        let place = tempfile::tempdir().unwrap();
        let shell = Shell::new(env!("CARGO_BIN_EXE_mapc-under-test"), place.path());
        let report = story(&Page::read(&path).unwrap(), &shell).unwrap_or_else(|why| panic!("{path}: {why}"));
        println!("{path}: {} examples", report.examples);
        assert!(report.examples >= 3, "{path} has hardly any example");
        examples += report.examples;
        wrong.extend(report.wrong);
    }
    println!("{examples} examples");
    assert!(wrong.is_empty(), "{} of {examples} examples:\n{}", wrong.len(), wrong.join("\n"));
}
