//! Text that people wrote, as HTML that is safe to insert.
//!
//! Everything goes through here when it is published or posted, so pages never render Markdown themselves.

use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// Grows when the same Markdown would give other HTML, so that stored HTML can be found and rendered anew.
pub(crate) const RENDERER_VERSION: i32 = 1;

/// What may come out of the renderer; anything else was smuggled in and is dropped.
static CLEAN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .add_tags([
            "p",
            "br",
            "hr",
            "em",
            "strong",
            "del",
            "blockquote",
            "ul",
            "ol",
            "li",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "code",
            "pre",
            "a",
        ])
        .add_tag_attributes("a", ["href", "title"])
        .add_tag_attributes("ol", ["start"])
        .add_url_schemes(["http", "https", "mailto"])
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

/// Renders Markdown as safe HTML.
///
/// HTML in the text is shown as text. Images are left out, their description stays: a picture from elsewhere would tell
/// a stranger who reads what.
pub(crate) fn render(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH).filter_map(tamed);
    let mut unsafe_html = String::with_capacity(markdown.len() + markdown.len() / 4);
    html::push_html(&mut unsafe_html, events);
    CLEAN.clean(&unsafe_html).to_string()
}

/// Takes from each piece of Markdown what must not reach a page.
fn tamed(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        // The page has its own first heading.
        Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H1, id, classes, attrs }) => {
            Some(Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H2, id, classes, attrs }))
        }
        Event::End(TagEnd::Heading(pulldown_cmark::HeadingLevel::H1)) => {
            Some(Event::End(TagEnd::Heading(pulldown_cmark::HeadingLevel::H2)))
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_emphasis_become_html() {
        assert_eq!(render("She *waited*.\n\nThe sea — grey."), "<p>She <em>waited</em>.</p>\n<p>The sea — grey.</p>\n");
    }

    #[test]
    fn html_is_shown_as_text() {
        let html = render("a <script>alert(1)</script> b\n\n<img src=x onerror=alert(1)>");

        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }

    #[test]
    fn links_lead_to_the_web_only_and_vouch_for_nothing() {
        let html = render("[good](https://example.org) [bad](javascript:alert(1)) [worse](data:text/html,x)");

        assert!(html.contains(r#"<a href="https://example.org" rel="nofollow ugc noopener">good</a>"#), "{html}");
        assert!(!html.contains("javascript:") && !html.contains("data:"), "{html}");
    }

    #[test]
    fn an_image_leaves_its_description() {
        assert_eq!(render("![a lighthouse](https://example.org/x.png)"), "<p>a lighthouse</p>\n");
    }

    #[test]
    fn the_first_level_of_headings_is_the_pages_own() {
        assert_eq!(render("# Part of the text"), "<h2>Part of the text</h2>\n");
    }
}
