//! The book, which many read and the writer changes, so that neither keeps the other waiting.
//!
//! A writer that waits for a lock keeps new readers out, which a long preview would turn into a standstill: so it tries
//! instead, and only after a while insists. But readers who follow one another closely would never let it in: so whoever
//! reads in slices lets it in between two of them ([`BookLock::let_writer_in`]).

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};
use std::time::Duration;

use domain::Book;

/// How often, and how long apart, the writer tries for the lock before it insists: 10 s in all.
const TRIES: u32 = 50_000;
const PAUSE: Duration = Duration::from_micros(200);

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct BookLock {
    book: RwLock<Book>,
    /// Held by the writer until it is in.
    turn: Mutex<()>,
}

impl BookLock {
    pub(crate) const fn new(book: Book) -> Self {
        Self { book: RwLock::new(book), turn: Mutex::new(()) }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Book> {
        self.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while the writer wants to change the book, until it is in; who reads next sees what it did. Blocks: not for a
    /// thread that others wait for.
    pub(crate) fn let_writer_in(&self) {
        drop(self.turn.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// For the one writer.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Book> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..TRIES {
            match self.book.try_write() {
                Ok(book) => return book,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => std::thread::park_timeout(PAUSE),
            }
        }
        self.book.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the writer waits to be let in.
    #[cfg(test)]
    pub(crate) fn wanted(&self) -> bool {
        self.turn.try_lock().is_err()
    }
}
