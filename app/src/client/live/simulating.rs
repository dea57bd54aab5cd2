//! Begins and ends what is pretended of the network; see `simulation`.

use leptos::prelude::{document, window};
use web_sys::Event;

use super::resume;
use crate::client::{
    door,
    simulation::{Simulation, begin},
};

/// What the document says while something is pretended: the style sheet shows it on every page, panel or not.
const MARK: &str = "data-simulated";

/// Pretends something of the network until the page is loaded anew, or until it is told otherwise.
pub fn simulate(simulation: Simulation) {
    let before = begin(simulation);
    mark(simulation);
    match (before, simulation) {
        (Simulation::Offline, Simulation::Offline) => {}
        (_, Simulation::Offline) => {
            resume::leave();
            announce("offline");
        }
        (Simulation::Offline, _) => {
            resume::resume(door::visit().user.map(|user| user.id));
            announce("online");
        }
        (Simulation::Off | Simulation::Slow, Simulation::Off | Simulation::Slow) => {}
    }
}

/// Whoever listens for the network hears what a browser would say.
fn announce(name: &str) {
    if let Ok(event) = Event::new(name) {
        // Nobody takes it back: it is only told.
        let _ = window().dispatch_event(&event);
    }
}

fn mark(simulation: Simulation) {
    let Some(html) = document().document_element() else { return };
    // Setting an attribute of a valid name does not fail.
    let _ = match simulation {
        Simulation::Off => html.remove_attribute(MARK),
        Simulation::Slow => html.set_attribute(MARK, "slow"),
        Simulation::Offline => html.set_attribute(MARK, "offline"),
    };
}
