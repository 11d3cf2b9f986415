//! The model against its definition, the engine over two logs, and two logs against their suite.

mod engine;
mod logs;
mod properties;
mod rating_changes;
mod rules;
mod stories;
