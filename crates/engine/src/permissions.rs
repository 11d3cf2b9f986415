//! Who may do what, checked in one place before anything is decided.

use std::collections::BTreeSet;

use domain::{Actor, Command, Instruction};

/// A kind of act that can be allowed. Asking is always allowed: only this machine can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Record results, benchmarks, commentary, actions.
    Record,
    /// Set and withdraw targets.
    SetTargets,
    /// Say that something was known earlier than now.
    Backfill,
    /// Roll back and reinstate submissions, withdraw results, put in snapshots.
    RollBack,
    /// Publish what committees are given, and record what they did with it.
    Publish,
    /// Define measures, areas, cohorts, scorecards; adopt rules and neighbours; name actors; raise the log's format.
    Administer,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 6] =
        [Self::Record, Self::SetTargets, Self::Backfill, Self::RollBack, Self::Publish, Self::Administer];

    /// For settings and messages, in kebab case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::SetTargets => "set-targets",
            Self::Backfill => "backfill",
            Self::RollBack => "roll-back",
            Self::Publish => "publish",
            Self::Administer => "administer",
        }
    }

    /// The act that a command is.
    const fn of(command: &Command) -> Self {
        match command {
            Command::RecordResult(_)
            | Command::RecordBenchmark(_)
            | Command::WriteCommentary { .. }
            | Command::AgreeAction { .. }
            | Command::SetAside(_) => Self::Record,
            Command::ChangeTarget(_) | Command::WithdrawTarget(_) => Self::SetTargets,
            Command::WithdrawResult(_) | Command::RollBackSubmission(_) | Command::ReinstateSubmission(_) => {
                Self::RollBack
            }
            Command::PublishView(_) | Command::RecordCommitteeAct { .. } | Command::TellLateFigure { .. } => {
                Self::Publish
            }
            Command::NameActor(_)
            | Command::DefineArea(_)
            | Command::DefineCohort(_)
            | Command::DefineMeasure { .. }
            | Command::WithdrawMeasure(_)
            | Command::AdoptNeighbours(_)
            | Command::AdoptRatingRule(_)
            | Command::AdoptDirectionMethod(_)
            | Command::DefineScorecard(_)
            | Command::RaiseFormat(_) => Self::Administer,
        }
    }
}

/// What actors may do, by whether they were authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    /// Who only says who they are. Such requests come from this machine alone.
    pub asserted: BTreeSet<Act>,
    /// Who was checked.
    pub authenticated: BTreeSet<Act>,
}

impl Permissions {
    /// Everybody on this machine may do everything: the embedded log of one council officer.
    pub fn local() -> Self {
        let all: BTreeSet<Act> = Act::ALL.into_iter().collect();
        Self { asserted: all.clone(), authenticated: all }
    }

    /// Whether an actor may do an act.
    pub fn allow(&self, actor: &Actor, act: Act) -> bool {
        self.allowed(actor).contains(&act)
    }

    const fn allowed(&self, actor: &Actor) -> &BTreeSet<Act> {
        if actor.authenticated { &self.authenticated } else { &self.asserted }
    }

    /// The first act of these instructions that the actor may not do.
    pub fn denied(&self, actor: &Actor, instructions: &[Instruction]) -> Option<Act> {
        let allowed = self.allowed(actor);
        let acts = instructions.iter().flat_map(|instruction| {
            let backfill = instruction.known_at.map(|_| Act::Backfill);
            backfill.into_iter().chain([Act::of(&instruction.command)])
        });
        acts.into_iter().find(|act| !allowed.contains(act))
    }
}
