//! A fault of mapc itself: one text without any data, and exit code 101.

use std::panic::{Location, PanicHookInfo};

/// Replaces the standard text of a panic, which could hold data of a message.
pub fn install() {
    std::panic::set_hook(Box::new(hook));
}

fn hook(info: &PanicHookInfo<'_>) {
    let text = report(info.location().map(Location::file), info.location().map(Location::line));
    // If even this cannot be written, the exit code remains.
    drop(std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes()));
}

/// What people see. `file` is a path of our own source code, shown without the folders of the machine it was
/// built on.
fn report(file: Option<&str>, line: Option<u32>) -> String {
    let place = match (file, line) {
        (Some(file), Some(line)) => format!("{}:{line}", source_path(file)),
        _ => "unknown".to_owned(),
    };
    format!(
        "mapc met an internal error: this is a fault of mapc, not of your files\n  \
         place:   {place}\n  \
         version: {}\n\
         Report these lines; they hold nothing of your data.\n",
        env!("CARGO_PKG_VERSION")
    )
}

fn source_path(file: &str) -> String {
    let file = file.replace('\\', "/");
    let absolute = file.starts_with('/') || file.as_bytes().get(1) == Some(&b':');
    let parts: Vec<&str> = file.split('/').collect();
    let kept = match parts.iter().rposition(|part| *part == "src") {
        Some(at) if absolute => at.saturating_sub(1),
        _ if absolute => parts.len().saturating_sub(1),
        _ => 0,
    };
    parts.get(kept..).unwrap_or(&[]).join("/")
}

#[cfg(test)]
mod tests {
    use super::{report, source_path};

    #[test]
    fn the_place_never_names_a_machine() {
        assert_eq!(source_path("runtime/vm/src/run.rs"), "runtime/vm/src/run.rs");
        assert_eq!(
            source_path("/home/x/.cargo/registry/src/index/csv-1.4.0/src/reader.rs"),
            "csv-1.4.0/src/reader.rs"
        );
        assert_eq!(source_path("C:\\Users\\x\\core\\src\\a.rs"), "core/src/a.rs");
        assert_eq!(source_path("/x/y.rs"), "y.rs");
    }

    #[test]
    fn the_report_names_place_and_version_only() {
        let text = report(Some("compiler/check/src/field.rs"), Some(12));
        assert!(text.contains("compiler/check/src/field.rs:12"), "{text}");
        assert!(text.contains(env!("CARGO_PKG_VERSION")), "{text}");
        assert_eq!(text.lines().count(), 4);
    }
}
