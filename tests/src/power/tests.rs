//! A few cuts of every kind; `cargo xtask power` makes hundreds.

use super::table::{Tally, tally};
use super::{Disk, Names, Plan, Scene, Syncs, driver};

fn disk() -> Disk {
    let driver = driver().unwrap();
    Disk::build(driver).unwrap_or_else(|error| panic!("{error:#}"))
}

/// Runs rounds with the seeds from `seed` on; what went wrong is printed when the test fails.
#[track_caller]
fn run(disk: &Disk, plan: Plan, (n_rounds, seed): (u64, u64)) -> Tally {
    let mut told = Vec::new();
    let tally = tally(disk, plan, (n_rounds, seed), &mut told).unwrap_or_else(|error| panic!("{error:#}"));
    let told = String::from_utf8(told).unwrap();
    assert!(told.is_empty(), "{told}");
    tally
}

#[track_caller]
fn check(disk: &Disk, scene: Scene, batch: u64, names: Names, (n_rounds, seed): (u64, u64)) {
    let tally = run(disk, Plan { scene, batch, names, syncs: Syncs::Kept }, (n_rounds, seed));
    assert_eq!(tally.n_intact, n_rounds, "{tally:?}");
    assert!(tally.n_cuts >= n_rounds.saturating_mul(2), "each round cuts at least twice: {tally:?}");
}

#[test]
fn single_records_survive_a_cut() {
    let disk = disk();
    check(&disk, Scene::Load, 1, Names::Now, (4, 1));
    check(&disk, Scene::Load, 1, Names::WithFolder, (4, 11));
}

#[test]
fn commits_of_64_survive_a_cut() {
    let disk = disk();
    check(&disk, Scene::Load, 64, Names::Now, (3, 1));
    check(&disk, Scene::Load, 64, Names::WithFolder, (3, 11));
}

#[test]
fn commits_of_1024_survive_a_cut() {
    let disk = disk();
    check(&disk, Scene::Load, 1_024, Names::Now, (1, 1));
}

#[test]
fn a_cut_right_after_a_place_was_written_over_loses_nothing() {
    let disk = disk();
    check(&disk, Scene::Overwriting, 1_024, Names::Now, (1, 1));
}

#[test]
fn a_commit_of_many_batches_is_there_whole_or_not_at_all() {
    let disk = disk();
    check(&disk, Scene::Load, 6_000, Names::Now, (1, 3));
}

#[test]
fn a_cut_while_the_folder_is_made_leaves_one_that_opens() {
    let disk = disk();
    check(&disk, Scene::Creation, 1, Names::Now, (8, 1));
    check(&disk, Scene::Creation, 1, Names::WithFolder, (8, 1));
}

/// These seeds cut between the two writes of the store's settings.
#[test]
fn a_cut_within_the_settings_of_the_store_leaves_a_folder_that_opens() {
    let disk = disk();
    check(&disk, Scene::Creation, 1, Names::Now, (1, 47));
    check(&disk, Scene::Creation, 1, Names::Now, (1, 63));
}

#[test]
fn cuts_while_a_cut_is_recovered_from_lose_nothing() {
    let disk = disk();
    check(&disk, Scene::Recovery, 1, Names::Now, (3, 1));
    check(&disk, Scene::Recovery, 64, Names::WithFolder, (3, 1));
}

#[test]
fn a_backup_is_there_whole_once_it_is_made_and_survives_the_next() {
    let disk = disk();
    check(&disk, Scene::BackingUp, 1, Names::Now, (2, 3));
    check(&disk, Scene::BackingUp, 1, Names::WithFolder, (2, 5));
}

/// The run before gave the manifest its name, and was killed before that was durable.
#[test]
fn a_backup_that_finds_nothing_new_is_durable_too() {
    let disk = disk();
    check(&disk, Scene::Resuming, 1, Names::WithFolder, (2, 1));
}

#[test]
fn an_export_is_there_whole_once_it_is_made_and_is_refused_unfinished() {
    let disk = disk();
    check(&disk, Scene::Exporting, 1, Names::Now, (2, 10));
    check(&disk, Scene::Exporting, 1, Names::WithFolder, (1, 4));
}

#[test]
fn a_journal_that_is_restored_is_not_there_until_it_is_whole() {
    let disk = disk();
    check(&disk, Scene::Restoring, 1, Names::Now, (2, 4));
    check(&disk, Scene::Restoring, 1, Names::WithFolder, (1, 4));
}

#[test]
fn a_journal_that_is_imported_is_not_there_until_it_is_whole() {
    let disk = disk();
    check(&disk, Scene::Importing, 1, Names::Now, (1, 4));
    check(&disk, Scene::Importing, 1, Names::WithFolder, (1, 4));
}

#[test]
fn a_disk_that_ignores_fdatasync_loses_what_was_acknowledged() {
    let disk = disk();
    for (scene, n_rounds) in [(Scene::Load, 4), (Scene::Restoring, 6)] {
        let plan = Plan { scene, batch: 1, names: Names::Now, syncs: Syncs::Ignored };
        let tally = run(&disk, plan, (n_rounds, 1));
        assert!(tally.n_lost.saturating_add(tally.n_cannot_open) > 0, "the simulation can fail: {tally:?}");
    }
}
