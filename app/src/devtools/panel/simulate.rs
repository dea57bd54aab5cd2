//! The choice of a network that is not there, or slow.

use leptos::prelude::*;

use crate::client::{self, Simulation};

const ALL: [Simulation; 3] = [Simulation::Off, Simulation::Slow, Simulation::Offline];

fn label(simulation: Simulation) -> &'static str {
    match simulation {
        Simulation::Off => "as it is",
        Simulation::Slow => "slow (+2 s)",
        Simulation::Offline => "offline",
    }
}

/// What it means, for whoever chose it.
fn words(simulation: Simulation) -> Option<&'static str> {
    match simulation {
        Simulation::Off => None,
        Simulation::Slow => Some("Slow: each read comes two seconds late. What is written is not delayed."),
        Simulation::Offline => {
            Some("Offline: this tab sends nothing and hears nothing. Text is kept on this device and sent afterwards.")
        }
    }
}

/// It holds for this tab, until it is changed or the page is loaded anew.
#[component]
pub fn Simulate() -> impl IntoView {
    let now = RwSignal::new(client::simulation());
    let choose = move |event| {
        let wanted = event_target_value(&event);
        let chosen = ALL.into_iter().find(|simulation| label(*simulation) == wanted).unwrap_or_default();
        client::simulate(chosen);
        now.set(chosen);
    };
    let options = ALL.map(|simulation| {
        let word = label(simulation);
        view! { <option value=word selected=move || now.get() == simulation>{word}</option> }
    });
    view! {
        <label class="devtools__choice">
            "Network "
            <select class="devtools__select" aria-label="Simulate the network" on:change=choose>
                {options}
            </select>
        </label>
        <span class="devtools__simulated" role="status">{move || words(now.get())}</span>
    }
}
