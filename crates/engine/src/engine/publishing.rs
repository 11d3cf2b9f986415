//! Publishing what a committee is given: pinned to a place in time, checked, written out, and recorded as one submission.

use domain::limits::CONTENT_BYTES_MAX;
use domain::measure::Content;
use domain::result::Why;
use domain::time::{AsOf, Timestamp};
use domain::view::{FORM, ViewDraft};
use domain::{Actor, AreaId, Command, Digest, Instruction, Meeting, Position, SubmissionId, ViewId};
use reporting::answer::Scorecard;
use reporting::publication::{Check, check};
use reporting::views::{self, Filter, ViewAnswer, ViewEntry};
use reporting::{scorecard, view};

use super::Engine;
use crate::bounds::Bounds;
use crate::error::Error;
use crate::permissions::Act;
use crate::submission::{Receipt, Request};
use crate::{identifier, sha256};

/// What is to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The client's identifier. Without one it is made from the digest, so that a repeated request is known.
    pub id: Option<SubmissionId>,
    /// SHA-256 of the request as the client gave it, without this identifier and `checked`.
    pub digest: Digest,
    /// Who publishes.
    pub actor: Actor,
    /// The scorecard, the period and the area.
    pub question: scorecard::Question,
    /// For which meeting.
    pub meeting: Meeting,
    /// The view's code; `None` for one that is made of scorecard, period and day.
    pub view: Option<ViewId>,
    /// K and P.
    pub bounds: Bounds,
    /// The position of the check that is being accepted, which is P where the bounds give none; `None` for the head.
    pub checked: Option<Position>,
    /// Why it is published over warnings; may be empty when there are none.
    pub over: String,
}

/// A publication as it would be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The view's code.
    pub view: ViewId,
    /// What the committee would be given.
    pub card: Scorecard,
    /// What was found.
    pub check: Check,
    /// The canonical text.
    pub text: String,
    /// Its SHA-256.
    pub sha256: Digest,
}

impl Engine {
    /// What publishing would give, and what stands in the way; records nothing.
    ///
    /// Cost: that of the scorecard.
    ///
    /// # Errors
    /// [`Error::Request`], also for a K in the future and for a text that is too long; [`Error::AfterHead`];
    /// [`Error::NotDefined`]; [`Error::ViewThere`].
    pub fn propose(&self, publication: &Publication) -> Result<Proposed, Error> {
        let at_position = publication.bounds.at_position.or(publication.checked);
        let as_of = self.resolve(Bounds { at_position, ..publication.bounds })?;
        if let Some(known_at) = as_of.known_at {
            self.not_in_the_future(known_at)?;
        }
        let view = match &publication.view {
            Some(view) => view.clone(),
            None => default_id(publication, &self.opened().authority)?,
        };
        let head = self.head().position;
        let book = self.book();
        if book.view(&view, head).is_some() {
            return Err(Error::ViewThere { view });
        }
        let card = scorecard::scorecard(&book, &publication.question, as_of)?;
        let check = check(&book, &card, &publication.meeting);
        let text = view::write(&card, &publication.meeting, |content| book.text(content));
        drop(book);
        if text.len() > CONTENT_BYTES_MAX {
            return Err(too_long(&card, text.len()));
        }
        let sha256 = sha256(text.as_bytes());
        Ok(Proposed { view, card, check, text, sha256 })
    }

    /// Today is allowed to its end, as a K that is given as a day is that day's last microsecond.
    fn not_in_the_future(&self, known_at: Timestamp) -> Result<(), Error> {
        let today = self.book().day(self.now());
        if known_at <= self.end_of_day(today)? {
            return Ok(());
        }
        let problem = format!(
            "{known_at} is in the future, and what will be known by then is not known yet; give {today} (today) or an earlier \
             day, or leave it out"
        );
        Err(Error::Request { field: "known_at", problem })
    }

    /// Publishes a view, or answers as the first time. What stands in the way refuses it; so do warnings without a reason.
    ///
    /// # Errors
    /// [`Error::Unpublishable`]; [`Error::ViewThere`]; those of [`Engine::propose`], [`Engine::prepare`] and
    /// [`Engine::record`]. Nothing was recorded, except for [`Error::Stopped`], after which that is not known.
    pub async fn publish(&self, publication: Publication) -> Result<(ViewEntry, Option<Proposed>, Receipt), Error> {
        self.may(&publication.actor, Act::Publish)?;
        let id = submission(&publication);
        let (draft, proposed) = if let Some(draft) = self.published_with(id, publication.digest) {
            (draft, None)
        } else {
            let proposed = self.proposed(&publication)?;
            (draft(&proposed, &publication.meeting), Some(proposed))
        };
        let view = draft.view.clone();
        let why = Why { reason: publication.over, cause: None };
        let instruction = Instruction { command: Command::PublishView(draft), known_at: None, why, origin: None };
        let request = Request {
            id: Some(id),
            digest: publication.digest,
            actor: publication.actor,
            known_at: None,
            why: Why::default(),
            files: Vec::new(),
            instructions: vec![instruction],
            set_aside: false,
            accept_withdrawals: None,
            expected: None,
        };
        let (_, receipt) = self.record(self.prepare(request)?).await?;
        let listed = self.views(&Filter::default(), receipt.last);
        let entry = listed.into_iter().find(|entry| entry.published.view == view).ok_or(Error::Stopped)?;
        Ok((entry, proposed, receipt))
    }

