//! Every place that a diagnostic speaks of lies in its file. Knows no stage.

use mapc_diagnostics::{Diagnostic, Sources, Span};

use super::Verdict;

/// All places of all diagnostics.
pub fn all_inside(diagnostics: &[Diagnostic], sources: &Sources) -> Verdict {
    diagnostics.iter().try_for_each(|diagnostic| {
        places(diagnostic).try_for_each(|span| {
            inside(span, sources).map_err(|why| format!("{} “{}”: {why}", diagnostic.code, diagnostic.title))
        })
    })
}

fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> {
    let related = diagnostic.related.iter().map(|label| label.span);
    let edits = diagnostic.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
    std::iter::once(diagnostic.primary.span).chain(related).chain(edits)
}

fn inside(span: Span, sources: &Sources) -> Verdict {
    let Some(file) = sources.file(span.file) else { return Err(format!("{span:?} is in no file")) };
    let (start, end) = (span.start as usize, span.end as usize);
    if file.text.get(start..end).is_some() {
        Ok(())
    } else {
        Err(format!("{span:?} does not lie in the {} bytes of {}", file.text.len(), file.path))
    }
}
