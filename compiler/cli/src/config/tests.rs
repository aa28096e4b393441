//! `mapc.toml` as people write it.

use mapc_driver::Workspace;

use super::parse;

fn check(text: &str, expect: Result<(&str, &str), &str>) {
    let found = parse(text);
    match (found, expect) {
        (Ok(workspace), Ok((schemas, tenants))) => {
            assert_eq!(workspace, Workspace { schemas: schemas.to_owned(), tenants: tenants.to_owned() });
        }
        (Err(trouble), Err(message)) => assert_eq!(trouble.message(), message, "{text}"),
        (found, expect) => panic!("{text:?} gives {found:?}, expected {expect:?}"),
    }
}

#[test]
fn the_layout_is_read() {
    check("[workspace]\n", Ok(("", "tenants")));
    check("[workspace]\nschemas = \".\"\ntenants = \"tenants\"\n", Ok(("", "tenants")));
    check("[workspace]\nschemas = \"a/b/\"\ntenants = \"./c\"\n", Ok(("a/b", "c")));
    check("workspace.schemas = \"x\"", Ok(("x", "tenants")));
}

#[test]
fn odd_files_get_a_clear_message() {
    check("", Err("`mapc.toml` has no section `[workspace]`"));
    check("[workspase]\n", Err("`workspase` is not known in `mapc.toml`"));
    check("[workspace]\nschema = \".\"\n", Err("`schema` is not known in `mapc.toml`"));
    check("[workspace]\nschemas = 3\n", Err("`schemas` must be text in quotes"));
    check("[workspace]\nschemas = [\".\"]\n", Err("`schemas` must be text in quotes"));
    check("[workspace]\nschemas = \"../x\"\n", Err("`schemas` names a folder outside the workspace"));
    check("[workspace]\nschemas = \"/x\"\n", Err("`schemas` names a folder outside the workspace"));
    check("workspace = 1\n", Err("`workspace` must be a section"));
    check("[workspace\nschemas", Err("`mapc.toml` cannot be read"));
    check("[workspace]\nschemas = \".\"\nschemas = \".\"\n", Err("`mapc.toml` cannot be read"));
}
