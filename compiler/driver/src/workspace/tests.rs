//! From a reference to the file it stands for.

use super::Workspace;
use crate::memory::MemoryFiles;

#[test]
fn a_reference_names_one_file() {
    let workspace = Workspace::default();
    let check = |name: &str, version: &str, expect: Option<&str>| {
        assert_eq!(workspace.schema_path(name, version).as_deref(), expect, "{name}@{version}");
    };
    check("canonical.sales_order", "1", Some("canonical/sales_order@1.schema.json"));
    check("netsuite.base.item", "2025.2", Some("netsuite/base/item@2025.2.schema.json"));
    check("single", "1", Some("single@1.schema.json"));
    check("..x", "1", None);
    check("a.b", "../1", None);
    check("a/b", "1", None);
    check("", "1", None);
    check("a.b", "", None);
}

#[test]
fn overlays_lie_beside_the_schema_and_at_the_tenant() {
    let workspace = Workspace { schemas: "schemas".to_owned(), tenants: "customers".to_owned() };
    assert_eq!(
        workspace.overlay_path("netsuite.sales_order", "2025.2").as_deref(),
        Some("schemas/netsuite/sales_order@2025.2.overlay.json")
    );
    assert_eq!(
        workspace.tenant_overlay_path("acme", "netsuite.sales_order", "2025.2").as_deref(),
        Some("customers/acme/netsuite.sales_order@2025.2.overlay.json")
    );
    assert_eq!(workspace.tenant_overlay_path("..", "netsuite.sales_order", "1"), None);
}

#[test]
fn every_schema_of_the_workspace_is_listed() {
    let files = MemoryFiles::new()
        .with("canonical/sales_order@1.schema.json", "")
        .with("netsuite/sales_order@2025.2.schema.json", "")
        .with("netsuite/sales_order@2025.2.overlay.json", "")
        .with("tenants/acme/odd@1.schema.json", "")
        .with("tenants/acme/x.map", "");
    let workspace = Workspace::default();
    assert_eq!(
        workspace.schema_references(&files),
        ["canonical.sales_order@1", "netsuite.sales_order@2025.2"]
    );
    assert_eq!(workspace.tenant_names(&files), ["acme"]);
}
