//! What a command writes to: machine output, words for people, and how they look.

use std::io::Write;

use crate::look::Look;
use crate::trouble::Trouble;

/// One call of `mapc`.
pub struct Session<'a> {
    /// How words for people look.
    pub look: Look,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Session<'a> {
    /// Machine output goes to `out`, words for people to `err`.
    pub fn new(look: Look, out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { look, out, err }
    }

    /// Writes machine output.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn print(&mut self, text: &str) -> Result<(), Trouble> {
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        written.map_err(|error| Trouble::writing("to standard output", &error))
    }

    /// Standard output itself, for streams.
    pub fn out(&mut self) -> &mut dyn Write {
        self.out
    }

    /// Says something to people, always.
    pub fn say(&mut self, text: &str) {
        // When nobody can read us there is nobody to tell.
        drop(self.err.write_all(text.as_bytes()));
        drop(self.err.flush());
    }

    /// Says something to people unless they want silence.
    pub fn tell(&mut self, text: &str) {
        if !self.look.quiet {
            self.say(text);
        }
    }

    /// Shows why a command could not do its work.
    pub fn complain(&mut self, trouble: &Trouble) {
        let text = trouble.render(&self.look);
        self.say(&text);
    }
}
