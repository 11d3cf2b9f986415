//! What came with format 3, from events to the structs that are written, and back.

use domain::event::{
    ActionAgreed, Attribution, CommitteeAct, CommitteeActRecorded, LateFigureTold, ScorecardDefined, ViewPublished,
};
use domain::scorecard::Remit;
use domain::{Event, Meeting, Position, ScorecardId, Status, Timestamp, ViewId};

use super::codes::{Code as _, read_optional};
use super::reading::{self, bad, read};
use super::writing::{self, put};
use super::{Sink, kind, v1, v3};
use crate::bytes::Fault;

pub(super) fn scorecard_defined_2(e: &ScorecardDefined) -> v3::ScorecardDefined<&str> {
    let v1::ScorecardDefined { scorecard, title, committee, layout } = writing::scorecard_defined(e);
    v3::ScorecardDefined {
        scorecard,
        title,
        committee,
        layout,
        from: e.remit.from.map(writing::date),
        owner: e.remit.owner.as_str(),
        director: e.remit.director.as_str(),
        behind: e.remit.behind.as_ref().map(ScorecardId::as_str),
        subset_of: e.remit.subset_of.as_ref().map(ScorecardId::as_str),
    }
}

pub(super) fn action_agreed(prefix: v1::Prefix<&str>, e: &ActionAgreed, out: &mut impl Sink) -> Result<(), String> {
    let period = e.cell.period.code();
    let stored = v3::ActionAgreed {
        cell: writing::cell(&e.cell, &period),
        about: e.about.map(Position::get),
        text: writing::content(&e.text),
        owner: e.owner.as_str(),
        due: writing::date(e.due),
    };
    put(out, prefix, stored)
}

pub(super) fn view_published(prefix: v1::Prefix<&str>, e: &ViewPublished, out: &mut impl Sink) -> Result<(), String> {
    let period = e.period.code();
    let stored = v3::ViewPublished {
        view: e.view.as_str(),
        scorecard: e.scorecard.as_str(),
        period: period.as_str(),
        area: e.area.as_str(),
        committee: e.meeting.committee.as_str(),
        on: writing::date(e.meeting.on),
        known_at: e.known_at.map(Timestamp::micros),
        position: e.position.get(),
        form: e.form.as_str(),
        content: writing::content(&e.content),
        over: writing::content(&e.over),
    };
    put(out, prefix, stored)
}

pub(super) fn committee_act_recorded(e: &CommitteeActRecorded) -> v3::CommitteeActRecorded<&str> {
    v3::CommitteeActRecorded { view: e.view.as_str(), act: e.act.to_code(), text: writing::content(&e.text) }
}

pub(super) fn late_figure_told(
    prefix: v1::Prefix<&str>,
    e: &LateFigureTold,
    out: &mut impl Sink,
) -> Result<(), String> {
    let period = e.cell.period.code();
    let stored = v3::LateFigureTold {
        view: e.view.as_str(),
        cell: writing::cell(&e.cell, &period),
        figure: e.told.map(|(figure, _)| writing::figure(figure)),
        status: e.told.map_or(0, |(_, status)| status.to_code()),
        text: writing::content(&e.text),
    };
    put(out, prefix, stored)
}

/// Reads a type that is new in format 3.
pub(super) fn read_new(kind: u16, bytes: &[u8]) -> Result<(Attribution, Event), Fault> {
    match kind {
        kind::ACTION_AGREED => read(bytes, read_action, Event::ActionAgreed),
        kind::VIEW_PUBLISHED => read(bytes, read_view, Event::ViewPublished),
        kind::COMMITTEE_ACT_RECORDED => read(bytes, read_act, Event::CommitteeActRecorded),
        kind::LATE_FIGURE_TOLD => read(bytes, read_late_figure, Event::LateFigureTold),
        _ => Err(Fault::Newer { kind, schema: 1 }),
    }
}

/// Reads a scorecard of schema version 2.
pub(super) fn read_scorecard_2(bytes: &[u8]) -> Result<(Attribution, Event), Fault> {
    let from_2 = |e: &v3::ScorecardDefined<&str>| {
        let v3::ScorecardDefined { scorecard, title, committee, ref layout, .. } = *e;
        let v1::Content { form, text, digest, size } = *layout;
        let layout = v1::Content { form, text, digest, size };
        let scorecard = reading::scorecard_defined(&v1::ScorecardDefined { scorecard, title, committee, layout })?;
        let remit = Remit {
            from: e.from.as_ref().map(reading::date).transpose()?,
            owner: e.owner.to_owned(),
            director: e.director.to_owned(),
            behind: e.behind.map(other_scorecard).transpose()?,
            subset_of: e.subset_of.map(other_scorecard).transpose()?,
        };
        if remit.none() {
            return Err(Fault::damaged("a scorecard that says nothing more is stored as version 1"));
        }
        Ok(ScorecardDefined { remit, ..scorecard })
    };
    read(bytes, from_2, Event::ScorecardDefined)
}

fn other_scorecard(code: &str) -> Result<ScorecardId, Fault> {
    ScorecardId::new(code).map_err(bad)
}

fn view(code: &str) -> Result<ViewId, Fault> {
    ViewId::new(code).map_err(bad)
}

fn read_action(e: &v3::ActionAgreed<&str>) -> Result<ActionAgreed, Fault> {
    Ok(ActionAgreed {
        cell: reading::cell(&e.cell)?,
        about: e.about.map(Position::new),
        text: reading::content(&e.text)?,
        owner: e.owner.to_owned(),
        due: reading::date(&e.due)?,
    })
}

fn read_view(e: &v3::ViewPublished<&str>) -> Result<ViewPublished, Fault> {
    Ok(ViewPublished {
        view: view(e.view)?,
        scorecard: other_scorecard(e.scorecard)?,
        period: reading::period(e.period)?,
        area: reading::area(e.area)?,
        meeting: Meeting { committee: e.committee.to_owned(), on: reading::date(&e.on)? },
        known_at: e.known_at.map(Timestamp::from_micros).transpose().map_err(bad)?,
        position: Position::new(e.position),
        form: e.form.to_owned(),
        content: reading::content(&e.content)?,
        over: reading::content(&e.over)?,
    })
}

fn read_act(e: &v3::CommitteeActRecorded<&str>) -> Result<CommitteeActRecorded, Fault> {
    let text = reading::content(&e.text)?;
    Ok(CommitteeActRecorded { view: view(e.view)?, act: CommitteeAct::read(e.act)?, text })
}

fn read_late_figure(e: &v3::LateFigureTold<&str>) -> Result<LateFigureTold, Fault> {
    let figure = e.figure.as_ref().map(reading::figure).transpose()?;
    let status: Option<Status> = read_optional(e.status)?;
    let told = match (figure, status) {
        (Some(figure), Some(status)) => Some((figure, status)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(Fault::damaged("a late figure has a figure or a status alone"));
        }
    };
    Ok(LateFigureTold { view: view(e.view)?, cell: reading::cell(&e.cell)?, told, text: reading::content(&e.text)? })
}
