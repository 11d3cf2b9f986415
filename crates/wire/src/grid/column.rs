//! Whole numbers, one a cell, each of as many bytes as the largest needs: little endian, so that they are read at once.

use crate::v1::GridColumn;
use crate::violation::{Decoded, FieldViolation};

/// A column of places, which are not signed and at most `max`.
pub(crate) fn of_places(places: impl Iterator<Item = u32>, max: u32) -> GridColumn {
    if max <= u8::MAX.into() {
        column(places, |[low, ..]: [u8; 4]| [low], u32::to_le_bytes)
    } else if max <= u16::MAX.into() {
        column(places, |[low, high, ..]: [u8; 4]| [low, high], u32::to_le_bytes)
    } else {
        column(places, |bytes: [u8; 4]| bytes, u32::to_le_bytes)
    }
}

/// A column of numbers, which are signed and from `min` to `max`.
pub(crate) fn of_numbers(numbers: impl Iterator<Item = i64>, (min, max): (i64, i64)) -> GridColumn {
    let fit = |least: i64, most: i64| least <= min && max <= most;
    if fit(i8::MIN.into(), i8::MAX.into()) {
        column(numbers, |[low, ..]: [u8; 8]| [low], i64::to_le_bytes)
    } else if fit(i16::MIN.into(), i16::MAX.into()) {
        column(numbers, |[low, high, ..]: [u8; 8]| [low, high], i64::to_le_bytes)
    } else if fit(i32::MIN.into(), i32::MAX.into()) {
        column(numbers, |[a, b, c, d, ..]: [u8; 8]| [a, b, c, d], i64::to_le_bytes)
    } else {
        column(numbers, |bytes: [u8; 8]| bytes, i64::to_le_bytes)
    }
}

/// A column of the lowest bytes of each entry, which are all that are not its sign.
fn column<T, const ALL: usize, const N: usize>(
    entries: impl Iterator<Item = T>,
    lowest: impl Fn([u8; ALL]) -> [u8; N],
    bytes: impl Fn(T) -> [u8; ALL],
) -> GridColumn {
    let entries: Vec<[u8; N]> = entries.map(|entry| lowest(bytes(entry))).collect();
    GridColumn { entry_bytes: u32::try_from(N).unwrap_or(0), entries: entries.into_flattened() }
}

/// The places of an answer. Cost: a nanosecond each.
///
/// # Errors
/// Entries of another size than 1, 2 or 4 bytes, or a part of one.
pub fn places(column: &GridColumn) -> Decoded<Vec<u32>> {
    match column.entry_bytes {
        1 => Ok(column.entries.iter().map(|byte| u32::from(*byte)).collect()),
        2 => each(column, |bytes| u32::from(u16::from_le_bytes(bytes))),
        4 => each(column, u32::from_le_bytes),
        _ => Err(unreadable(column)),
    }
}

/// The numbers of an answer. Cost: a nanosecond each.
///
/// # Errors
/// Entries of another size than 1, 2, 4 or 8 bytes, or a part of one.
pub fn numbers(column: &GridColumn) -> Decoded<Vec<i64>> {
    match column.entry_bytes {
        1 => each(column, |bytes| i64::from(i8::from_le_bytes(bytes))),
        2 => each(column, |bytes| i64::from(i16::from_le_bytes(bytes))),
        4 => each(column, |bytes| i64::from(i32::from_le_bytes(bytes))),
        8 => each(column, i64::from_le_bytes),
        _ => Err(unreadable(column)),
    }
}

fn each<T, const N: usize>(column: &GridColumn, number: impl Fn([u8; N]) -> T) -> Decoded<Vec<T>> {
    let (entries, rest) = column.entries.as_chunks::<N>();
    if rest.is_empty() { Ok(entries.iter().map(|bytes| number(*bytes)).collect()) } else { Err(unreadable(column)) }
}

fn unreadable(column: &GridColumn) -> FieldViolation {
    let value = format!("{} bytes in entries of {}", column.entries.len(), column.entry_bytes);
    FieldViolation::new("entries", value, "is no column", "ask for it again")
}
