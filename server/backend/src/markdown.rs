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
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// The tags that may come out.
    const TAGS: [&str; 18] = [
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
    ];

    /// Pieces that try to get through.
    fn nasty() -> impl Strategy<Value = String> {
        let pieces = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "](",
            "[x](",
            "![",
            "<",
            ">",
            "\"",
            "'",
            "&lt;script&gt;",
            "[x](JaVaScRiPt&colon;alert(1))",
            "<svg/onload=alert(1)>",
            "\n\n",
            "`",
            "```\n",
            "# ",
            "- ",
            "1. ",
            "> ",
            "<a href=\"javascript:x\" onclick=y>",
            "[x]: javascript:alert(1)\n\n[x]",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "&#106;avascript:",
            "<http://x onmouseover=y>",
            "[x](<javascript:x> \"onload=y\")",
            "\u{0}",
        ];
        proptest::sample::select(pieces.map(str::to_owned).to_vec())
    }

    /// What a browser would do with rendered text: every tag and attribute must be one of those that are allowed.
    fn check(html: &str) -> Result<(), TestCaseError> {
        let tag =
            |text: &str| text.trim_start_matches('/').split([' ', '>', '/']).next().unwrap_or_default().to_owned();
        for piece in html.split('<').skip(1) {
            let (inside, _) =
                piece.split_once('>').ok_or_else(|| TestCaseError::fail(format!("an open tag: {html}")))?;
            prop_assert!(TAGS.contains(&tag(inside).as_str()), "{}", html);
            let mut attributes =
                inside.split_once(' ').map_or("", |(_, attributes)| attributes).trim_matches([' ', '/']);
            while !attributes.is_empty() {
                let (name, rest) = attributes.split_once("=\"").ok_or_else(|| TestCaseError::fail(html.to_owned()))?;
                let (value, rest) = rest.split_once('"').ok_or_else(|| TestCaseError::fail(html.to_owned()))?;
                prop_assert!(["href", "title", "rel", "start"].contains(&name), "{}: {}", name, html);
                let is_script = value.trim_start().to_ascii_lowercase().starts_with("javascript:");
                prop_assert!(!(name == "href" && is_script), "{}", html);
                attributes = rest.trim_start();
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn nothing_but_what_is_allowed_ever_comes_out(pieces in vec(prop_oneof![any::<String>(), nasty()], 0..12)) {
            check(&render(&pieces.concat()))?;
        }
    }

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
