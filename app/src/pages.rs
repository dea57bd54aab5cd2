//! The pages: each reads its views and arranges components.

pub mod community;
pub mod home;
pub mod log_in;
pub mod not_found;
pub mod novels;
pub mod sign_up;
pub mod studio;
