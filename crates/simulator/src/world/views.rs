//! What is drawn of what is said and given to committees.

use domain::result::{Missing, Why};
use domain::scorecard::Remit;
use domain::time::AsOf;
use domain::view::{CommitteeAct, FORM, ViewDraft, Warning, Warnings};
use domain::{Command, Figure, Instruction, Meeting, ScorecardId, Status, ViewId};

use reporting::scorecard::Question;

use super::World;
use super::draw::SCORECARD;

impl World {
    pub(super) fn agree_action(&mut self) -> Command {
        Command::AgreeAction {
            cell: self.draw_cell(),
            text: self.rng.pick(&["Do it.".to_owned(), "Do it all. ".repeat(200)]),
            owner: self.rng.pick(&["A team", "Another team"]).to_owned(),
            due: self.draw_day(),
        }
    }

    /// Says something of the only scorecard, or nothing; there is no other that it could name.
    pub(super) fn draw_remit(&mut self) -> Remit {
        if self.rng.chance(50) {
            return Remit::default();
        }
        let from = if self.rng.chance(60) { Some(self.draw_day()) } else { None };
        let owner = self.rng.pick(&["", "Management Information"]).to_owned();
        Remit { from, owner, ..Remit::default() }
    }

    /// A view, as somebody who reads the log would submit it.
    pub(crate) fn publish_view(&mut self) -> Instruction {
        let n_views = self.book.views(self.book.head()).count();
        let number = self.rng.below(u64::try_from(n_views).expect("few") + 2);
        let known_at = if self.rng.chance(50) { Some(self.draw_past()) } else { None };
        let end = self.draw_position();
        let position = self.book.settle(end);
        let warning = Warning { code: "old".to_owned(), subject: "m-high".to_owned(), words: "It is old.".to_owned() };
        let over = if self.rng.chance(40) { vec![warning] } else { Vec::new() };
        let (period, area) = (self.draw_period(), self.draw_area());
        let meeting = Meeting { committee: "Cabinet".to_owned(), on: self.draw_day() };
        let as_of = AsOf { known_at, position };
        let scorecard = ScorecardId::new(SCORECARD).expect("a code");
        let question = Question { scorecard: scorecard.clone(), period, area: area.clone() };
        // What cannot be answered is refused; its text is never looked at.
        let text = reporting::scorecard::scorecard(&self.book, &question, as_of).map_or_else(
            |_| String::new(),
            |card| reporting::view::write(&card, &meeting, |content| self.book.text(content)),
        );
        let draft = ViewDraft {
            view: ViewId::new(&format!("view-{number}")).expect("a code"),
            scorecard,
            period,
            area,
            meeting,
            as_of,
            form: FORM.to_owned(),
            text,
            over: Warnings(over),
        };
        let why = Why { reason: "because".to_owned(), cause: None };
        Instruction { command: Command::PublishView(draft), known_at: None, why, origin: None }
    }

    fn draw_view(&mut self) -> ViewId {
        let views: Vec<ViewId> = self.book.views(self.book.head()).map(|it| it.value.value.view.clone()).collect();
        if views.is_empty() { ViewId::new("no-view").expect("a code") } else { self.rng.pick(&views) }
    }

    pub(super) fn record_committee_act(&mut self) -> Command {
        let text = self.rng.pick(&["So.".to_owned(), "As they said. ".repeat(150)]);
        Command::RecordCommitteeAct { view: self.draw_view(), act: self.rng.pick(&CommitteeAct::ALL), text }
    }

    pub(super) fn tell_late_figure(&mut self) -> Command {
        let told = [None, Some((Figure::Missing(Missing::NotSupplied), Status::Provisional))];
        let (view, cell) = (self.draw_view(), self.draw_cell());
        Command::TellLateFigure { view, cell, told: self.rng.pick(&told), text: "It came late.".to_owned() }
    }
}
