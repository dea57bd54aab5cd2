//! From numbers to places in a drawing. Nothing here knows what is drawn.

/// The drawing, in its own units; the browser scales it.
pub const WIDTH: f64 = 460.0;
pub const HEIGHT: f64 = 190.0;
/// What is left for the labels beside and below the plot.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;
/// The radius of a mark.
const MARK: f64 = 3.2;
/// Among many points, every so many has a mark.
const MARK_EVERY: usize = 8;
/// The part of a step that its bar fills.
const BAR: f64 = 0.78;

/// Where the plot is, and what it spans: so many steps across, and values from 0 up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub steps: u32,
    pub top: f64,
}

/// The shape of a mark. Lines differ by it as well as by colour and dash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Circle,
    Square,
    Triangle,
}

impl Frame {
    /// The middle of a step.
    pub fn x(self, step: u32) -> f64 {
        LEFT + self.step_width() * (f64::from(step) + 0.5)
    }

    /// The height of a value; what is above the frame is at its edge.
    pub fn y(self, value: f64) -> f64 {
        let part = if self.top > 0.0 { (value / self.top).clamp(0.0, 1.0) } else { 0.0 };
        (HEIGHT - BOTTOM) - part * (HEIGHT - BOTTOM - TOP)
    }

    /// The left edge of the plot.
    pub fn left(self) -> f64 {
        LEFT
    }

    /// The right edge of the plot.
    pub fn right(self) -> f64 {
        WIDTH - RIGHT
    }

    /// Where the labels of the steps stand.
    pub fn foot(self) -> f64 {
        HEIGHT - BOTTOM + 15.0
    }

    fn step_width(self) -> f64 {
        (WIDTH - LEFT - RIGHT) / f64::from(self.steps.max(1))
    }

    /// A line through values, one per step; it breaks where there is none.
    pub fn line(self, values: &[Option<f64>]) -> String {
        let mut path = String::new();
        let mut is_drawing = false;
        for (step, value) in (0..).zip(values) {
            if let Some(value) = value {
                let pen = if is_drawing { 'L' } else { 'M' };
                path.push_str(&format!("{pen}{:.1} {:.1}", self.x(step), self.y(*value)));
            }
            is_drawing = value.is_some();
        }
        path
    }

    /// The marks on a line: where it is a single point, where it ends, and now and then between.
    pub fn marks(self, values: &[Option<f64>], mark: Mark) -> String {
        let has = |index: Option<usize>| index.and_then(|index| values.get(index)).is_some_and(Option::is_some);
        let is_marked = |index: usize| {
            let goes_on = has(index.checked_sub(1)) && has(Some(index + 1));
            !goes_on || index.is_multiple_of(MARK_EVERY)
        };
        let marked = (0..).zip(values).enumerate().filter(|(index, _)| is_marked(*index));
        marked.filter_map(|(_, (step, value))| Some(mark.path(self.x(step), self.y((*value)?)))).collect()
    }

    /// Bars from `base` to `base + value` in each step.
    pub fn bars(self, base: &[f64], values: &[Option<f64>]) -> String {
        let width = self.step_width() * BAR;
        let bars = (0..).zip(base.iter().zip(values)).filter_map(|(step, (base, value))| {
            let (foot, head) = (self.y(*base), self.y(base + (*value).filter(|value| *value > 0.0)?));
            Some(format!("M{:.1} {foot:.1}V{head:.1}h{width:.1}V{foot:.1}z", self.x(step) - width / 2.0))
        });
        bars.collect()
    }

    /// The steps that have a label: about five, the first among them.
    pub fn labelled(self) -> impl Iterator<Item = u32> {
        let every = self.steps.div_ceil(5).max(1);
        (0..self.steps).step_by(usize::try_from(every).unwrap_or(1))
    }
}

impl Mark {
    /// The shape around a place.
    pub fn path(self, x: f64, y: f64) -> String {
        match self {
            Mark::Circle => {
                let (left, across) = (x - MARK, 2.0 * MARK);
                format!("M{left:.1} {y:.1}a{MARK} {MARK} 0 1 0 {across:.1} 0a{MARK} {MARK} 0 1 0 -{across:.1} 0z")
            }
            Mark::Square => {
                let side = 1.8 * MARK;
                let (left, top) = (x - side / 2.0, y - side / 2.0);
                format!("M{left:.1} {top:.1}h{side:.1}v{side:.1}h-{side:.1}z")
            }
            Mark::Triangle => {
                let (left, foot) = (x - MARK * 1.15, y + MARK);
                let (half, height) = (MARK * 1.15, 2.0 * MARK);
                format!("M{left:.1} {foot:.1}l{half:.1} -{height:.1}l{half:.1} {height:.1}z")
            }
        }
    }
}

