//! What a person does to the cache of this tab with the debug panel.

use domain::cache::Key;
use resource_cache::Event;

use super::handle;

/// Doubts one view, as if somebody had changed it: it is asked for again, at once where it is shown. localStorage forgets it.
pub fn invalidate(key: Key) {
    handle(Event::Marked { key });
}

/// Asks the server for one view, fresh or not, shown or not.
pub fn refetch(key: Key) {
    handle(Event::Requested { key });
}

/// Drops one view, from memory and localStorage; where it is shown it is asked for again.
pub fn remove(key: Key) {
    handle(Event::Removed { key });
}

/// Drops everything, from memory and localStorage. Unsent drafts stay.
pub fn clear() {
    handle(Event::Cleared);
}
