//! Steps of a run, how long each took and how it ended.

use std::time::{Duration, Instant};

use anyhow::Result;

/// What has been done so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: &'static str,
    took: Duration,
    failure: Option<String>,
}

impl Steps {
    /// Does one step. A failure is shown at once and remembered; the value is there when the step
    /// succeeded.
    pub(crate) fn run<T>(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<T>,
    ) -> Option<T> {
        println!("── {name}");
        let start = Instant::now();
        let (value, failure) = match step() {
            Ok(value) => (Some(value), None),
            Err(error) => {
                eprintln!("error: {name}: {error:#}");
                (None, Some(format!("{error:#}")))
            }
        };
        self.done.push(Step {
            name,
            took: start.elapsed(),
            failure,
        });
        value
    }

    /// How many steps failed.
    pub(crate) fn failures(&self) -> usize {
        self.done
            .iter()
            .filter(|step| step.failure.is_some())
            .count()
    }

    /// One line a step: how it ended, how long it took, its name and the first line of what went
    /// wrong.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        for Step {
            name,
            took,
            failure,
        } in &self.done
        {
            let seconds = took.as_secs_f64();
            let line = match failure {
                None => format!("ok     {seconds:7.1} s  {name}\n"),
                Some(failure) => {
                    let first = failure.lines().next().unwrap_or_default();
                    format!("FAILED {seconds:7.1} s  {name}: {first}\n")
                }
            };
            text.push_str(&line);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::Steps;

    #[test]
    fn a_failed_step_is_remembered_and_the_next_one_still_runs() {
        let mut steps = Steps::default();
        assert_eq!(
            steps.run("first", || Err::<(), _>(anyhow!("broken\nat length"))),
            None
        );
        assert_eq!(steps.run("second", || Ok(2)), Some(2));
        assert_eq!(steps.failures(), 1);
        let summary = steps.summary();
        assert!(summary.contains("first: broken\n"), "{summary}");
        assert!(summary.contains("s  second\n"), "{summary}");
    }
}
