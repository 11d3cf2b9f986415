//! What is promised of the conversions, and of the contract itself.

mod given;

mod answers;
mod audit;
mod bounds;
mod codec;
mod comparisons;
mod contract;
mod enums;
mod events;
mod fuzzing;
mod grids;
mod hostile;
mod pages;
mod publishing;
mod refusals;
mod reviews;
mod round_trips;
mod submissions;
mod targets;
mod values;
mod views;
