//! A bar on a terminal, for work that takes longer.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that ends within this time shows no bar.
const PATIENCE: Duration = Duration::from_secs(2);

/// A bar that appears only on a terminal and only when the work takes longer.
#[derive(Default)]
pub struct Bar {
    since: Option<Instant>,
    drawn: Option<ProgressBar>,
}

impl Bar {
    /// How far the work has got.
    pub fn show(&mut self, done: u64, total: Option<u64>) {
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() < PATIENCE || !std::io::stderr().is_terminal() {
            return;
        }
        let bar = self.drawn.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
            let shape =
                if total.is_some() { "{bar:40} {human_pos}/{human_len} {eta}" } else { "{spinner} {human_pos}" };
            bar.with_style(ProgressStyle::with_template(shape).unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        if let Some(total) = total {
            bar.set_length(total);
        }
        bar.set_position(done);
    }

    /// Takes the bar away: a line follows, or the work has ended.
    pub fn end(&mut self) {
        self.since = None;
        if let Some(bar) = self.drawn.take() {
            bar.finish_and_clear();
        }
    }
}
