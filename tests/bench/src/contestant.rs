//! What every contestant is: a message in, a document out. Knows none of them.

/// One way to do the work.
pub trait Contestant {
    /// The document, or nothing when the message is refused.
    fn map(&mut self, message: &[u8]) -> Option<&[u8]>;
}

/// A way that fills a buffer which is used again for every message.
pub struct Filling<F> {
    out: Vec<u8>,
    fill: F,
}

impl<F: FnMut(&[u8], &mut Vec<u8>) -> Option<()>> Filling<F> {
    /// From what fills the buffer.
    pub fn boxed<'a>(fill: F) -> Box<dyn Contestant + 'a>
    where
        F: 'a,
    {
        Box::new(Self { out: Vec::new(), fill })
    }
}

impl<F: FnMut(&[u8], &mut Vec<u8>) -> Option<()>> Contestant for Filling<F> {
    fn map(&mut self, message: &[u8]) -> Option<&[u8]> {
        self.out.clear();
        (self.fill)(message, &mut self.out)?;
        Some(&self.out)
    }
}

/// A contestant with its names.
pub struct Entrant<'a> {
    /// A word for the command line and for JSON.
    pub id: &'static str,
    /// What it is.
    pub name: &'static str,
    /// Are all documents exact? (Otherwise it may miss on the amounts no double can hold.)
    pub exact: bool,
    /// Itself.
    pub contestant: Box<dyn Contestant + 'a>,
}
