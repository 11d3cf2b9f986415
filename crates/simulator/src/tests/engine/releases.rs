//! Snapshots through the engine: what they withdraw is previewed, and accepted as it was previewed.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::Recorded;
use engine::permissions::{Act, Permissions};
use engine::submission::{File, Request};
use engine::{Engine, Error, Options, log, sha256};

use super::rig::{Rig, request};
use crate::memory::Memory;
use crate::tests::stories::{known, noon, record};
use crate::world::{BEGIN_MICROS, instant};

/// A snapshot of one measure for K: `period: value`.
fn file(name: &str, figures: &[(&str, &str)]) -> File {
    let mut rows = vec!["measure,area,period,value".to_owned()];
    rows.extend(figures.iter().map(|(period, value)| format!("m-high,K,{period},{value}")));
    File { name: name.to_owned(), bytes: rows.join("\n").into_bytes(), snapshot: true, ..File::default() }
}

fn snapshot(id: u8, files: Vec<File>) -> Request {
    let digest = sha256(format!("{files:?}").as_bytes());
    let why = domain::result::Why { reason: "released".to_owned(), cause: None };
    Request { digest, files, why, ..request(id, Vec::new()) }
}

fn three_months() -> Rig {
    let rig = Rig::defined(Arc::new(Memory::new()));
    let months = ["2018-01", "2018-02", "2018-03"].map(|month| record(month, "7"));
    rig.submit(request(1, months.to_vec())).unwrap();
    rig
}

fn two() -> Vec<File> {
    vec![file("two.csv", &[("2018-01", "7"), ("2018-02", "8")])]
}

#[test]
fn what_a_snapshot_withdraws_is_previewed_and_recorded_as_it_was_previewed() {
    let rig = three_months();
    let preview = rig.preview(snapshot(10, two()));
    let tally = preview.tallies["result"];
    assert_eq!((tally.revised, tally.withdrawn, tally.unchanged, preview.n_absent), (1, 1, 1, 1));
    let review = preview.review.expect("figures are touched");
    assert_eq!((review.counts.revised, review.counts.withdrawn, review.known_at), (1, 1, None));
    let (recorded, receipt) = rig.submit(Request { expected: Some(preview.token), ..snapshot(10, two()) }).unwrap();
    let recorded = recorded.unwrap();
    assert_eq!((recorded.n_absent, recorded.review), (1, None), "a review is for a preview alone");
    let records: Vec<Recorded> = rig.engine.read(receipt.first, 100).unwrap();
    let withdrawn = records.iter().find(|it| it.event.name() == "ResultWithdrawn").unwrap();
    assert_eq!(withdrawn.attribution.why.reason, "absent from the release two.csv");
    assert!(rig.preview(snapshot(11, two())).unchanged(), "again there is nothing to withdraw");
}

#[test]
fn a_snapshot_is_accepted_only_while_what_it_withdraws_is_what_was_shown() {
    for meanwhile in [record("2018-03", "7.5"), record("2018-04", "7")] {
        let rig = three_months();
        let expected = Some(rig.token(snapshot(10, two())));
        rig.submit(request(2, vec![meanwhile])).unwrap();
        let head = rig.engine.head();
        assert!(matches!(rig.submit(Request { expected, ..snapshot(10, two()) }), Err(Error::Changed(_))));
        assert_eq!(rig.engine.head(), head);
    }
    let rig = three_months();
    let expected = Some(rig.token(snapshot(10, two())));
    let mut elsewhere = record("2018-03", "1");
    if let domain::Command::RecordResult(it) = &mut elsewhere.command {
        it.cell.series.area = domain::AreaId::new("E").unwrap();
    }
    rig.submit(request(2, vec![elsewhere])).unwrap();
    rig.submit(Request { expected, ..snapshot(10, two()) }).expect("another area is out of its scope");
}

