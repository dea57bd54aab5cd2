//! One set of line icons, drawn inline.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Back,
    Chart,
    Check,
    Chevron,
    Clock,
    Close,
    Heart,
    Info,
    Lock,
    Note,
    Offline,
    Pen,
    Plus,
    Search,
    Talk,
    Tree,
    Warning,
}

impl Glyph {
    /// The path in a 24 × 24 box.
    fn path(self) -> &'static str {
        match self {
            Glyph::Back => "M15 5.5L8.5 12l6.5 6.5",
            Glyph::Chart => "M4 4v16h16M8 15l3.5-4 3 2.5L19 8",
            Glyph::Check => "M4.5 12.75l6 6 9-13.5",
            Glyph::Chevron => "M5.5 9l6.5 6.5L18.5 9",
            Glyph::Clock => "M12 6.5V12h4M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
            Glyph::Close => "M6 6l12 12M18 6L6 18",
            Glyph::Heart => "M12 20.2l-7.6-7.7a4.7 4.7 0 0 1 6.7-6.7l.9.9.9-.9a4.7 4.7 0 0 1 6.7 6.7z",
            Glyph::Info => "M12 11v5.5M12 7.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
            Glyph::Lock => "M16.5 10.5V7a4.5 4.5 0 0 0-9 0v3.5M6 10.5h12v10H6z",
            Glyph::Note => "M5 4h14v16H5zM8 8h8M8 12h8M8 16h5",
            Glyph::Offline => {
                "M3 3l18 18M8.5 16.5a5 5 0 0 1 7 0M5 12.5a10 10 0 0 1 3-2M16 10.5a10 10 0 0 1 3 2M12 20h.01"
            }
            Glyph::Pen => "M4 20l4-1L19 8l-3-3L5 16z",
            Glyph::Plus => "M12 5v14M5 12h14",
            Glyph::Search => "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.2 15.2L20.5 20.5",
            Glyph::Talk => "M4 5h16v11.5h-8.5L7 20.5v-4H4z",
            Glyph::Tree => "M4 6h16M8 12h12M8 18h12M4 12h.01M4 18h.01",
            Glyph::Warning => {
                "M12 9v4M12 17h.01M10.3 4.3L2.6 18a2 2 0 0 0 1.7 3h15.4a2 2 0 0 0 1.7-3L13.7 4.3a2 2 0 0 0-3.4 0z"
            }
        }
    }
}

/// A drawing beside words that say the same; hidden from screen readers. Its stroke is the style sheet's.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
            <path d=glyph.path()></path>
        </svg>
    }
}