/// The round number at or above `most` that an axis ends with, and into how many equal parts it is divided. Never 0.
pub fn axis(most: f64) -> (f64, u32) {
    if !most.is_finite() || most <= 0.0 {
        return (1.0, 4);
    }
    let power = 10_f64.powf(most.log10().floor());
    let steps = [(1.0, 4), (2.0, 4), (5.0, 5), (10.0, 5)];
    let (factor, parts) = steps.into_iter().find(|(factor, _)| factor * power >= most).unwrap_or((10.0, 5));
    (factor * power, parts)
}

/// The values that an axis names, from 0 to its top.
pub fn ticks(top: f64, parts: u32) -> impl Iterator<Item = f64> {
    (0..=parts).map(move |part| top * f64::from(part) / f64::from(parts.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { steps: 4, top: 100.0 };

    #[test]
    fn an_axis_ends_with_a_round_number_that_nothing_is_above() {
        let ends = [0.0, 0.03, 1.0, 1.4, 4.2, 5.0, 7.0, 180.0, 1_001.0, f64::NAN, -3.0].map(|most| axis(most).0);
        let expected = [1.0, 0.05, 1.0, 2.0, 5.0, 5.0, 10.0, 200.0, 2_000.0, 1.0, 1.0];

        for (end, expected) in ends.into_iter().zip(expected) {
            assert!((end - expected).abs() < 1e-9, "{end} {expected}");
        }
    }

    #[test]
    fn ticks_go_from_nothing_to_the_top_in_equal_parts() {
        assert_eq!(ticks(1.0, 4).collect::<Vec<_>>(), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(ticks(1.0, 0).collect::<Vec<_>>(), [0.0]);
    }

    #[test]
    fn steps_fill_the_plot_from_edge_to_edge_and_values_from_foot_to_top() {
        let half = (FRAME.right() - FRAME.left()) / 8.0;

        assert!((FRAME.x(0) - FRAME.left() - half).abs() < 1e-9);
        assert!((FRAME.right() - FRAME.x(3) - half).abs() < 1e-9);
        assert!((FRAME.y(0.0) - (HEIGHT - BOTTOM)).abs() < 1e-9);
        assert!((FRAME.y(100.0) - TOP).abs() < 1e-9);
        assert!((FRAME.y(250.0) - TOP).abs() < 1e-9);
        assert!((Frame { steps: 0, top: 0.0 }.y(1.0) - (HEIGHT - BOTTOM)).abs() < 1e-9);
    }

    #[test]
    fn a_line_breaks_where_there_is_no_value() {
        let line = FRAME.line(&[Some(0.0), Some(100.0), None, Some(50.0)]);

        assert_eq!(line, "M101.5 166.0L200.5 10.0M398.5 88.0");
        assert_eq!(FRAME.line(&[None, None]), "");
    }

    #[test]
    fn a_point_without_neighbours_is_marked_so_that_it_can_be_seen() {
        let marks = |values: &[Option<f64>]| FRAME.marks(values, Mark::Square).matches('M').count();

        assert_eq!(marks(&[None, Some(1.0), None]), 1);
        assert_eq!(marks(&[Some(1.0), Some(1.0), Some(1.0), Some(1.0)]), 2);
        assert_eq!(marks(&[None, None]), 0);
    }

    #[test]
    fn bars_stand_on_what_is_below_them() {
        let bars = FRAME.bars(&[0.0, 50.0, 10.0], &[Some(50.0), Some(50.0), Some(0.0)]);

        let [first, second] = bars.split_terminator('z').collect::<Vec<_>>()[..] else { panic!("{bars}") };
        assert!(first.contains("166.0V88.0h"), "{first}");
        assert!(second.contains("88.0V10.0h"), "{second}");
    }

    #[test]
    fn about_five_steps_have_a_label() {
        for steps in [1, 4, 5, 48, 61] {
            let labelled = Frame { steps, top: 1.0 }.labelled().count();
            assert!((1..=5).contains(&labelled), "{steps}: {labelled}");
        }
    }

    #[test]
    fn marks_differ_in_shape() {
        let paths = [Mark::Circle, Mark::Square, Mark::Triangle].map(|mark| mark.path(10.0, 10.0));

        assert!(paths[0].contains('a') && paths[1].contains('h') && paths[2].contains('l'));
        assert!(paths.iter().all(|path| path.starts_with('M') && path.ends_with('z')));
    }
}
