//! A bar for long input, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::look::Look;

/// Shorter input needs no bar.
const LONG: u64 = 8 * 1024 * 1024;

/// Shows how far a run is.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A bar over `size` bytes, when there is somebody to look at it and it does not stand in the way of
    /// documents on the same terminal.
    pub fn over(size: Option<u64>, look: &Look, terminal_is_free: bool) -> Self {
        let wanted = look.terminal && terminal_is_free && !look.quiet;
        let bar = size.filter(|size| wanted && *size >= LONG).map(|size| {
            let bar = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr());
            let template = "{wide_bar} {bytes}/{total_bytes} {eta}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(if look.ascii { style.progress_chars("#>-") } else { style });
            }
            bar
        });
        Self { bar }
    }

    /// So many bytes are done.
    pub fn at(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    /// Takes the bar away.
    pub fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