    /// Whether an earlier request of this identifier and content published a view.
    pub fn published_before(&self, publication: &Publication) -> bool {
        self.published_with(submission(publication), publication.digest).is_some()
    }

    /// What an earlier request of this identifier and content published: the writer answers it as the first time.
    fn published_with(&self, id: SubmissionId, digest: Digest) -> Option<ViewDraft> {
        let book = self.book();
        let (number, received) = book.received(id)?;
        if received.digest != digest {
            return None;
        }
        let revision = book.views(book.head()).find(|revision| revision.submission == number)?;
        let published = &revision.value.value;
        Some(ViewDraft {
            view: published.view.clone(),
            scorecard: published.scorecard.clone(),
            period: published.period,
            area: published.area.clone(),
            meeting: published.meeting.clone(),
            as_of: published.as_of(),
            form: published.form.clone(),
            text: book.text(&published.content).unwrap_or_default(),
            over: domain::view::Warnings::default(),
        })
    }

    /// What is published, when nothing stands in the way.
    fn proposed(&self, publication: &Publication) -> Result<Proposed, Error> {
        let proposed = self.propose(publication)?;
        let check = &proposed.check;
        let unexplained = !check.warnings().0.is_empty() && publication.over.trim().is_empty();
        if check.n_in_the_way() > 0 || unexplained {
            return Err(Error::Unpublishable(Box::new(proposed.check)));
        }
        Ok(proposed)
    }

    /// The views that were published up to a position, by day of meeting, latest first.
    pub fn views(&self, filter: &Filter, position: Position) -> Vec<ViewEntry> {
        views::views(&self.book(), filter, position)
    }

    /// A view as it was given, with what stands beside it up to a position, and what it is rebuilt to now.
    ///
    /// # Errors
    /// [`Error::Unserved`].
    pub fn view(&self, view: &ViewId, position: Position) -> Result<ViewAnswer, Error> {
        views::view(&self.book(), view, position, sha256).map_err(Error::Unserved)
    }

    /// The words of a content; `None` where its parts are missing, or are no text.
    pub fn text(&self, content: &Content) -> Option<String> {
        self.book().text(content)
    }

    /// A position that readers see: the one asked for, or the head.
    ///
    /// # Errors
    /// [`Error::AfterHead`]; [`Error::Newer`].
    pub fn up_to(&self, position: Option<Position>) -> Result<Position, Error> {
        let AsOf { position, .. } = self.resolve(Bounds { at_position: position, ..Bounds::default() })?;
        Ok(position)
    }
}

fn submission(publication: &Publication) -> SubmissionId {
    publication.id.unwrap_or_else(|| SubmissionId(identifier(publication.digest)))
}

/// `{scorecard}-{period}-{day}` in lower case, and the area where it is not the authority.
fn default_id(publication: &Publication, authority: &AreaId) -> Result<ViewId, Error> {
    let Publication { question, meeting, .. } = publication;
    let area = if question.area == *authority { String::new() } else { format!("-{}", question.area) };
    let code = format!("{}-{}-{}{area}", question.scorecard, question.period.code(), meeting.on).to_lowercase();
    ViewId::new(&code).map_err(|error| {
        let problem = format!("{code:?} cannot be the view's code: {error}; give another (--id)");
        Error::Request { field: "view", problem }
    })
}

/// What is longer than a view may be, with what is longest in it.
fn too_long(card: &Scorecard, len: usize) -> Error {
    let rows = || card.sections.iter().flat_map(|section| &section.rows);
    let said = rows().flat_map(|row| row.commentary.iter().map(move |it| (it.text.len(), &row.cell.series.measure)));
    let longest = said.max_by_key(|(n_bytes, _)| *n_bytes);
    let longest = longest.map_or_else(
        || "nothing is written about its figures".to_owned(),
        |(n_bytes, measure)| format!("its longest commentary, of {n_bytes} bytes, is about {measure}"),
    );
    let n_rows = rows().count();
    let problem = format!(
        "what would be given is of {len} bytes, and at most {CONTENT_BYTES_MAX} are kept; {longest}: take long commentaries \
         back and write them shorter, or lay the scorecard out with fewer rows than its {n_rows}"
    );
    Error::Request { field: "scorecard", problem }
}

fn draft(proposed: &Proposed, meeting: &Meeting) -> ViewDraft {
    let Proposed { view, card, check, text, .. } = proposed;
    ViewDraft {
        view: view.clone(),
        scorecard: card.scorecard.clone(),
        period: card.period,
        area: card.area.clone(),
        meeting: meeting.clone(),
        as_of: card.basis.as_of,
        form: FORM.to_owned(),
        text: text.clone(),
        over: check.warnings(),
    }
}
