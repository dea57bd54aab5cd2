//! Which rows are listed, and in which order.

use std::sync::Arc;

use super::row::{Row, Standing};
use crate::client::Layer;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Key,
    /// By how long the layer has held it.
    Layer(Layer),
    State,
    Size,
    Clock,
    Observers,
    Hits,
    Fetch,
    Last,
}

/// The way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    /// The other one.
    pub fn turned(self) -> Self {
        match self {
            Direction::Ascending => Direction::Descending,
            Direction::Descending => Direction::Ascending,
        }
    }

    /// The word of `aria-sort`.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Ascending => "ascending",
            Direction::Descending => "descending",
        }
    }
}

/// What somebody wants to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// A part of the key, in any case.
    pub text: String,
    pub layer: Option<Layer>,
    pub standing: Option<Standing>,
    pub column: Column,
    pub direction: Direction,
}

impl Default for Wish {
    fn default() -> Self {
        let (column, direction) = (Column::Key, Direction::Ascending);
        Wish { text: String::new(), layer: None, standing: None, column, direction }
    }
}

impl Wish {
    /// May time alone change what is listed?
    pub fn follows_time(&self) -> bool {
        self.standing.is_some() || self.column == Column::State
    }

    /// The rows that are wanted, in the order that is wanted. `rows` come in the order of their keys; what a column cannot
    /// be said of comes last.
    pub fn list<'a>(&self, rows: impl Iterator<Item = &'a Arc<Row>>, now_ms: u64) -> Vec<Arc<Row>> {
        let text = self.text.trim().to_lowercase();
        let wanted = rows.filter(|row| text.is_empty() || row.text.to_lowercase().contains(&text));
        let wanted = wanted.filter(|row| self.layer.is_none_or(|layer| row.is_in(layer)));
        let wanted = wanted.filter(|row| self.standing.is_none_or(|standing| row.standing(now_ms) == standing));
        if self.column == Column::Key {
            let mut listed: Vec<Arc<Row>> = wanted.cloned().collect();
            if self.direction == Direction::Descending {
                listed.reverse();
            }
            return listed;
        }
        let mut ranked: Vec<(Option<u64>, &Arc<Row>)> =
            wanted.map(|row| (self.column.rank(row, now_ms), row)).collect();
        ranked.sort_by(|(one, _), (other, _)| match (one, other) {
            (Some(one), Some(other)) if self.direction == Direction::Descending => other.cmp(one),
            (Some(one), Some(other)) => one.cmp(other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        });
        ranked.into_iter().map(|(_, row)| Arc::clone(row)).collect()
    }
}

impl Column {
    /// Where a row stands in this column; `None` where there is nothing to say. Keys are in order already.
    fn rank(self, row: &Row, now_ms: u64) -> Option<u64> {
        let memory = row.memory.as_ref();
        match self {
            Column::Key => None,
            Column::Layer(layer) => row.held(layer).map(|held| held.age_ms(now_ms)),
            Column::State => Standing::ALL.iter().position(|standing| *standing == row.standing(now_ms)).map(count),
            Column::Size => row.size_bytes(),
            Column::Clock => row.clock().map(|clock| clock.seq()),
            Column::Observers => memory.map(|memory| u64::from(memory.observers)),
            Column::Hits => memory.map(|memory| memory.hits),
            Column::Fetch => memory.and_then(|memory| memory.fetched_in_ms),
            Column::Last => row.last.as_ref().map(|note| note.at_ms),
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use resource_cache::State;

    use super::*;
    use crate::devtools::entries::row::{Held, InMemory};

    const NOW_MS: u64 = 100_000;

    fn held(age_ms: u64, size_bytes: u64) -> Held {
        Held { since_ms: NOW_MS - age_ms, fresh_ms: 5_000, keep_ms: 60_000, size_bytes, clock: None }
    }

    fn in_memory(age_ms: u64, size_bytes: u64) -> Arc<Row> {
        let mut row = Row::new(format!("post:{age_ms}").into(), None);
        row.memory = Some(InMemory {
            held: Some(held(age_ms, size_bytes)),
            state: State::Fresh,
            observers: 0,
            patches: 0,
            failures: 0,
            hits: 0,
            stale: 0,
            misses: 0,
            fetched_in_ms: None,
        });
        Arc::new(row)
    }

    fn stored(name: &str, age_ms: u64) -> Arc<Row> {
        let mut row = Row::new(name.into(), None);
        row.stored = Some(held(age_ms, 1));
        Arc::new(row)
    }

    fn listed(wish: &Wish, rows: &[Arc<Row>], now_ms: u64) -> Vec<String> {
        wish.list(rows.iter(), now_ms).iter().map(|row| row.text.to_string()).collect()
    }

    #[test]
    fn rows_are_found_by_a_part_of_their_key_in_any_case() {
        let rows = [stored("novels", 1), stored("post:Ab", 1)];
        let wish = Wish { text: " ST:aB ".to_owned(), ..Wish::default() };

        assert_eq!(listed(&wish, &rows, NOW_MS), ["post:Ab"]);
    }

    #[test]
    fn what_a_column_cannot_be_said_of_comes_last_whatever_the_direction() {
        let rows = [stored("novels", 10), in_memory(300, 1), in_memory(100, 1)];
        let column = Column::Layer(Layer::Memory);
        let [up, down] = [Direction::Ascending, Direction::Descending]
            .map(|direction| listed(&Wish { column, direction, ..Wish::default() }, &rows, NOW_MS));

        assert_eq!(up, ["post:100", "post:300", "novels"]);
        assert_eq!(down, ["post:300", "post:100", "novels"]);
    }

    #[test]
    fn keys_are_sorted_both_ways() {
        let rows = [stored("a", 1), stored("b", 1)];
        let wish = Wish { direction: Direction::Descending, ..Wish::default() };

        assert_eq!(listed(&wish, &rows, NOW_MS), ["b", "a"]);
    }

    #[test]
    fn a_layer_and_a_state_can_be_chosen_and_time_changes_the_state() {
        let rows = [in_memory(1_000, 1), stored("novels", 1_000)];
        let stale = Wish { standing: Some(Standing::Stale), ..Wish::default() };
        let memory = Wish { layer: Some(Layer::Memory), ..Wish::default() };

        assert_eq!(listed(&memory, &rows, NOW_MS), ["post:1000"]);
        assert_eq!(listed(&stale, &rows, NOW_MS), [""; 0]);
        assert_eq!(listed(&stale, &rows, NOW_MS + 4_000), ["post:1000"]);
        assert!(stale.follows_time() && !memory.follows_time());
    }

    #[test]
    fn what_localstorage_holds_expires() {
        let row = stored("novels", 1_000);

        assert_eq!(row.standing(NOW_MS), Standing::Stored);
        assert_eq!(row.standing(NOW_MS + 59_000), Standing::Expired);
    }
}
