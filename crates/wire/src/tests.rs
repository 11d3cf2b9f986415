//! What is promised of the conversions, and of the contract itself.

mod given;

mod answers;
mod audit;
mod bounds;
mod codec;
mod contract;
mod enums;
mod events;
mod fuzzing;
mod hostile;
mod pages;
mod refusals;
mod reviews;
mod round_trips;
mod submissions;
mod values;
