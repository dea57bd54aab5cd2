//! Small facts that outlive a page: who came, up to where this browser knows what changed, and the name of their habits.

use domain::{cache::Clock, id::UserId};
use serde::{Deserialize, Serialize};

use super::{delete, names, read, who, write};
use crate::client::browser;

const VISITOR: &str = "fictures:visitor";
const HEARD: &str = "fictures:heard:";
const HABITS: &str = "fictures:habits:";
/// No view lives longer in localStorage: what was stored before is over, and what was stored since, nobody vouches for.
const LONGEST_MS: u64 = 60 * 60 * 1_000;

#[derive(Serialize, Deserialize)]
struct Heard {
    clock: Clock,
    /// Milliseconds since 1970.
    at: u64,
}

/// The position up to which every change was heard and applied to what is stored. `None` where the server was not heard for
/// so long that nothing stored can be told from what is out of date, or never.
pub(in crate::client) fn heard(person: Option<UserId>) -> Option<Clock> {
    let heard: Heard = read(&format!("{HEARD}{}", who(person)))?;
    (browser::now_ms().saturating_sub(heard.at) < LONGEST_MS).then_some(heard.clock)
}

/// Notes that every change up to `clock` was applied to what is stored.
pub(in crate::client) fn note_heard(person: Option<UserId>, clock: Clock) {
    // Without room for it more is asked for than necessary, and nothing is wrong.
    write(&format!("{HEARD}{}", who(person)), &Heard { clock, at: browser::now_ms() });
}

/// Whose page this browser loaded last: `None` if it is not known, `Some(None)` for a guest.
pub(in crate::client) fn visitor() -> Option<Option<UserId>> {
    read(VISITOR)
}

/// Under which name it is kept where this person usually goes.
pub(in crate::client) fn habits_of(person: Option<UserId>) -> String {
    format!("{HABITS}{}", who(person))
}

/// Notes whose page this is, and drops the marks and habits of everybody else.
pub(in crate::client) fn note_visitor(person: Option<UserId>) {
    write(VISITOR, &person);
    let mine = who(person);
    let all = names(HEARD).into_iter().chain(names(HABITS));
    all.filter(|name| !name.ends_with(&mine)).for_each(|name| delete(&name));
}
