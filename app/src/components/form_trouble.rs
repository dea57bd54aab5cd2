//! What became of a form that was sent, above it.

use domain::error::Error as Refusal;
use leptos::prelude::*;

use super::{
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
};
use crate::api::Failure;

/// Says that something was not done, and why; announced at once. What was typed stays.
#[component]
pub fn FormTrouble(
    /// For instance "Your reply was not posted."
    what: &'static str,
    #[prop(into)] failure: Signal<Option<Failure>>,
) -> impl IntoView {
    move || {
        failure.get().map(|failure| {
            let signed_out = failure.is_signed_out();
            view! {
                <div class="notice notice--error" role="alert">
                    <Icon glyph=Glyph::Warning />
                    <div class="notice__body">
                        <p class="notice__title">{what}</p>
                        <p>{reason(&failure)}</p>
                        {signed_out
                            .then(|| {
                                view! {
                                    <div class="actions">
                                        <LogInLink class="button button--small" words="Log in (in a new tab)" target="_blank" />
                                    </div>
                                }
                            })}
                    </div>
                </div>
            }
        })
    }
}

fn reason(failure: &Failure) -> String {
    match failure {
        Failure::Refused(Refusal::SignedOut) => {
            "Your session has ended. Your text is still here: log in, then send it again.".to_owned()
        }
        Failure::Lost => "The server cannot be reached. Your text is still here.".to_owned(),
        other => other.to_string(),
    }
}

/// The failure of an answer, for [`FormTrouble`].
pub fn failure_of<T>(answer: Option<Result<T, Failure>>) -> Option<Failure> {
    answer.and_then(Result::err)
}
