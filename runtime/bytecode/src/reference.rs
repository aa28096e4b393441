//! The instruction table as Markdown.
/// The generated reference page.
pub fn reference() -> String {
    String::new()
}
