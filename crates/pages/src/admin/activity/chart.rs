//! The number of events over time. Each bar is a link that narrows the time range to itself.

use askama::{Template, filters::HtmlSafe};

/// One step of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub count: u64,
    /// Of these, how many failed; shown in red at the foot of the bar.
    pub failed: u64,
    /// The step in words: `Mar 01, 2024, 12:00 to 13:00`.
    pub label: String,
    /// The log narrowed to the step.
    pub href: String,
}

/// The bars and what stands below them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Template)]
#[template(path = "admin/activity/chart.html")]
pub struct Chart {
    /// At most 120, oldest first.
    pub bars: Vec<Bar>,
    /// Ends of the axis, in words.
    pub from: String,
    pub to: String,
    /// The log with the wider time range, once it was narrowed.
    pub wider: Option<String>,
}

impl HtmlSafe for Chart {}

/// Ground of the drawing, in its own units.
const WIDTH: u64 = 960;
const HEIGHT: u64 = 96;

/// A bar's place in the drawing.
struct Drawn<'a> {
    bar: &'a Bar,
    x: u64,
    width: u64,
    y: u64,
    height: u64,
    failed_y: u64,
    failed_height: u64,
}

impl Drawn<'_> {
    /// What a screen reader and the pointer are told.
    fn title(&self) -> String {
        let events = if self.bar.count == 1 {
            "event"
        } else {
            "events"
        };
        if self.bar.failed == 0 {
            format!("{}: {} {events}", self.bar.label, self.bar.count)
        } else {
            format!(
                "{}: {} {events}, {} failed",
                self.bar.label, self.bar.count, self.bar.failed
            )
        }
    }
}

impl Chart {
    fn highest(&self) -> u64 {
        self.bars.iter().map(|bar| bar.count).max().unwrap_or(0)
    }

    fn drawn(&self) -> Vec<Drawn<'_>> {
        let highest = self.highest().max(1);
        let step = (WIDTH / u64::try_from(self.bars.len().max(1)).unwrap_or(1)).max(2);
        let gap = if step > 6 { 2 } else { 1 };
        // Whatever happened is seen: at least two units.
        let scaled = |count: u64| match count {
            0 => 0,
            _ => (count.saturating_mul(HEIGHT) / highest).clamp(2, HEIGHT),
        };
        (0..)
            .zip(&self.bars)
            .map(|(at, bar)| {
                let height = scaled(bar.count);
                let failed_height = scaled(bar.failed).min(height);
                Drawn {
                    bar,
                    x: at * step,
                    width: step - gap,
                    y: HEIGHT - height,
                    height,
                    failed_y: HEIGHT - failed_height,
                    failed_height,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(count: u64, failed: u64) -> Bar {
        Bar {
            count,
            failed,
            label: "noon".to_owned(),
            href: "/admin/activity".to_owned(),
        }
    }

    #[test]
    fn bars_are_in_proportion_and_none_leaves_the_drawing() {
        let chart = Chart {
            bars: vec![bar(100, 50), bar(50, 0), bar(0, 0), bar(1, 1)],
            ..Chart::default()
        };
        let drawn = chart.drawn();
        assert_eq!(drawn[0].height, HEIGHT);
        assert_eq!(drawn[0].failed_height, HEIGHT / 2);
        assert_eq!(drawn[1].height, HEIGHT / 2);
        assert_eq!(drawn[2].height, 0);
        assert_eq!(drawn[3].height, 2);
        assert!(drawn.iter().all(|bar| bar.x + bar.width <= WIDTH));
        assert_eq!(drawn[0].title(), "noon: 100 events, 50 failed");
        assert_eq!(drawn[3].title(), "noon: 1 event, 1 failed");
    }

    #[test]
    fn huge_counts_do_not_overflow() {
        let chart = Chart {
            bars: vec![bar(u64::MAX, 0), bar(3, 0)],
            ..Chart::default()
        };
        assert!(chart.drawn().iter().all(|bar| bar.height <= HEIGHT));
    }
}
