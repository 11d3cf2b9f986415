//! What is promised of texts from outside; the engine itself is tested in the simulator, with a log in memory.

mod book_lock;
mod event_ids;
mod fuzzing;
mod recent;
