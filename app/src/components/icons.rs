//! One set of line icons, drawn inline.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Check,
    Chevron,
    Clock,
    Lock,
    Note,
    Offline,
    Pen,
    Tree,
    Warning,
}

impl Glyph {
    /// The path in a 24 × 24 box, drawn with a stroke of 1.5.
    fn path(self) -> &'static str {
        match self {
            Glyph::Check => "M4.5 12.75l6 6 9-13.5",
            Glyph::Chevron => "M19.5 8.25l-7.5 7.5-7.5-7.5",
            Glyph::Clock => "M12 6v6h4.5M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
            Glyph::Lock => "M16.5 10.5V7a4.5 4.5 0 0 0-9 0v3.5M6 10.5h12v10H6z",
            Glyph::Note => "M5 4h14v16H5zM8 8h8M8 12h8M8 16h5",
            Glyph::Offline => {
                "M3 3l18 18M8.5 16.5a5 5 0 0 1 7 0M5 12.5a10 10 0 0 1 3-2M16 10.5a10 10 0 0 1 3 2M12 20h.01"
            }
            Glyph::Pen => "M4 20l4-1L19 8l-3-3L5 16z",
            Glyph::Tree => "M4 6h16M8 12h12M8 18h12M4 12h.01M4 18h.01",
            Glyph::Warning => {
                "M12 9v4M12 17h.01M10.3 4.3L2.6 18a2 2 0 0 0 1.7 3h15.4a2 2 0 0 0 1.7-3L13.7 4.3a2 2 0 0 0-3.4 0z"
            }
        }
    }
}

/// A drawing beside words that say the same; hidden from screen readers.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            width="16"
            height="16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=glyph.path()></path>
        </svg>
    }
}
