//! Any event of what committees were given, and of what is said of a figure for them.

use domain::event::{ActionAgreed, CommitteeAct, CommitteeActRecorded, Event, LateFigureTold, ViewPublished};
use domain::scorecard::Remit;
use domain::{Figure, Meeting, Position, ScorecardId, Status, Timestamp, ViewId};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::{area, cell, code, content, date, missing, period, text};

fn scorecard() -> impl Strategy<Value = ScorecardId> {
    code().prop_map(|code| ScorecardId::new(&code).unwrap())
}

fn view() -> impl Strategy<Value = ViewId> {
    code().prop_map(|code| ViewId::new(&code).unwrap())
}

pub(super) fn remit() -> impl Strategy<Value = Remit> {
    (of(date()), text(), text(), of(scorecard()), of(scorecard()))
        .prop_map(|(from, owner, director, behind, subset_of)| Remit { from, owner, director, behind, subset_of })
}

pub(super) fn events() -> impl Strategy<Value = Event> {
    let at = (-1_000_000_000_000_000_000..1_000_000_000_000_000_000_i64).prop_map(|micros| micros / 10);
    let at = at.prop_map(|micros| Timestamp::from_micros(micros).unwrap());
    let meeting = (text(), date()).prop_map(|(committee, on)| Meeting { committee, on });
    let act = select(CommitteeAct::ALL.to_vec());
    let told = (missing(), select(vec![Status::Provisional, Status::Final]));
    let told = told.prop_map(|(missing, status)| (Figure::Missing(missing), status));
    let question = (scorecard(), period(), area(), meeting);
    prop_oneof![
        (cell(), of(any::<u64>()), content(), text(), date()).prop_map(|(cell, about, text, owner, due)| {
            Event::ActionAgreed(ActionAgreed { cell, about: about.map(Position::new), text, owner, due })
        }),
        (view(), question, of(at), any::<u64>(), text(), content(), content()).prop_map(
            |(view, (scorecard, period, area, meeting), known_at, position, form, content, over)| {
                let position = Position::new(position);
                Event::ViewPublished(ViewPublished {
                    view,
                    scorecard,
                    period,
                    area,
                    meeting,
                    known_at,
                    position,
                    form,
                    content,
                    over,
                })
            }
        ),
        (view(), act, content()).prop_map(|(view, act, text)| Event::CommitteeActRecorded(CommitteeActRecorded {
            view,
            act,
            text
        })),
        (view(), cell(), of(told), content())
            .prop_map(|(view, cell, told, text)| Event::LateFigureTold(LateFigureTold { view, cell, told, text })),
    ]
}
