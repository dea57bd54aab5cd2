//! Where the things are that can be created.

use domain::{
    community::{PostAnswer, ReplyAnswer},
    studio::{ChapterAnswer, CharacterAnswer, Imported, PartAnswer, SceneAnswer, SettingAnswer, StoryAnswer},
};

/// Something with an address of its own.
pub(crate) trait Located {
    /// What its id names: whatever is asked for below these paths, the id is their `{id}`.
    const PATH: &'static str;
    /// Where the id stands in the answer, as a JSON pointer.
    const ID: &'static str;

    /// The path that answers with it.
    fn location(&self) -> String;
}

/// Things that are answered below the path that their id names.
macro_rules! located {
    ($($answer:ident.$entity:ident at $path:literal;)*) => {$(
        impl Located for $answer {
            const PATH: &'static str = $path;
            const ID: &'static str = concat!("/", stringify!($entity), "/id");

            fn location(&self) -> String {
                Self::PATH.replace("{id}", self.$entity.id.as_str())
            }
        }
    )*};
}

located! {
    Imported.story at "/studio/api/story/{id}";
    StoryAnswer.story at "/studio/api/story/{id}";
    PartAnswer.part at "/studio/api/parts/{id}";
    ChapterAnswer.chapter at "/studio/api/chapters/{id}";
    SceneAnswer.scene at "/studio/api/scenes/{id}";
    CharacterAnswer.character at "/studio/api/characters/{id}";
    SettingAnswer.setting at "/studio/api/settings/{id}";
    PostAnswer.post at "/community/api/posts/{id}";
}

impl Located for ReplyAnswer {
    const PATH: &'static str = "/community/api/replies/{id}";
    const ID: &'static str = "/reply/id";

    /// A reply is read with the others of its post.
    fn location(&self) -> String {
        format!("/community/api/posts/{}/replies", self.reply.post_id)
    }
}
