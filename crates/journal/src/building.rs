//! A journal that is built from another log's records, byte for byte, and takes its place only when all of it is proved.
//!
//! ```text
//! journal.unfinished   while it is built: never opened as a log, removed by the next who begins
//!         │  every record checked as it comes; at the end synced, opened again, verified whole
//!         ▼  renamed
//! journal
//! ```

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use domain::{Digest, Position};
use engine::log::{Error, EventLog as _, Head};

use crate::block::{Packer, Stored};
use crate::bounds::Bounds;
use crate::copying::{CopyError, failed};
use crate::draft;
use crate::folders;
use crate::record;
use crate::room::Room;
use crate::store::{self, Store};
use crate::tip::Tip;
use crate::{Journal, Options, Verified};

/// How many blocks go to the store at once, as when a commit is appended.
const BATCH_BLOCKS_MAX: usize = 256;

/// A `position:chain` that was printed earlier.
pub type Printed = (Position, Digest);

/// A journal that is not finished.
pub(crate) struct Builder {
    options: Options,
    side: PathBuf,
    room: Room,
    store: Option<Store>,
    packer: Packer,
    batch: Vec<Stored>,
    head: Head,
    expect: Option<Printed>,
    within_commit: bool,
    commit_records: usize,
    commit_bytes: usize,
}

