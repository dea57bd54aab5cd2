//! Which views the page at a path will read.

use domain::{
    cache::{Audience, Key, Sharing},
    page::Page,
    reading::NovelsQuery,
};

/// The views of the page at `path`, which begins with a slash and has no query. Only what may be fetched unasked: nobody's
/// drafts, and nothing for a path that is unknown or names no thing.
pub(super) fn views_of(path: &str, audience: Audience) -> Vec<Key> {
    let words: Vec<&str> = path.trim_matches('/').split('/').collect();
    let keys = match words.as_slice() {
        ["novels"] => vec![Some(Key::Novels(NovelsQuery::first()))],
        ["novels", story] => vec![story.parse().ok().map(Key::Novel)],
        ["novels", story, chapter] => {
            let ids = story.parse().ok().zip(chapter.parse().ok());
            vec![ids.map(|(story, chapter)| Key::Reading { story, chapter })]
        }
        ["community"] => vec![Some(Key::Feed { audience, page: Page::first() }), Some(Key::Forums)],
        ["community", "story", story] => {
            let story = story.parse().ok();
            vec![story.map(Key::Novel), story.map(|story| Key::Board { story, audience, page: Page::first() })]
        }
        ["community", "posts", post] => {
            let post = post.parse().ok();
            vec![post.map(|post| Key::Post { post, audience }), post.map(Key::Replies)]
        }
        _ => Vec::new(),
    };
    keys.into_iter().flatten().filter(|key| key.policy().sharing != Sharing::Private).collect()
}

#[cfg(test)]
mod tests {
    use domain::id::{ChapterId, LENGTH, PostId, StoryId, UserId};

    use super::*;

    #[test]
    fn a_page_of_readers_names_what_it_will_read() {
        let (story, chapter, post) =
            (StoryId::from_random([7; LENGTH]), ChapterId::from_random([7; LENGTH]), PostId::from_random([7; LENGTH]));
        let me = Audience::User(UserId::from_random([7; LENGTH]));

        assert_eq!(views_of(&format!("/novels/{story}"), me), [Key::Novel(story)]);
        assert_eq!(views_of(&format!("/novels/{story}/{chapter}"), me), [Key::Reading { story, chapter }]);
        assert_eq!(
            views_of(&format!("/community/posts/{post}"), me),
            [Key::Post { post, audience: me }, Key::Replies(post)]
        );
        assert_eq!(views_of("/novels", me), [Key::Novels(NovelsQuery::first())]);
    }

    #[test]
    fn drafts_and_paths_that_lead_nowhere_are_left_alone() {
        let story = StoryId::from_random([7; LENGTH]);
        let me = Audience::User(UserId::from_random([7; LENGTH]));

        for path in ["/studio", &format!("/studio/story/{story}"), "/novels/not-an-id", "/login", "/", "/novels/a/b/c"]
        {
            assert_eq!(views_of(path, me), [], "{path}");
        }
    }
}
