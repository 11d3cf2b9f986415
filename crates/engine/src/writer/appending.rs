//! What is done while a group is appended, and once it is or is not.

use domain::{Digest, Position};

use super::{Decided, Job, Message, Pending, Writer, answer};
use crate::error::Error;
use crate::log::{self, Commit, Head};
use crate::settings::WATCHERS_FIRST_MAX;

impl Writer {
    /// Appends a group, and applies meanwhile what of it is not applied yet, and decides the next that is queued: all of it
    /// takes long for a large commit, and the book is ahead of the log for a moment either way.
    pub(super) fn append_and_apply(
        &self,
        expected: Position,
        commits: &[Commit],
        unapplied: &[Commit],
    ) -> Result<Head, log::Error> {
        if unapplied.is_empty() {
            return self.log.append(expected, commits);
        }
        let log = self.log.as_ref();
        std::thread::scope(|scope| {
            let appending = scope.spawn(move || log.append(expected, commits));
            for commit in unapplied {
                self.apply(commit);
            }
            self.held.set(self.inbox.try_recv().ok().map(|message| self.decide_ahead(message)));
            appending.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Decides a submission on what is being appended. Its answer waits until that is durable.
    fn decide_ahead(&self, message: Message) -> Message {
        let Message::Record(mut job) = message else { return message };
        job.ahead = match self.decide(&mut job.prepared) {
            // Of a retry the log is asked where that ended, which it does not know yet.
            Ok(Decided::Already(_)) => None,
            decided => Some(decided),
        };
        Message::Record(job)
    }

    /// Publishes the head that a group led to, and answers everybody.
    pub(super) fn tell(&self, pending: Vec<Pending>, head: Head) -> Result<(), log::Error> {
        let wake = self.published.head.receiver_count() <= WATCHERS_FIRST_MAX;
        // Who asks sees it from now on, whether or not those who watch are woken. Nobody watching is no fault.
        self.published.head.send_if_modified(|published| {
            *published = head;
            wake
        });
        for Pending { answer: mut told, reply, .. } in pending {
            if let Ok((_, receipt)) = &mut told {
                receipt.chain = self.log.chain_at(receipt.last)?.unwrap_or(Digest([0; 32]));
            }
            answer(reply, told);
        }
        if !wake {
            self.published.head.send_modify(|_head| {});
        }
        Ok(())
    }

    /// The log did not take what was applied already: the book is read again from what is durable, and whole, and what can
    /// be read goes on being served.
    ///
    /// # Errors
    /// The error itself, when it is one after which nothing is known of this process's own log.
    pub(super) fn take_back(&self, pending: Vec<Pending>, error: log::Error) -> Result<(), log::Error> {
        if not_taken(&error).is_none() {
            return Err(error);
        }
        self.read_again()?;
        let mut replies: Vec<_> = pending.into_iter().map(|pending| pending.reply).collect();
        match self.held.take() {
            // It was decided on what the log did not take.
            Some(Message::Record(Job { reply, ahead: Some(_), .. })) => replies.push(reply),
            other => self.held.set(other),
        }
        for (reply, told) in replies.into_iter().zip(std::iter::from_fn(|| not_taken(&error))) {
            answer(reply, Err(told));
        }
        Ok(())
    }
}

/// What a submitter is told of an append that did not come about; `None` where the process has to end.
pub(super) fn not_taken(error: &log::Error) -> Option<Error> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else a log says, nothing is known of it then")]
    match error {
        log::Error::Refused { reason } => Some(Error::Log(log::Error::Refused { reason: reason.clone() })),
        log::Error::Full(full) => Some(Error::Full(full.clone())),
        log::Error::Halted(halt) => Some(Error::Halted(halt.clone())),
        log::Error::Unsettled { reason } => Some(Error::Unsettled { reason: reason.clone() }),
        log::Error::Corrupt { position, reason } => {
            Some(Error::ReadOnly(log::Damage { position: *position, reason: reason.clone() }))
        }
        _ => None,
    }
}
