//! The model against its definition, the engine over two logs, two logs against their suite, and the whole through crashes.

mod comparisons;
mod engine;
mod grids;
mod logs;
mod properties;
mod rating_changes;
mod rules;
mod saved_books;
mod simulation;
mod stories;
mod suppositions;
