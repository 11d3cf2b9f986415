//! Supposing: what a scorecard would be under something else, seen on a copy of what it shows. Nothing is recorded.

use std::collections::BTreeSet;

use domain::time::AsOf;
use domain::{Actor, ActorId, Book, Command, MeasureId, Position, Timestamp};
use reporting::release::Release;
use reporting::scorecard::Question;
use reporting::what_if::{Supposing, Suppositions, WhatIf, what_if};

use super::Engine;
use super::previewing::alone;
use crate::error::Error;
use crate::intake::{self, Judged, Prepared};
use crate::layouts;
use crate::settings::REVIEW_CELLS_MAX;
use crate::sha256;
use crate::submission::{File, Request};

/// The reason of rows that give none: nothing of it is ever recorded.
const REASON: &str = "supposed";

impl Engine {
    /// Reads files that are only supposed. Rows that do not say when they were known are taken as known at the bound on
    /// `known_at`. Cost: a pass over the files.
    ///
    /// # Errors
    /// [`Error::Request`] when they are over a bound, or the position is bounded: what is supposed comes after the head.
    pub fn suppose(&self, files: Vec<File>, as_of: AsOf) -> Result<Prepared, Error> {
        if as_of.position < self.head().position {
            let problem = "files are supposed at the end of the log; leave out the bound on the position".to_owned();
            return Err(Error::Request { field: "as_of", problem });
        }
        let mut account = b"supposed".to_vec();
        for file in &files {
            account.extend_from_slice(&sha256(&file.bytes).0);
        }
        let request = Request {
            id: None,
            digest: sha256(&account),
            actor: nobody(),
            known_at: as_of.known_at,
            why: domain::result::Why { reason: REASON.to_owned(), cause: None },
            files,
            instructions: Vec::new(),
            set_aside: false,
            accept_withdrawals: None,
            expected: None,
        };
        let known = layouts::known(&self.book());
        intake::prepare(request, known)
    }

    /// A scorecard as it would be; with files `None` while the book is ahead of what is durable, when the head has to move
    /// first ([`Engine::heads`]).
    ///
    /// Cost: that of two scorecards; with files a decision for each row of theirs, and a copy of the scorecard's measures.
    ///
    /// # Errors
    /// [`Error::NotDefined`]; [`Error::Refused`] when something in the files cannot be taken in; [`Error::Request`] when too
    /// much would have to be copied.
    pub fn what_if(
        &self,
        question: &Question,
        as_of: AsOf,
        suppositions: &Suppositions,
        files: Option<&Prepared>,
    ) -> Result<Option<WhatIf>, Error> {
        let book = self.book();
        let Some(files) = files else {
            let supposing = Supposing { book: &book, as_of, files: &[] };
            return Ok(Some(what_if((&book, as_of), &supposing, question, suppositions)?));
        };
        if book.head() != self.head().position {
            return Ok(None);
        }
        let now = book.recorded_at().map_or(self.now(), |last| self.now().max(last.next()));
        let judged = files.judge(&book, now, &self.shared.formats);
        if !judged.acceptable() {
            return Err(Error::Refused(Box::new(judged.preview)));
        }
        let measures = measures(&book, (question, as_of), &judged)?;
        let mut excerpt = book.excerpt_with_scorecards(&measures);
        drop(book);
        let names: Vec<String> = judged.preview.sources.iter().map(|source| source.name.clone()).collect();
        fold(&mut excerpt, &judged, now);
        let supposing = Supposing { book: &excerpt, as_of: AsOf { position: Position::MAX, ..as_of }, files: &names };
        Ok(Some(what_if((&excerpt, as_of), &supposing, question, suppositions)?))
    }
}

/// Who supposes it: nobody whom the log knows.
fn nobody() -> Actor {
    Actor { id: ActorId::new(REASON).expect("a constant code is a code"), authenticated: false }
}

/// The measures of a scorecard as it is and as it would be, and those that the files touch.
///
/// # Errors
/// [`Error::Request`] when more than [`REVIEW_CELLS_MAX`] cells would have to be copied.
fn measures(
    book: &Book,
    (question, as_of): (&Question, AsOf),
    judged: &Judged<'_>,
) -> Result<BTreeSet<MeasureId>, Error> {
    let mut release = Release::default();
    judged.submission.drafts(&judged.drafts).iter().for_each(|draft| release.add(&draft.event));
    let mut measures: BTreeSet<MeasureId> = release.measures().clone();
    let shown = book.scorecard(&question.scorecard, as_of);
    measures.extend(shown.into_iter().flat_map(|it| it.value.value.layout.rows()).map(|row| row.measure.clone()));
    for instruction in &judged.submission.instructions {
        if let Command::DefineScorecard(defined) = &instruction.command {
            measures.extend(defined.layout.rows().map(|row| row.measure.clone()));
        }
    }
    if book.n_cells_of(&measures).saturating_add(release.n_cells()) > REVIEW_CELLS_MAX {
        let problem = format!("more than {REVIEW_CELLS_MAX} results would have to be copied; suppose fewer measures");
        return Err(Error::Request { field: "files", problem });
    }
    Ok(measures)
}

fn fold(excerpt: &mut Book, judged: &Judged<'_>, now: Timestamp) {
    let drafts = judged.submission.drafts(&judged.drafts);
    let folded = excerpt.suppose(&alone(&judged.submission), drafts, now);
    folded.expect("each record follows the one before");
}
