//! Folding a log into a book: all of it, or what is whole before something that cannot be read.

use domain::{Book, Position};

use crate::log::{self, EventLog, Head, Newer, SavedBook};

/// Why a log is not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unread {
    Damaged(log::Damage),
    Newer(Newer),
}

impl Unread {
    /// What keeps a page from being read, when what is before it can be.
    pub(super) fn of(error: log::Error) -> Result<(Position, Self), log::Error> {
        if let log::Error::Corrupt { position, reason } = error {
            return Ok((position, Self::Damaged(log::Damage { position, reason })));
        }
        if let log::Error::Newer { position, kind, schema, held_back } = error {
            return Ok((position, Self::Newer(Newer { position, kind, schema, held_back })));
        }
        Err(error)
    }
}

/// A book and how it was made.
pub(crate) struct Folded {
    pub(crate) book: Book,
    pub(crate) unread: Option<Unread>,
    /// Where the saved book that it began with was saved; [`Position::START`] without one.
    pub(crate) saved: Position,
    /// Why saved books were not used, a sentence each.
    pub(crate) ignored: Vec<String>,
}

/// Folds a log on from the newest book that was saved of it. Of a damaged log none is used: it would hide how far the log
/// can be read.
///
/// # Errors
/// As [`replay`].
pub(crate) fn fold_log(log: &dyn EventLog) -> Result<Folded, log::Error> {
    let SavedBook { book, ignored } = if log.damage().is_none() { log.saved_book() } else { SavedBook::default() };
    for why in &ignored {
        tracing::warn!("{why}");
    }
    let mut book = book.unwrap_or_default();
    let saved = book.head();
    let unread = replay(log, &mut book)?;
    let n_folded = book.head().get().saturating_sub(saved.get());
    tracing::info!(saved = saved.get(), n_folded, "the book is read");
    Ok(Folded { book, unread, saved, ignored })
}

/// Folds the whole log into a book that holds some of it or nothing; or the commits that are whole before what cannot be
/// read, which it gives.
///
/// # Errors
/// As [`EventLog::read`], but for damage and for newer records.
pub(crate) fn replay(log: &dyn EventLog, book: &mut Book) -> Result<Option<Unread>, log::Error> {
    let Err(error) = log.fold(book, Position::MAX) else { return Ok(None) };
    let (_, unread) = Unread::of(error)?;
    let end = book.settle(book.head());
    if end < book.head() {
        *book = Book::default();
        log.fold(book, end)?;
    }
    Ok(Some(unread))
}

/// The last end of a commit after one position and before another, of which it is known that what is between can be read.
pub(super) fn last_commit(
    log: &dyn EventLog,
    after: Position,
    before: Position,
) -> Result<Option<Position>, log::Error> {
    let n_between = before.get().saturating_sub(after.get()).saturating_sub(1);
    let between = log.read(after, usize::try_from(n_between).unwrap_or(0))?;
    Ok(between.iter().rev().find(|record| record.last_of_commit).map(|record| record.position))
}

/// The head that readers may see: the log's, or, of a damaged one, where the book ends.
///
/// # Errors
/// As [`EventLog::chain_at`].
pub(crate) fn head_of(log: &dyn EventLog, book: &Book) -> Result<Head, log::Error> {
    let (position, head) = (book.head(), log.head());
    if position == head.position {
        return Ok(head);
    }
    let chain = log.chain_at(position)?.unwrap_or(Head::EMPTY.chain);
    Ok(Head { position, chain, recorded_at: book.recorded_at() })
}
