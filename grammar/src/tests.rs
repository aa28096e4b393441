//! Tests of the parser on small texts.

use mapc_diagnostics::Sources;

use crate::{parse, tree::MapFile};

fn read(text: &str) -> (MapFile, Vec<String>) {
    let mut sources = Sources::new();
    let file = sources.add("test.map", text);
    let staged = parse(&sources, file);
    let said = staged.diagnostics.iter().map(|diagnostic| {
        let at = sources.position(diagnostic.primary.span);
        let label = &diagnostic.primary.text;
        format!(
            "{} {}:{} {} | {label} {:?}",
            diagnostic.code, at.line, at.column, diagnostic.title, diagnostic.fixes
        )
    });
    (staged.value, said.collect())
}

#[test]
fn the_acme_file_is_read_without_complaint() {
    let (tree, said) = read(include_str!("../tests/ok/acme.map"));
    println!("{tree:#?}");
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(tree.items.len(), 18);
}

#[test]
fn show() {
    let Ok(path) = std::env::var("MAPQ") else { return };
    let (tree, said) = read(&std::fs::read_to_string(path).unwrap());
    if std::env::var("MAPT").is_ok() {
        println!("{}", crate::tree_text(&tree));
    }
    for line in said {
        println!("{line}");
    }
}
