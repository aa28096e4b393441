//! Paths that stay inside, and paths that do not.

use super::{PathError, folder, join};

fn check(base: &str, path: &str, expect: Result<&str, PathError>) {
    assert_eq!(join(base, path).as_deref().map_err(|error| *error), expect, "{base:?} + {path:?}");
}

#[test]
fn paths_stay_inside_the_workspace() {
    check("tenants/acme", "tables/currency.csv", Ok("tenants/acme/tables/currency.csv"));
    check("tenants/acme", "../shared/x.csv", Ok("tenants/shared/x.csv"));
    check("", "a/./b", Ok("a/b"));
    check("a", "..", Ok(""));
    check("a", "..\\b", Ok("b"));
    check("a", "../../b", Err(PathError::Outside));
    check("", "..", Err(PathError::Outside));
    check("a", "/etc/passwd", Err(PathError::Absolute));
    check("a", "\\\\server\\share", Err(PathError::Absolute));
    check("a", "C:\\x", Err(PathError::Absolute));
    check("a", "", Err(PathError::Odd));
    check("a", "b\0c", Err(PathError::Odd));
}

#[test]
fn folder_of_a_file() {
    assert_eq!(folder("a/b/c.map"), "a/b");
    assert_eq!(folder("c.map"), "");
}
