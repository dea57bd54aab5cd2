//! The pieces that pages are made of.

pub mod failure_view;
pub mod layout;
