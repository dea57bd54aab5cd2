//! Any order of typing, saving, failing, crashing and choosing, in two tabs: no text that was kept is ever lost.

use proptest::{collection::vec, prelude::*};

use super::{
    world::{Fate, Step, World},
    *,
};

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![4 => Just(Field::Content), 1 => Just(Field::Title), 1 => Just(Field::Goal)]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Answered),
        2 => Just(Fate::AnswerLost),
        2 => Just(Fate::Lost),
        1 => Just(Fate::SignedOut),
        1 => Just(Fate::TooMany),
        1 => Just(Fate::Broken),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let tab = || 0..2usize;
    prop_oneof![
        6 => (tab(), field()).prop_map(|(tab, field)| Step::Type(tab, field)),
        4 => tab().prop_map(Step::Keep),
        5 => tab().prop_map(Step::Save),
        5 => (tab(), fate()).prop_map(|(tab, fate)| Step::Answer(tab, fate)),
        1 => (tab(), any::<bool>()).prop_map(|(tab, arrives)| Step::Crash(tab, arrives)),
        3 => tab().prop_map(Step::Open),
        2 => tab().prop_map(Step::Hear),
        1 => tab().prop_map(Step::ChooseMine),
        1 => tab().prop_map(Step::ChooseTheirs),
        1 => field().prop_map(Step::Elsewhere),
        1 => any::<bool>().prop_map(Step::DeviceFull),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_text_that_was_kept_is_ever_lost(steps in vec(step(), 1..60), mine in any::<bool>()) {
        let mut world = World::new();
        world.take(Step::Open(0));
        for step in steps {
            world.take(step);
            world.assert_nothing_is_lost();
        }
        world.come_to_rest(if mine { Step::ChooseMine(1) } else { Step::ChooseTheirs(1) });
    }
}
