//! Positions: how things keep an order of their own.
//!
//! A position orders siblings and means nothing else. Neighbours stand far apart, so that almost every move writes one
//! row: the one that moved.

/// How far apart neighbours begin.
pub(super) const STEP: i64 = 65_536;

/// Where something goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// There is room: only the thing itself gets a position.
    At(i64),
    /// There was none: everyone gets a new position, the thing itself at its index among its siblings.
    Renumbered(Vec<i64>),
}

/// A position behind all of `siblings`.
pub(super) fn behind(siblings: impl IntoIterator<Item = i64>) -> i64 {
    siblings.into_iter().max().map_or(STEP, |last| last.saturating_add(STEP))
}

/// Finds a place at `index` among `siblings`, whose positions are given in order; beyond the end is the end.
pub(super) fn place(siblings: &[i64], index: usize) -> Placement {
    let index = index.min(siblings.len());
    let before = index.checked_sub(1).and_then(|before| siblings.get(before)).copied();
    let room = match (before, siblings.get(index).copied()) {
        (None, None) => Some(STEP),
        (Some(before), None) => before.checked_add(STEP),
        (None, Some(after)) => after.checked_sub(STEP),
        (Some(before), Some(after)) => between(before, after),
    };
    room.map_or_else(|| Placement::Renumbered(evenly(siblings.len() + 1)), Placement::At)
}

fn between(before: i64, after: i64) -> Option<i64> {
    let gap = after.checked_sub(before)?;
    (gap >= 2).then(|| before + gap / 2)
}

fn evenly(count: usize) -> Vec<i64> {
    (1..).take(count).map(|number: i64| number.saturating_mul(STEP)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_of_all_stands_one_step_in() {
        assert_eq!(place(&[], 0), Placement::At(STEP));
        assert_eq!(behind([]), STEP);
    }

    #[test]
    fn without_room_everyone_is_renumbered() {
        assert_eq!(place(&[5, 6], 1), Placement::Renumbered(vec![STEP, 2 * STEP, 3 * STEP]));
    }

    proptest! {
        #[test]
        fn whatever_is_placed_stands_at_its_index(
            mut siblings in prop::collection::vec(any::<i64>(), 0..20),
            index in 0usize..25,
        ) {
            siblings.sort_unstable();
            siblings.dedup();
            let index = index.min(siblings.len());

            let order = match place(&siblings, index) {
                Placement::At(position) => {
                    let mut order = siblings.clone();
                    order.insert(index, position);
                    order
                }
                Placement::Renumbered(positions) => positions,
            };

            prop_assert_eq!(order.len(), siblings.len() + 1);
            prop_assert!(order.is_sorted_by(|one, other| one < other));
        }
    }
}
