//! The short form: one line each, as logs and editors like it.

use mapc_diagnostics::Diagnostic;

use super::severity_word;
use super::shown::{Shown, clean};

/// `acme/sales_order.map:31:10: error[E0401]: memo may be longer than NetSuite accepts`
pub fn render(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let place = shown.start(diagnostic.primary.span);
    format!(
        "{}:{}:{}: {}[{}]: {}\n",
        shown.path(diagnostic.primary.span),
        place.line,
        place.column,
        severity_word(diagnostic.severity),
        diagnostic.code.number(),
        clean(&diagnostic.title).replace('\n', " "),
    )
}
