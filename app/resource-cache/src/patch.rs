//! The usual shapes of [`Catalog::apply`](crate::Catalog::apply), over typed values.
//!
//! All of them return `None` where the patch does not fit or changes nothing, as `apply` must. That is what makes a patch
//! safe to put on again: the value below may already contain what the patch says, because the source was faster than its
//! answer.
//!
//! A shell that keeps its values serialized decodes, patches and encodes in `apply`:
//!
//! ```
//! use resource_cache::patch;
//!
//! /// A post, serialized as "<likes>:<mine>".
//! fn like(serialized: &str) -> Option<String> {
//!     let (likes, mine) = serialized.split_once(':')?;
//!     let (mut likes, mine) = (likes.parse::<u32>().ok()?, mine == "true");
//!     let mine = patch::flip(mine, true)?;
//!     likes = patch::increment(likes, 1, 0)?;
//!     Some(format!("{likes}:{mine}"))
//! }
//!
//! assert_eq!(like("4:false").as_deref(), Some("5:true"));
//! assert_eq!(like("5:true"), None, "the source has counted it already");
//! ```

/// A number that a mutation moves by `step`, but not below `floor`.
pub trait Count: Copy + Ord {
    /// The sum, at the end of the range where it would lie outside.
    fn saturating_add_signed(self, step: i32) -> Self;
}

impl Count for u32 {
    fn saturating_add_signed(self, step: i32) -> Self {
        u32::saturating_add_signed(self, step)
    }
}

impl Count for u64 {
    fn saturating_add_signed(self, step: i32) -> Self {
        u64::saturating_add_signed(self, i64::from(step))
    }
}

impl Count for i32 {
    fn saturating_add_signed(self, step: i32) -> Self {
        self.saturating_add(step)
    }
}

impl Count for i64 {
    fn saturating_add_signed(self, step: i32) -> Self {
        self.saturating_add(i64::from(step))
    }
}

/// A switch that goes to `wanted`; `None` if it is there.
///
/// Ask it first where a count follows a switch, such as likes: an increment alone cannot tell whether the source has
/// counted it already, a switch can.
pub fn flip(is: bool, wanted: bool) -> Option<bool> {
    (is != wanted).then_some(wanted)
}

/// A count moved by `step`, not below `floor`; `None` if it does not move. Guard it with [`flip`], or it counts twice.
pub fn increment<N: Count>(count: N, step: i32, floor: N) -> Option<N> {
    let moved = count.saturating_add_signed(step).max(floor);
    (moved != count).then_some(moved)
}

/// The list with `item` at its end; `None` if an item with the same identity is in it.
///
/// Give the item an identity that the client draws and the source keeps: then the source's copy replaces it.
pub fn append<T: Clone, Id: PartialEq>(list: &[T], item: &T, id: impl Fn(&T) -> Id) -> Option<Vec<T>> {
    let wanted = id(item);
    let is_there = list.iter().any(|known| id(known) == wanted);
    (!is_there).then(|| list.iter().chain([item]).cloned().collect())
}

/// The list with `change` made to the items `is_it` chooses; `None` if it changes none of them.
pub fn update_in_list<T: Clone>(
    list: &[T],
    is_it: impl Fn(&T) -> bool,
    change: impl Fn(&T) -> Option<T>,
) -> Option<Vec<T>> {
    let mut changed = false;
    let one = |item: &T| {
        let new = is_it(item).then(|| change(item)).flatten();
        changed |= new.is_some();
        new.unwrap_or_else(|| item.clone())
    };
    let list = list.iter().map(one).collect();
    changed.then_some(list)
}

/// The value with some fields set, by `set`; `None` if they had these values already.
pub fn merge<T: Clone + PartialEq>(value: &T, set: impl FnOnce(&mut T)) -> Option<T> {
    let mut merged = value.clone();
    set(&mut merged);
    (merged != *value).then_some(merged)
}
