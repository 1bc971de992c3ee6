//! Arithmetic of drawings and of differences.
//!
//! In: exact numbers. Out: positions from 0 to 100, round marks of an axis, differences and ratios.
//! Draws nothing.

use crate::assemble::format::{Rounding, round};
use crate::assemble::shown::Point;
use crate::parse::data::Decimal;

/// Most marks of an axis.
const TICKS: i64 = 6;
/// How close two labels may come, in per cent of the width.
const LABEL: f64 = 18.0;
/// How far from an edge a label may stand centred.
const EDGE: f64 = 12.0;

/// An axis that begins and ends at round numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    low: i64,
    step: i64,
    steps: i64,
}

impl Axis {
    /// An axis that holds all of some numbers; `None` when there are none, or larger ones than any
    /// figure is.
    pub(super) fn of(numbers: impl Iterator<Item = Decimal>) -> Option<Self> {
        let whole = numbers.map(|number| round(number, Decimal::from(1), Rounding::Floor).units);
        let (low, high) = whole.fold(None, |ends: Option<(i64, i64)>, number| {
            Some(ends.map_or((number, number), |(low, high)| (low.min(number), high.max(number))))
        })?;
        let mut power: i64 = 1;
        loop {
            for factor in [1, 2, 5] {
                let step = power.checked_mul(factor)?;
                let first = low.div_euclid(step);
                let steps = high.div_euclid(step).checked_add(1)?.checked_sub(first)?;
                if steps <= TICKS {
                    return Some(Self { low: first.checked_mul(step)?, step, steps });
                }
            }
            power = power.checked_mul(10)?;
        }
    }

    /// Where a number is, from 0 to 100, to a tenth.
    pub(super) fn position(self, number: Decimal) -> f64 {
        let length = to_float(Decimal::from(self.step)) * to_float(Decimal::from(self.steps));
        rounded((to_float(number) - to_float(Decimal::from(self.low))) / length * 100.0)
    }

    /// Its marks with their numbers.
    pub(super) fn ticks(self) -> Vec<(f64, Decimal)> {
        (0..=self.steps)
            .filter_map(|tick| self.low.checked_add(self.step.checked_mul(tick)?))
            .map(|value| (self.position(Decimal::from(value)), Decimal::from(value)))
            .collect()
    }
}

/// Which way a label at a position is set so that it stays inside the drawing.
pub(super) fn align(position: f64) -> &'static str {
    if position < EDGE {
        "start"
    } else if position > 100.0 - EDGE {
        "end"
    } else {
        "middle"
    }
}

/// Puts labels that would overlap into rows.
pub(super) fn spread(points: &mut [Point]) {
    let mut ends: Vec<f64> = Vec::new();
    for point in points {
        let start = match point.align.as_str() {
            "start" => point.position,
            "end" => point.position - LABEL,
            _ => point.position - LABEL / 2.0,
        };
        let row = ends.iter().position(|end| *end <= start).unwrap_or(ends.len());
        if row == ends.len() {
            ends.push(0.0);
        }
        ends[row] = start + LABEL;
        point.row = u32::try_from(row).unwrap_or(0);
    }
}

/// To a tenth, so that a drawing is the same on every machine and short.
pub(super) fn rounded(position: f64) -> f64 {
    (position * 10.0).round() / 10.0
}

/// How wide a bar is beside the widest, from 0 to 100.
pub(super) fn share(number: i64, most: i64) -> f64 {
    if most <= 0 {
        0.0
    } else {
        rounded(to_float(Decimal::from(number)) / to_float(Decimal::from(most)) * 100.0)
    }
}

/// The difference of two numbers, unless it is too large.
pub(super) fn subtract(from: Decimal, number: Decimal) -> Option<Decimal> {
    let scale = from.scale.max(number.scale);
    let units = at(from, scale).checked_sub(at(number, scale))?;
    Some(Decimal { units: i64::try_from(units).ok()?, scale })
}

/// A ratio to two digits after the point; `None` when there is none.
pub(super) fn divide(number: Decimal, by: Decimal) -> Option<Decimal> {
    let scale = number.scale.max(by.scale);
    let (number, by) = (at(number, scale), at(by, scale));
    if by == 0 {
        return None;
    }
    let hundredths = number.checked_mul(1000)? / by;
    let units = if hundredths < 0 { (hundredths - 5) / 10 } else { (hundredths + 5) / 10 };
    Some(Decimal { units: i64::try_from(units).ok()?, scale: 2 })
}

fn at(number: Decimal, scale: u8) -> i128 {
    i128::from(number.units) * 10_i128.pow(u32::from(scale.saturating_sub(number.scale)))
}

/// For drawings, where a rounding error of a float is far below a pixel.
fn to_float(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(numbers: &[i64]) -> (f64, Vec<String>) {
        let axis = Axis::of(numbers.iter().map(|number| Decimal::from(*number))).unwrap();
        let first = axis.position(Decimal::from(numbers[0]));
        (first, axis.ticks().iter().map(|(position, value)| format!("{position}:{value}")).collect())
    }

    #[test]
    fn axes_begin_and_end_at_round_numbers() {
        let (first, ticks) = axis(&[48_560, 90_930, 162_870]);
        assert_eq!(ticks, ["0:0", "25:50000", "50:100000", "75:150000", "100:200000"]);
        assert!((first - 24.3).abs() < 0.01);
        assert_eq!(axis(&[15]).1, ["0:15", "100:16"]);
        assert_eq!(axis(&[-5, 5]).1.first().unwrap(), "0:-6");
        assert!(Axis::of(std::iter::empty()).is_none());
        let ends = [Decimal::from(i64::MIN), Decimal::from(i64::MAX)];
        let _ = Axis::of(ends.into_iter());
    }

    #[test]
    fn differences_and_ratios() {
        let number = |text| Decimal::parse(text).unwrap();
        assert_eq!(subtract(number("133080"), number("90930")).unwrap().to_string(), "42150");
        assert_eq!(subtract(number("1"), number("0.25")).unwrap().to_string(), "0.75");
        assert_eq!(divide(number("133080"), number("90930")).unwrap().to_string(), "1.46");
        assert_eq!(divide(number("1"), number("0")), None);
        assert_eq!(subtract(Decimal::from(i64::MAX), Decimal::from(-1)), None);
    }
}
