//! How output looks: colour, width, characters, format. Decided once, from the arguments and the terminal.

use std::io::IsTerminal;

use crate::arguments::{Colour, Format, Global};

/// Decided look of what people read (standard error).
#[derive(Clone, Debug)]
pub struct Look {
    /// Use colour.
    pub colour: bool,
    /// Only ASCII characters for boxes.
    pub ascii: bool,
    /// Characters per line.
    pub width: usize,
    /// How findings are shown.
    pub format: Format,
    /// Show at most this many.
    pub max_errors: usize,
    /// Say only what is wrong.
    pub quiet: bool,
    /// Say more.
    pub verbose: u8,
    /// Standard error is a terminal: progress may be shown.
    pub terminal: bool,
}

impl Look {
    /// What the arguments and this terminal ask for.
    pub fn of_terminal(global: &Global) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let forced =
            std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let colour =
            wants_colour(global.color, Surroundings { terminal, no_color: set("NO_COLOR"), forced, dumb });
        let width = match terminal_size::terminal_size_of(std::io::stderr()) {
            Some((terminal_size::Width(width), _)) if terminal => usize::from(width).clamp(40, 120),
            _ => 80,
        };
        Self {
            colour,
            ascii: global.ascii,
            width,
            format: global.format,
            max_errors: global.max_errors,
            quiet: global.quiet,
            verbose: global.verbose,
            terminal,
        }
    }
}

/// What the environment says about colour.
#[derive(Clone, Copy, Debug)]
struct Surroundings {
    terminal: bool,
    no_color: bool,
    forced: bool,
    dumb: bool,
}

fn wants_colour(choice: Colour, around: Surroundings) -> bool {
    match choice {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if around.no_color => false,
        Colour::Auto if around.forced => true,
        Colour::Auto => around.terminal && !around.dumb,
    }
}

#[cfg(test)]
mod tests;
