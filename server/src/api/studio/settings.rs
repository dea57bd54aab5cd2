//! Settings: the places of a story, as its author knows them.

use aide::axum::{ApiRouter, routing::get_with};
use domain::{
    id::{SettingId, StoryId},
    studio::{NewSetting, SettingAnswer, SettingEdit, Settings},
};

use crate::{
    api::{
        Answer, Door,
        answer::{Created, Removed, Shown, Stored},
        edit::{Edit, IfMatch},
        json::Json,
        path::Id,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/story/{id}/settings",
            get_with(list, |op| op.summary("The places of a story"))
                .post_with(create, |op| op.summary("Add a place behind the others")),
        )
        .api_route(
            "/settings/{id}",
            get_with(show, |op| op.summary("A place"))
                .patch_with(edit, |op| op.summary("Change what is noted about a place"))
                .delete_with(remove, |op| op.summary("Throw a place into the trash")),
        )
}

async fn list(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer<Shown<Settings>> {
    door.read(door.backend.settings(&author, story).await?)
}

async fn create(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    Json(new): Json<NewSetting>,
) -> Answer<Created<SettingAnswer>> {
    let saved = door.backend.add_setting(&author, story, new).await?;
    door.created(saved.map(|setting| SettingAnswer { setting }))
}

async fn show(door: Door, author: Writer, Id(setting): Id<SettingId>) -> Answer<Shown<SettingAnswer>> {
    door.read(door.backend.setting(&author, setting).await?)
}

async fn edit(
    door: Door,
    author: Writer,
    Id(setting): Id<SettingId>,
    Edit(edit): Edit<SettingEdit>,
) -> Answer<Stored<SettingAnswer>> {
    let saved = door.backend.edit_setting(&author, setting, edit).await?;
    door.saved(saved.map(|setting| SettingAnswer { setting }))
}

async fn remove(
    door: Door,
    author: Writer,
    Id(setting): Id<SettingId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_setting(&author, setting, version).await?;
    door.removed(saved, "The place is in the trash.")
}
