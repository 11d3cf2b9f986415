//! The model against its definition, the engine over two logs, two logs against their suite, and the whole through crashes.

mod engine;
mod logs;
mod properties;
mod rules;
mod simulation;
mod stories;
