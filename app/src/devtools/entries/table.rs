//! The table. It draws the rows in sight and a few around them, however many there are.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, html, leptos_dom::helpers::request_animation_frame, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    Listed, focus,
    line::Line,
    model::Model,
    order::{Column, Direction, Wish},
};
use crate::{client::Layer, devtools::operations::layer_name};

/// Rows drawn above and below what is in sight.
const AROUND: usize = 8;
/// A row before any was measured, in pixels.
const ROW_PX: f64 = 34.0;

/// Where one looks, in pixels.
#[derive(Clone, Copy, PartialEq)]
struct Sight {
    top: f64,
    height: f64,
    row: f64,
}

impl Sight {
    /// The rows to draw, of so many.
    fn rows(self, all: usize) -> std::ops::Range<usize> {
        let first = floor(self.top / self.row).saturating_sub(AROUND).min(all);
        let last = floor((self.top + self.height) / self.row) + 1 + AROUND;
        first..last.min(all)
    }
}

/// See the module. `chosen` is the key whose details are shown.
#[component]
pub fn Table(
    model: Model,
    listed: Memo<Listed>,
    wish: RwSignal<Wish>,
    chosen: RwSignal<Option<Arc<str>>>,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let sight = RwSignal::new(Sight { top: 0.0, height: 800.0, row: ROW_PX });
    let measure = move || {
        // The table may be gone by the frame that it is measured in.
        if let Some(element) = scroller.try_get_untracked().flatten() {
            let row = element.query_selector("tr[data-key]").ok().flatten().map(|row| row.get_bounding_client_rect());
            let row = row.map(|row| row.height()).filter(|height| *height > 1.0).unwrap_or(ROW_PX);
            sight.try_set(Sight {
                top: f64::from(element.scroll_top()),
                height: f64::from(element.client_height()),
                row,
            });
        }
    };
    // The panel can be made taller, and the window narrower: looked at once a second, beside every scrolling.
    Effect::new(move |_| {
        model.now_ms.track();
        request_animation_frame(measure);
    });
    let range = Memo::new(move |_| sight.get().rows(listed.with(|listed| listed.0.len())));
    let drawn =
        Memo::new(move |_| Listed(listed.with(|listed| listed.0.get(range.get()).unwrap_or_default().to_vec())));
    let space = move |rows: usize| format!("{}px", float(rows) * sight.get().row);
    let above = move || space(range.get().start);
    let below = move || space(listed.with(|listed| listed.0.len()).saturating_sub(range.get().end));
    let active = RwSignal::new(None::<Arc<str>>);
    let keys = move |event: KeyboardEvent| go(&event, listed, active, scroller, sight.get_untracked());

    view! {
        <div class="entries__scroll" node_ref=scroller on:scroll=move |_| measure()>
            <table
                class="entries__table"
                role="table"
                aria-label="Keys"
                aria-rowcount=move || (listed.with(|listed| listed.0.len()) + 1).to_string()
                on:keydown=keys
            >
                <thead role="rowgroup">
                    <Heads wish />
                </thead>
                <tbody
                    role="rowgroup"
                    style:padding-block-start=above
                    style:padding-block-end=below
                >
                    <For each=move || drawn.get().0 key=|row| Arc::clone(&row.text) let:row>
                        <Line model row listed range=range.into() active chosen />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// The heads of the columns; most sort.
#[component]
fn Heads(wish: RwSignal<Wish>) -> impl IntoView {
    let layers = Layer::ALL.map(|layer| view! { <Head wish column=Column::Layer(layer) label=layer_name(layer) /> });
    view! {
        <tr role="row" class="entries__row entries__row--head" aria-rowindex="1">
            <Head wish column=Column::Key label="Key" />
            <Head wish column=Column::State label="State" />
            {layers}
            <th role="columnheader" scope="col" class="entries__acts">
                "Actions"
            </th>
            <Head wish column=Column::Size label="Size" />
            <Head wish column=Column::Clock label="Clock" />
            <Head wish column=Column::Observers label="Observers" />
            <Head wish column=Column::Hits label="Hits / misses" />
            <Head wish column=Column::Fetch label="Last fetch" />
            <Head wish column=Column::Last label="Last invalidation" />
        </tr>
    }
}

/// A head that sorts: once by it, once more the other way round.
#[component]
fn Head(wish: RwSignal<Wish>, column: Column, label: &'static str) -> impl IntoView {
    let sorted = move || wish.with(|wish| (wish.column == column).then_some(wish.direction));
    let sort = move |_| {
        wish.update(|wish| {
            wish.direction = if wish.column == column { wish.direction.turned() } else { Direction::Ascending };
            wish.column = column;
        });
    };
    view! {
        <th role="columnheader" scope="col" aria-sort=move || sorted().map_or("none", Direction::as_str)>
            <button type="button" class="entries__sort" on:click=sort>
                {label}
            </button>
        </th>
    }
}

/// Arrow keys go from row to row, and take the table along.
fn go(
    event: &KeyboardEvent,
    listed: Memo<Listed>,
    active: RwSignal<Option<Arc<str>>>,
    scroller: NodeRef<html::Div>,
    sight: Sight,
) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(from) = target.and_then(|target| target.closest("tr[data-key]").ok().flatten()) else { return };
    let name = from.get_attribute("data-key");
    let last = listed.with_untracked(|listed| listed.0.len()).saturating_sub(1);
    let here = listed.with_untracked(|listed| listed.0.iter().position(|row| Some(&*row.text) == name.as_deref()));
    let here = here.unwrap_or_default();
    let page = floor(sight.height / sight.row).saturating_sub(2).max(1);
    let there = match event.key().as_str() {
        "ArrowDown" => here + 1,
        "ArrowUp" => here.saturating_sub(1),
        "PageDown" => here + page,
        "PageUp" => here.saturating_sub(page),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    let there = there.min(last);
    active.set(listed.with_untracked(|listed| listed.0.get(there).map(|row| Arc::clone(&row.text))));
    let Some(scroller) = scroller.get_untracked() else { return };
    reveal(&scroller, there, sight);
    // At once if it can be: the next key must not reach the row that was left.
    if !focus_row(&scroller, there) {
        request_animation_frame(move || {
            focus_row(&scroller, there);
        });
    }
}

/// Whether the row is drawn, so that it could get the focus.
fn focus_row(scroller: &Element, row: usize) -> bool {
    let button = scroller.query_selector(&format!("tr[aria-rowindex=\"{}\"] button", row + 2)).ok().flatten();
    button.is_some_and(|button| {
        focus(&button);
        true
    })
}

/// Scrolls just so far that the row is in sight, below the heads.
fn reveal(scroller: &Element, row: usize, sight: Sight) {
    let (top, bottom) = (float(row) * sight.row, float(row + 1) * sight.row);
    let head =
        scroller.query_selector("thead").ok().flatten().map_or(0.0, |head| head.get_bounding_client_rect().height());
    if top < sight.top {
        scroller.set_scroll_top(whole(top));
    } else if bottom + head > sight.top + sight.height {
        scroller.set_scroll_top(whole(bottom + head - sight.height));
    }
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn floor(pixels: f64) -> usize {
    pixels.max(0.0) as usize
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "it saturates")]
fn whole(pixels: f64) -> i32 {
    pixels.ceil() as i32
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "there are far fewer rows than 2^52")]
fn float(rows: usize) -> f64 {
    rows as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGHT: Sight = Sight { top: 0.0, height: 300.0, row: 30.0 };

    #[test]
    fn what_is_in_sight_is_drawn_with_a_few_rows_around() {
        assert_eq!(SIGHT.rows(10_000), 0..19);
        assert_eq!(Sight { top: 30_000.0, ..SIGHT }.rows(10_000), 992..1_019);
    }

    #[test]
    fn no_more_is_drawn_than_there_is() {
        assert_eq!(SIGHT.rows(3), 0..3);
        assert_eq!(Sight { top: 30_000.0, ..SIGHT }.rows(10), 10..10, "the rows went while one looked at their end");
        assert_eq!(Sight { top: -5.0, ..SIGHT }.rows(0), 0..0);
    }
}
