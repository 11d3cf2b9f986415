//! Files that are whole tables: what stands and is not in them is withdrawn; see [`domain::snapshot`].

use std::collections::BTreeSet;

use domain::command::Submission;
use domain::result::Why;
use domain::{Book, Cell, Command, Instruction, MeasureId, Timestamp};
use ingest::Refusal;

/// Which files of a submission are snapshots, and what of that was accepted beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Snapshots {
    /// Their places in the submission.
    pub(super) files: Vec<u16>,
    /// How many withdrawals the sender accepts, whatever they leave.
    pub(super) accepted: Option<u64>,
    /// Cells whose rows are there, and say nothing that is recorded.
    pub(super) present: Vec<Cell>,
    /// Whether there are rows whose cells nobody can read, or sheets that were passed over.
    pub(super) unread: bool,
}

/// What snapshots add to a submission.
#[derive(Default)]
pub(super) struct Withdrawn {
    pub(super) instructions: Vec<Instruction>,
    pub(super) refusals: Vec<Refusal>,
    /// The first measure of which more than half would go: in which file, how many of how many.
    cut_short: Option<(u16, MeasureId, u64, u64)>,
}

impl Snapshots {
    /// What stands and is in no row of the submission, of the scope of each of its snapshots.
    ///
    /// A withdrawal has the snapshot's instant, says which file did not have the cell, and has the cause that is given
    /// for everything in the submission. Refused are snapshots of several instants: the later would not be compared with
    /// the earlier.
    pub(super) fn withdraw(&self, submission: &Submission, book: &Book, why: &Why) -> Withdrawn {
        let mut withdrawn = Withdrawn::default();
        if self.files.is_empty() {
            return withdrawn;
        }
        let present: BTreeSet<&Cell> =
            submission.instructions.iter().filter_map(cell_of).chain(&self.present).collect();
        let mut done: BTreeSet<Cell> = BTreeSet::new();
        let mut instant = None;
        for file in &self.files {
            let of_file = |it: &&Instruction| it.origin.is_some_and(|origin| origin.file == *file);
            let rows: Vec<&Instruction> = submission.instructions.iter().filter(of_file).collect();
            let named: Vec<&Cell> = rows.iter().filter_map(|it| cell_of(it)).collect();
            let mut instants = rows.iter().filter(|it| cell_of(it).is_some()).map(|it| it.known_at);
            let Some(known_at) = instants.next() else { continue };
            if instants.any(|other| other != known_at) || *instant.get_or_insert(known_at) != known_at {
                withdrawn.refusals.push(several_instants(*file));
                continue;
            }
            let name = submission.files.get(usize::from(*file)).map_or("", |it| it.source.name.as_str());
            for (measure, left_out) in book.left_out(&named, &present, known_at) {
                if left_out.most() {
                    let n_absent = u64::try_from(left_out.absent.len()).unwrap_or(u64::MAX);
                    withdrawn.cut_short.get_or_insert((*file, measure, n_absent, left_out.n_standing));
                }
                for cell in left_out.absent {
                    if done.insert(cell.clone()) {
                        withdrawn.instructions.push(withdrawal(cell, name, known_at, why));
                    }
                }
            }
        }
        withdrawn
    }

    /// Why it is not accepted that so many results are withdrawn, with the number to accept: because more than half of
    /// what stood of one measure is, or anything beside rows that were set aside. The file may have been cut short.
    pub(super) fn refusal(&self, n: usize, withdrawn: &Withdrawn, set_aside: bool) -> Option<Refusal> {
        let first = self.files.first().copied()?;
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        if self.accepted.is_none_or(|accepted| accepted == n) && (n == 0 || self.accepted.is_some()) {
            return None;
        }
        let withdrawals = if n == 1 { "1 withdrawal".to_owned() } else { format!("{n} withdrawals") };
        let accept = format!(
            "see that the file is whole; if it is, accept exactly the {withdrawals} (--accept-withdrawals {n})"
        );
        if let Some(accepted) = self.accepted.filter(|_| n == 0) {
            let problem = format!("{accepted} withdrawals were accepted, and there are none");
            return Some(refusal(first, problem, "leave --accept-withdrawals out".to_owned()));
        }
        if let Some(accepted) = self.accepted {
            let problem = format!("{accepted} withdrawals were accepted, and there are {n}");
            return Some(refusal(first, problem, accept));
        }
        if let Some((file, measure, n_absent, n_standing)) = &withdrawn.cut_short {
            let problem = format!(
                "the snapshot has no row for {n_absent} of the {n_standing} results that stand in its scope of \
                 {measure}: more than half would be withdrawn"
            );
            return Some(refusal(*file, problem, accept));
        }
        let problem = format!(
            "the snapshot would withdraw {n}, and has rows or sheets that are not taken in, which may be of those"
        );
        (self.unread || set_aside).then(|| refusal(first, problem, accept))
    }
}

/// The cell whose figure an instruction gives or takes away.
fn cell_of(instruction: &Instruction) -> Option<&Cell> {
    if let Command::RecordResult(recorded) = &instruction.command {
        Some(&recorded.cell)
    } else if let Command::WithdrawResult(cell) = &instruction.command {
        Some(cell)
    } else {
        None
    }
}

fn withdrawal(cell: Cell, file: &str, known_at: Option<Timestamp>, why: &Why) -> Instruction {
    let why = Why { reason: format!("absent from the release {file}"), cause: why.cause };
    Instruction { command: Command::WithdrawResult(cell), known_at, why, origin: None }
}

fn several_instants(file: u16) -> Refusal {
    let problem = "the rows of the snapshots were known at several instants".to_owned();
    refusal(file, problem, "put each release in by itself, with one known_at, oldest first".to_owned())
}

fn refusal(file: u16, problem: String, remedy: String) -> Refusal {
    Refusal { file, line: 0, field: String::new(), value: String::new(), problem, remedy }
}
