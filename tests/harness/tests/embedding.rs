//! Does the program on the page about embedding compile, run and say what it should? It stands here word for word.

use mapc_vm::{Context, Instance, MemoryXref, Outcome, Program};

fn deliver(artifact: &[u8], messages: &[&[u8]]) -> Result<(), Box<dyn std::error::Error>> {
    let program = Program::load(artifact)?; // once; tested before it runs, shared by threads
    let mut instance = Instance::new(&program); // one per thread; keeps its buffers
    let mut ids = MemoryXref::new();
    ids.insert("netsuite.customer", "C-1001", "5521");
    let context = Context::new(&ids);
    for message in messages {
        match instance.run(message, &context) {
            Outcome::Deliver { document, key, .. } => println!("send {} bytes, key {key:?}", document.len()),
            Outcome::Skip { reason } => println!("skipped by {}", reason.rule),
            Outcome::Wait { reference, .. } => println!("waits for {reference}"),
            Outcome::Reject { reason, text } => println!("R{:04} {}: {text}", reason.code, reason.rule),
        }
    }
    Ok(())
}

#[test]
fn the_program_of_the_page_runs() {
    use mapc_harness::{compiled::Compiled, folder::Folder};
    let folder = Folder::copy_of("mappings").unwrap();
    let compiled = Compiled::new(&folder, "tenants/acme/sales_order.map");
    let artifact = compiled.compilation.module.as_ref().map(mapc_bytecode::Module::encode).unwrap();
    let order = folder.get("tenants/acme/samples/us_two_lines.json").unwrap();
    deliver(&artifact, &[order, b"not JSON"]).unwrap();
    assert!(deliver(b"not an artifact", &[]).is_err());
    let program = Program::load(&artifact).unwrap();
    let instance = Instance::new(&program);
    assert_eq!(instance.guards().count(), program.module().guards.len());
    for (guard, count) in instance.guards() {
        assert!(guard.id.len() == 16 && guard.name().starts_with(&guard.target) && count == 0);
    }
}

#[test]
fn the_page_shows_this_program() {
    let page = mapc_harness::page::Page::read("docs/embedding.md").unwrap();
    let block = page.blocks.iter().find(|block| block.language == "rust").unwrap();
    assert!(include_str!("embedding.rs").contains(&block.text), "the page and this file differ");
    assert!(block.text.lines().count() <= 24, "it is no longer short");
}

#[test]
fn a_program_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Program>();
}
