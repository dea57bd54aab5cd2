//! The public list: orders, pages, genres and search.

use backend::cache::Status;
use domain::{
    community::NewPost,
    page::{Cursor, Page},
    reading::{Novels, NovelsQuery, Sort},
    studio::StoryEdit,
};

use crate::support::{Draft, Fixture, on_both_databases, refusal, value};

async fn list(fixture: &Fixture, query: NovelsQuery) -> Novels {
    value(fixture.backend.novels(query).await.expect("the list can be read"))
}

fn titles(novels: &Novels) -> Vec<&str> {
    novels.stories.iter().map(|story| story.title.as_str()).collect()
}

/// A published story with this title; every later one is a second younger.
async fn publish(fixture: &Fixture, title: &str, genre: Option<&str>) -> Draft {
    let draft = fixture.draft("two words").await;
    let (title, genre) = (Some(title.to_owned()), genre.map(str::to_owned));
    let edit = StoryEdit { title, genre, summary: Some("On 100% of_it.".into()), version: Some(1) };
    fixture.backend.edit_story(&draft.author, draft.story, edit).await.expect("the story can be edited");
    fixture.tick();
    fixture.backend.publish_story(&draft.author, draft.story).await.expect("the story can be published");
    draft
}

async fn discuss(fixture: &Fixture, draft: &Draft) {
    let new = NewPost { story_id: draft.story, title: "On it".into(), content: "Well.".into(), kind: None };
    fixture.backend.add_post(&draft.author, new).await.expect("a post can be written");
}

fn search(text: &str) -> NovelsQuery {
    NovelsQuery { search: Some(text.into()), ..NovelsQuery::first() }
}

on_both_databases! {
    async fn the_last_published_comes_first_and_pages_join_without_gap_or_overlap(fixture) {
        for title in ["A", "B", "C", "D", "E"] {
            publish(fixture, title, None).await;
        }

        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let query = NovelsQuery { page: Page::new(Some(2), after.take()), ..NovelsQuery::first() };
            let page = list(fixture, query).await;
            seen.push(titles(&page).join(""));
            after = page.next;
            if after.is_none() {
                break;
            }
        }

        assert_eq!(seen, ["ED", "CB", "A"]);
    }

    async fn the_most_discussed_come_first_when_asked_so(fixture) {
        let a = publish(fixture, "A", None).await;
        let b = publish(fixture, "B", None).await;
        publish(fixture, "C", None).await;
        let popular = |after| NovelsQuery { sort: Sort::Popular, page: Page::new(Some(2), after), ..NovelsQuery::first() };
        assert_eq!(titles(&list(fixture, popular(None)).await), ["C", "B"]);

        discuss(fixture, &a).await;
        discuss(fixture, &a).await;
        discuss(fixture, &b).await;

        let first = list(fixture, popular(None)).await;
        assert_eq!(titles(&first), ["A", "B"]);
        let second = list(fixture, popular(first.next)).await;
        assert_eq!((titles(&second), second.next.is_none()), (vec!["C"], true));
    }

    async fn a_genre_narrows_the_list(fixture) {
        publish(fixture, "A", Some("Mystery")).await;
        publish(fixture, "B", Some("Romance")).await;

        let query = NovelsQuery { genre: Some("Mystery".into()), ..NovelsQuery::first() };

        assert_eq!(titles(&list(fixture, query).await), ["A"]);
    }

    async fn a_search_finds_titles_and_summaries_and_takes_every_sign_literally(fixture) {
        publish(fixture, "The Salt Road", None).await;
        publish(fixture, "Under_score", None).await;

        assert_eq!(titles(&list(fixture, search("salt")).await), ["The Salt Road"]);
        assert_eq!(titles(&list(fixture, search("r_s")).await), ["Under_score"]);
        assert_eq!(list(fixture, search("100% OF_")).await.stories.len(), 2);
        assert_eq!(titles(&list(fixture, search("%l%")).await), [""; 0]);
        assert_eq!(titles(&list(fixture, search("\\")).await), [""; 0]);
        assert_eq!(list(fixture, search("  ")).await.stories.len(), 2);
    }

    async fn a_search_is_never_cached_and_the_list_is(fixture) {
        publish(fixture, "A", None).await;

        for wanted in [Status::Bypass, Status::Bypass] {
            assert_eq!(fixture.backend.novels(search("a")).await.unwrap().status, wanted);
        }
        for wanted in [Status::Miss, Status::Hit] {
            assert_eq!(fixture.backend.novels(NovelsQuery::first()).await.unwrap().status, wanted);
        }
    }

    async fn a_cursor_that_was_not_minted_here_is_refused(fixture) {
        for text in ["nonsense", "AAAA", "MCAwIDA"] {
            let page = Page::new(None, Some(Cursor::new(text.into())));
            let query = NovelsQuery { page, ..NovelsQuery::first() };
            assert_eq!(refusal(fixture.backend.novels(query).await).field(), Some("after"));
        }
    }

    async fn a_card_counts_published_text_only(fixture) {
        let draft = publish(fixture, "A", None).await;
        let more = fixture.add_chapter(&draft.author, draft.story, "More").await;
        fixture.add_scene(&draft.author, more, "three more words").await;

        let card = list(fixture, NovelsQuery::first()).await.stories.remove(0);

        assert_eq!((card.chapter_count, card.word_count), (1, 2));
        assert_eq!(card.author.username, draft.author.username);
    }
}
