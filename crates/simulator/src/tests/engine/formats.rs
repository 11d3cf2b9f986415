//! Raising a log's format: who is asked first, and what becomes of a program that is too old for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use domain::{Command, Instruction};
use engine::log::{Error as LogError, EventLog};
use engine::permissions::Permissions;
use engine::{Engine, Error, Options};

use super::rig::{Rig, request, wait};
use super::shared::Among;
use crate::memory::Memory;
use crate::tests::stories::record;
use crate::world::{instant, instruction};

fn raise(format: u16) -> Vec<Instruction> {
    vec![instruction(Command::RaiseFormat(format))]
}

/// What stands in the way of raising it, when something does: the problem and the remedy.
fn refused(rig: &Rig, id: u8, format: u16) -> (String, String) {
    match rig.submit(request(id, raise(format))) {
        Err(Error::Refused(preview)) => {
            let [refusal] = preview.refusals.as_slice() else { panic!("{preview:?}") };
            assert_eq!(refusal.field, "format");
            (refusal.problem.clone(), refusal.remedy.clone())
        }
        other => panic!("{other:?}"),
    }
}

fn end(rig: Rig) {
    rig.engine.stop();
    rig.stop().unwrap();
}

#[test]
fn one_process_raises_its_log_by_itself() {
    let rig = Rig::defined_of_format(1, Arc::new(Memory::new()));
    assert_eq!((rig.engine.format(), rig.engine.newest_format()), (1, 3));
    let preview = rig.preview(request(1, raise(2)));
    assert_eq!((preview.n_refusals, preview.changes[0].after.as_str()), (0, "format 2"));
    rig.submit(request(1, raise(2))).unwrap();
    assert_eq!(rig.engine.format(), 2);
    assert_eq!(rig.engine.opened().format, 1, "it was opened so");
    assert!(rig.submit(request(1, raise(2))).unwrap().1.already, "a retry is answered as the first time");
    assert!(rig.preview(request(2, raise(2))).unchanged(), "it stands already");
    let (problem, _) = refused(&rig, 2, 1);
    assert_eq!(problem, "format 1 is earlier than the log's, which is 2");
    end(rig);
}

#[test]
fn the_others_are_asked_for_a_preview_and_again_when_it_is_recorded() {
    let log = Arc::new(Memory::new());
    let rig = Rig::defined_of_format(1, Among::of(&log));
    let before = log.head();
    let (problem, _) = refused(&rig, 1, 2);
    assert_eq!(problem, "the log cannot be raised to format 2: what the other nodes read is not known yet");

    let (asked, old_is_there) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let (notes, there) = (Arc::clone(&asked), Arc::clone(&old_is_there));
    rig.engine.ask_others(Arc::new(move |format| {
        notes.lock().unwrap().push(format);
        if there.load(Ordering::SeqCst) { Err("node old reads up to format 1".to_owned()) } else { Ok(()) }
    }));
    let token = rig.token(request(2, raise(2)));
    assert_eq!(*asked.lock().unwrap(), [2]);
    old_is_there.store(true, Ordering::SeqCst);
    let mut accepted = request(2, raise(2));
    accepted.expected = Some(token);
    let Err(Error::Refused(preview)) = rig.submit(accepted) else { panic!("an old node has come since") };
    assert_eq!(preview.refusals[0].problem, "the log cannot be raised to format 2: node old reads up to format 1");
    assert!(preview.refusals[0].remedy.contains("scorebook cluster"), "{}", preview.refusals[0].remedy);
    assert_eq!(log.head(), before, "nothing was recorded");
    rig.submit(request(3, vec![record("2018-01", "95")])).unwrap();
    assert_eq!(asked.lock().unwrap().len(), 2, "nobody is asked about what every format has");
    refused(&rig, 4, 4);
    assert_eq!(asked.lock().unwrap().len(), 2, "nor about what this program does not have");

    old_is_there.store(false, Ordering::SeqCst);
    rig.submit(request(2, raise(2))).unwrap();
    assert_eq!(rig.engine.format(), 2);
    end(rig);
}

#[test]
fn a_program_that_is_held_back_raises_nothing_beyond_that_and_says_so() {
    let log = Arc::new(Memory::new());
    let begun: Arc<dyn EventLog> = log.clone();
    end(Rig::defined_of_format(1, begun));
    let options = Options {
        clock: Arc::new(|| instant(0)),
        permissions: Permissions::local(),
        elsewhere: None,
        newest_format: 1,
    };
    let (engine, writer) = Engine::start(log, options).unwrap();
    assert_eq!(engine.newest_format(), 1);
    assert!(engine.warnings().iter().any(|it| it.contains("holds this program back to record format 1, of 3")));
    let prepared = engine.prepare(request(1, raise(2))).unwrap();
    let preview = engine.preview(&prepared).unwrap().unwrap();
    assert_eq!(preview.refusals[0].problem, "format 2 is newer than what this program reads and writes, which is 1");
    let recording = engine.record(prepared);
    let worked = std::thread::spawn(move || writer.run());
    assert!(matches!(wait(recording), Err(Error::Refused(_))));
    engine.stop();
    let ended: Result<(), LogError> = worked.join().unwrap();
    ended.unwrap();
}
