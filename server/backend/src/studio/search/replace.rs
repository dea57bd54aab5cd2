//! Replacing hits: all that were asked for, or none.

use std::collections::BTreeMap;

use super::pattern::Pattern;
use crate::{
    Backend, Error,
    entity::{id, scene},
    limits::Action,
    studio::{Held, base_version, scene::live_scene, writer},
};
use domain::{
    cache::{Change, Saved},
    error::{Current, Entity as Kind, Problem},
    id::{SceneId, StoryId},
    studio::{Hit, HitField, MAX_HITS, REPLACEMENT, Replace, Replaced, RevisionKind, SceneEdit, Search},
    text::{SCENE, TITLE},
    user::User,
};

impl Backend {
    /// Replaces hits of a search, in one write. The text that each scene had is kept as a revision.
    ///
    /// # Errors
    /// Refuses readers, stories and scenes that are not the author's, text that breaks a rule afterwards, hits that
    /// overlap or are not there, and (with the scene as it stands) a hit that was found in another version.
    pub async fn replace(&self, author: &User, story: StoryId, wish: Replace) -> Result<Saved<Replaced>, Error> {
        let author = writer(author)?;
        let wish = Wish::checked(wish)?;
        self.limits.check(Action::SaveScene, author)?;
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Story).await?;
            let (mut saved, mut touched) = (Vec::new(), Vec::new());
            for (scene, hits) in &wish.by_scene {
                let stored = live_scene(transaction, *scene).await?;
                if stored.story_id != story.as_str() {
                    return Err(domain::Error::NotFound(Kind::Scene).into());
                }
                let current = Current::scene(&stored.clone().try_into()?);
                for hit in hits {
                    base_version(Some(hit.version), stored.version, current.clone())?;
                }
                let edit = wish.edit(&stored, hits)?;
                self.keep_before(transaction, &held, &stored, RevisionKind::PreReplace).await?;
                touched.push((*scene, id(&stored.chapter_id)?));
                let (scene, _) = self.save_scene(transaction, &held, stored, edit).await?;
                saved.push(scene);
            }
            let replaced = u32::try_from(wish.by_scene.values().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX);
            Ok((Replaced { replaced, scenes: saved }, Change::ScenesReplaced { story, scenes: touched }))
        })
        .await
    }
}

/// What was asked for, checked.
struct Wish {
    by_scene: BTreeMap<SceneId, Vec<Hit>>,
    replacement: String,
    /// Set when the replacement speaks of groups.
    pattern: Option<Pattern>,
}

impl Wish {
    fn checked(wish: Replace) -> Result<Self, domain::Error> {
        let Replace { query, replacement, hits, case, word, regex } = wish;
        let replacement = REPLACEMENT.check("replacement", &replacement)?;
        let pattern = Pattern::new(Search { query, case, word, regex }, "query")?;
        if hits.is_empty() {
            return Err(domain::Error::invalid("hits", Problem::Empty));
        } else if hits.len() > MAX_HITS {
            return Err(domain::Error::invalid("hits", Problem::TooMany { max: MAX_HITS }));
        }
        let mut by_scene: BTreeMap<SceneId, Vec<Hit>> = BTreeMap::new();
        for hit in hits {
            by_scene.entry(hit.scene_id).or_default().push(hit);
        }
        Ok(Wish { by_scene, replacement, pattern: regex.then_some(pattern) })
    }

    /// The edit that replaces `hits` in the text of `stored`.
    fn edit(&self, stored: &scene::Model, hits: &[Hit]) -> Result<SceneEdit, domain::Error> {
        let of = |field: HitField, text: &str| {
            let mut hits: Vec<&Hit> = hits.iter().filter(|hit| hit.field == field).collect();
            hits.sort_by_key(|hit| hit.start);
            if hits.is_empty() { Ok(None) } else { self.replaced(text, &hits).map(Some) }
        };
        let title = of(HitField::Title, &stored.title)?;
        let content = of(HitField::Content, &stored.body)?;
        Ok(SceneEdit {
            title: title.map(|title| TITLE.check("replacement", &title)).transpose()?,
            content: content.map(|content| SCENE.check("replacement", &content)).transpose()?,
            ..SceneEdit::default()
        })
    }

    /// `text` with `hits`, which come in order, replaced.
    fn replaced(&self, text: &str, hits: &[&Hit]) -> Result<String, domain::Error> {
        let missing = || domain::Error::invalid("hits", Problem::NotThere);
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = |characters: u64| bytes.get(usize::try_from(characters).ok()?).copied();

        let (mut written, mut done) = (String::with_capacity(text.len()), 0);
        for hit in hits {
            let start = at(u64::from(hit.start)).ok_or_else(missing)?;
            let end = at(u64::from(hit.start) + u64::from(hit.length)).ok_or_else(missing)?;
            let kept = text.get(done..start).ok_or_else(missing)?;
            if start == end || text.get(start..end) != Some(hit.text.as_str()) {
                return Err(missing());
            }
            written.push_str(kept);
            match &self.pattern {
                Some(pattern) => {
                    let expanded = pattern.expand(text, start..end, &self.replacement);
                    written.push_str(&expanded.ok_or_else(missing)?);
                }
                None => written.push_str(&self.replacement),
            }
            done = end;
        }
        written.push_str(text.get(done..).ok_or_else(missing)?);
        Ok(written)
    }
}
