//! Whole numbers, one a cell, each of as many bytes as the largest needs: little endian, so that they are read at once.

use crate::v1::GridColumn;
use crate::violation::{Decoded, FieldViolation};

/// A column of places, which are not signed.
pub(crate) fn of_places(places: impl Iterator<Item = u32> + Clone) -> GridColumn {
    let max = places.clone().fold(0, u32::max);
    if u8::try_from(max).is_ok() {
        column(1, places, |place| u8::try_from(place).unwrap_or(u8::MAX).to_le_bytes())
    } else if u16::try_from(max).is_ok() {
        column(2, places, |place| u16::try_from(place).unwrap_or(u16::MAX).to_le_bytes())
    } else {
        column(4, places, u32::to_le_bytes)
    }
}

/// A column of numbers, which are signed.
pub(crate) fn of_numbers(numbers: impl Iterator<Item = i64> + Clone) -> GridColumn {
    let (min, max) = numbers.clone().fold((0, 0), |(min, max): (i64, i64), number| (min.min(number), max.max(number)));
    let fit = |least: i64, most: i64| least <= min && max <= most;
    if fit(i8::MIN.into(), i8::MAX.into()) {
        column(1, numbers, |number| i8::try_from(number).unwrap_or(0).to_le_bytes())
    } else if fit(i16::MIN.into(), i16::MAX.into()) {
        column(2, numbers, |number| i16::try_from(number).unwrap_or(0).to_le_bytes())
    } else if fit(i32::MIN.into(), i32::MAX.into()) {
        column(4, numbers, |number| i32::try_from(number).unwrap_or(0).to_le_bytes())
    } else {
        column(8, numbers, i64::to_le_bytes)
    }
}

fn column<T, const N: usize>(
    entry_bytes: u32,
    entries: impl Iterator<Item = T>,
    bytes: impl Fn(T) -> [u8; N],
) -> GridColumn {
    let entries: Vec<[u8; N]> = entries.map(bytes).collect();
    GridColumn { entry_bytes, entries: entries.into_flattened() }
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
