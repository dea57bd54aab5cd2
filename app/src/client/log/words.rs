//! What the engine does and why, in words.

use resource_cache::{Cause, Operation};

use crate::client::Views;

pub(super) fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Hit => "hit",
        Operation::Stale => "stale",
        Operation::Miss => "miss",
        Operation::Set => "set",
        Operation::Invalidate => "invalidate",
        Operation::Evict => "evict",
        Operation::Discard => "discard",
        Operation::Patch => "patch",
        Operation::Confirm => "confirm",
        Operation::Rollback => "rollback",
    }
}

pub(super) fn because(cause: &Cause<Views>) -> String {
    let words = match cause {
        Cause::Tag { tag, .. } => return format!("{tag} changed"),
        Cause::Group { group, .. } => return format!("pages of type {group} changed"),
        Cause::Mutation(mutation) => return format!("write {} of this tab", mutation.0),
        Cause::Reset { .. } => "changes may have been missed",
        Cause::Read => "read",
        Cause::Subscribed => "shown on this page",
        Cause::Prefetch => "likely to be read next",
        Cause::Resumed => "the page was found again",
        Cause::Focus => "the window came back",
        Cause::Reconnect => "the network came back",
        Cause::Retry => "the last try failed",
        Cause::Poll => "asked for now and then",
        Cause::Expired => "its time was over",
        Cause::Unused => "nobody used it any more",
        Cause::Pressure => "there was no room",
        Cause::ByHand => "chosen in the panel",
        Cause::Hydration => "came with the page",
        Cause::Storage => "kept on this device",
        Cause::Answer => "the server answered",
    };
    words.to_owned()
}
