//! The pieces that pages are made of.

pub mod chapter_acts;
pub mod comparison;
pub mod confirm_button;
pub mod cover;
pub mod failure_view;
pub mod icons;
pub mod layout;
pub mod loaded;
pub mod outline;
pub mod save_state;
pub mod scene_editor;
pub mod scene_notes;
pub mod story_details;
pub mod title_form;