#[test]
fn snapshots_of_one_submission_do_not_withdraw_what_another_of_them_has() {
    let rig = three_months();
    let files = vec![file("a.csv", &[("2018-01", "7")]), file("b.csv", &[("2018-02", "7")])];
    let accepted = Request { accept_withdrawals: Some(1), ..snapshot(10, files) };
    let preview = rig.preview(accepted);
    assert_eq!((preview.n_absent, preview.n_refusals), (1, 0), "{:?}", preview.refusals);
}

#[test]
fn a_review_is_as_known_at_the_one_instant_of_all_that_is_put_in() {
    let rig = three_months();
    rig.set_clock(noon(9));
    let at = |days: [i64; 2]| {
        let [a, b] = days;
        let wanted = vec![known(a, record("2018-01", "1")), known(b, record("2018-02", "2"))];
        rig.preview(request(10, wanted)).review.expect("figures are touched")
    };
    let one = at([3, 3]);
    assert_eq!((one.known_at, one.counts.revised), (Some(noon(3)), 2));
    let several = at([3, 4]);
    assert_eq!((several.known_at, several.counts.revised), (None, 2));
    assert_eq!(rig.preview(request(10, super::rig::definitions())).review, None, "what stands already");
}

#[test]
fn a_snapshot_needs_the_permission_to_take_back() {
    let log: Arc<dyn log::EventLog> = Arc::new(Memory::new());
    Rig::defined(Arc::clone(&log)).stop().unwrap();
    let records_only = BTreeSet::from([Act::Record]);
    let permissions = Permissions { asserted: records_only.clone(), authenticated: records_only };
    let clock: engine::writer::Clock = Arc::new(|| instant(BEGIN_MICROS));
    let options = Options { clock, permissions, elsewhere: None, newest_format: log::FORMAT };
    let (engine, _writer) = Engine::start(log, options).unwrap();
    let denied = engine.prepare(snapshot(10, two())).map(|_| ());
    assert!(matches!(denied, Err(Error::Denied { act: Act::RollBack, .. })), "{denied:?}");
    let rows = two().into_iter().map(|file| File { snapshot: false, ..file }).collect();
    assert!(engine.prepare(snapshot(11, rows)).is_ok(), "the same rows withdraw nothing");
}

#[test]
fn nothing_is_withdrawn_unasked_beside_a_row_that_is_set_aside() {
    let rig = three_months();
    let mut file = file("typo.csv", &[("2018-01", "7"), ("2018-02", "7")]);
    // The third month's row is there, under an area that nobody defined.
    file.bytes.extend_from_slice(b"\nm-high,K-mistyped,2018-03,7");
    let typo = Request { set_aside: true, ..snapshot(10, vec![file]) };
    let preview = rig.preview(typo.clone());
    assert_eq!((preview.n_set_aside, preview.n_absent, preview.n_refusals), (1, 1, 1));
    assert!(preview.refusals[0].problem.contains("are not taken in"), "{:?}", preview.refusals);
    let accepted = rig.preview(Request { accept_withdrawals: Some(1), ..typo });
    assert_eq!(accepted.n_refusals, 0);
}

#[test]
fn snapshots_of_several_instants_are_put_in_one_by_one() {
    let rig = three_months();
    let at = |name: &str, known_at: &str| {
        let rows = format!("measure,area,period,value,known_at\nm-high,K,2018-01,7,{known_at}");
        File { name: name.to_owned(), bytes: rows.into_bytes(), snapshot: true, ..File::default() }
    };
    let now = rig.preview(snapshot(10, vec![at("a.csv", "1970-01-01T00:00:01Z"), at("b.csv", "1970-01-01T00:00:02Z")]));
    let refused = now.refusals.iter().find(|it| it.problem.contains("several instants")).expect("it is refused");
    assert_eq!(refused.remedy, "put each release in by itself, with one known_at, oldest first");
}

#[test]
fn withdrawals_that_there_are_not_are_not_accepted() {
    let rig = three_months();
    let whole = vec![file("whole.csv", &[("2018-01", "7"), ("2018-02", "7"), ("2018-03", "8")])];
    let preview = rig.preview(Request { accept_withdrawals: Some(7), ..snapshot(10, whole) });
    assert_eq!(preview.refusals[0].problem, "7 withdrawals were accepted, and there are none");
}