impl Builder {
    /// Begins beside the folder that the journal will have. What an earlier one left unfinished is removed.
    pub(crate) fn begin(options: &Options, expect: Option<Printed>) -> Result<Self, CopyError> {
        let dir = options.dir.as_path();
        if fs::symlink_metadata(dir).is_ok() {
            return Err(CopyError::Exists { path: dir.to_owned() });
        }
        if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            folders::make_private(parent)?;
        }
        let mut side = dir.as_os_str().to_owned();
        side.push(".unfinished");
        let side = PathBuf::from(side);
        remove_unfinished(&side)?;
        let store = Store::open(&side, options.cache_bytes)?;
        Ok(Self {
            options: options.clone(),
            room: Room::beside(&side),
            side,
            store: Some(store),
            packer: Packer::after(Head::EMPTY.chain),
            batch: Vec::new(),
            head: Head::EMPTY,
            expect,
            within_commit: false,
            commit_records: 0,
            commit_bytes: 0,
        })
    }

    /// The end of what was put in.
    pub(crate) const fn head(&self) -> Head {
        self.head
    }

    /// Puts the next record in, as it was written elsewhere, and gives the chain after it. A newer one is kept untouched.
    ///
    /// # Errors
    /// [`CopyError::Log`] with [`Error::Corrupt`] when it is no record of the next position, or cannot be read;
    /// [`CopyError::Unexpected`] when its chain is not the one that was printed.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Digest, CopyError> {
        let position = self.head.position.next();
        let header = record::header(position, bytes)?;
        match record::decode(position, bytes) {
            Ok(_) | Err(Error::Newer { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let chain = record::chain(self.head.chain, position, bytes)?;
        self.check_printed(position, chain)?;
        self.count(position, bytes.len())?;
        self.packer.push_bytes(position, bytes, chain, &mut self.batch);
        self.within_commit = !header.last_of_commit();
        if header.last_of_commit() {
            self.batch.extend(self.packer.finish());
            (self.commit_records, self.commit_bytes) = (0, 0);
        }
        if self.batch.len() >= BATCH_BLOCKS_MAX {
            self.put()?;
        }
        self.head = Head { position, chain, recorded_at: Some(header.recorded_at) };
        Ok(chain)
    }

    fn check_printed(&self, position: Position, chain: Digest) -> Result<(), CopyError> {
        match self.expect {
            Some((at, printed)) if at == position && printed != chain => {
                let reason = format!("at position {at} its chain is {chain}, and not {printed}");
                Err(CopyError::Unexpected { reason })
            }
            _ => Ok(()),
        }
    }

    fn count(&mut self, position: Position, n_bytes: usize) -> Result<(), Error> {
        self.commit_records = self.commit_records.saturating_add(1);
        self.commit_bytes = self.commit_bytes.saturating_add(n_bytes);
        let Bounds { n_records, n_bytes } = Bounds::COMMIT;
        if self.commit_records > n_records || self.commit_bytes > n_bytes {
            let reason = format!("its commit is over the bounds of {n_records} records and {n_bytes} bytes");
            return Err(Error::Corrupt { position, reason });
        }
        Ok(())
    }

    fn put(&mut self) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        let n_bytes: usize = batch.iter().map(|(_, bytes)| bytes.len()).sum();
        self.room.written();
        self.room.promise(u64::try_from(n_bytes).unwrap_or(u64::MAX))?;
        self.store.as_ref().map_or(Ok(()), |store| store.put(batch))
    }

    /// Makes the journal durable, proves all of it as it is on the disk, and puts it in its place.
    ///
    /// # Errors
    /// [`CopyError::Log`] when its last commit has no end or what was written is not what can be read;
    /// [`CopyError::Unexpected`] when it ends before the position that was printed; [`CopyError::Io`].
    pub(crate) fn finish(mut self) -> Result<Verified, CopyError> {
        let Head { position, chain, .. } = self.head;
        if position == Position::START {
            return Err(CopyError::Empty);
        }
        if self.within_commit {
            let reason = "the last commit has no end".to_owned();
            return Err(Error::Corrupt { position, reason }.into());
        }
        if let Some((printed, _)) = self.expect.filter(|(printed, _)| *printed > position) {
            let reason = format!("position {printed} was printed, but it ends at {position}");
            return Err(CopyError::Unexpected { reason });
        }
        self.put()?;
        if let Some(store) = self.store.take() {
            store.sync()?;
        }
        let (mut tip, _) = Tip::open(&self.side)?;
        tip.note(position, chain).map_err(failed("writing", &self.side))?;
        let verified = self.prove()?;
        store::wait_for_last_user(&self.side)?;
        fs::rename(&self.side, &self.options.dir).map_err(failed("naming", &self.options.dir))?;
        draft::sync_parent(&self.options.dir)?;
        Ok(verified)
    }

    /// Opens what was written as any journal is opened, and verifies it from its first record to its last.
    fn prove(&self) -> Result<Verified, CopyError> {
        let written = Journal::open(&Options { dir: self.side.clone(), ..self.options.clone() })?;
        let verified = written.verify(self.expect)?;
        if written.head().chain != self.head.chain {
            return Err(crate::recovery::wrong_chain(self.head.position).into());
        }
        Ok(verified)
    }
}

impl Drop for Builder {
    /// What was not finished is taken away; a process that is killed leaves it to the next who begins.
    fn drop(&mut self) {
        self.store = None;
        if !self.side.exists() {
            return;
        }
        let removed = store::wait_for_last_user(&self.side).map_err(CopyError::from);
        let removed = removed.and_then(|()| fs::remove_dir_all(&self.side).map_err(failed("removing", &self.side)));
        if let Err(error) = removed {
            tracing::warn!(path = %self.side.display(), %error, "an unfinished journal could not be removed");
        }
    }
}

/// Removes what an earlier process left, unless it is still at it.
fn remove_unfinished(side: &Path) -> Result<(), CopyError> {
    if !side.exists() {
        return Ok(());
    }
    let lock = side.join("LOCK");
    let file = File::options().create(true).truncate(false).write(true).open(&lock);
    let file = file.map_err(failed("opening", &lock))?;
    match file.try_lock() {
        Ok(()) => fs::remove_dir_all(side).map_err(failed("removing", side)),
        Err(TryLockError::WouldBlock) => Err(CopyError::InUse { path: side.to_owned() }),
        Err(TryLockError::Error(error)) => Err(failed("locking", &lock)(error)),
    }
}
