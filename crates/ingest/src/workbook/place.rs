//! Cells by the names that a spreadsheet shows: `B7`, `'West Kent'!B7`.

/// A cell by its sheet, row (from 1) and column (from 0; without one, the row alone): `Ashford!C7`, `'West Kent'!C7`.
pub fn reference(sheet: &str, row: u32, column: Option<usize>) -> String {
    let begins = sheet.chars().next().is_some_and(|c| !c.is_ascii_digit());
    let plain = begins && sheet.chars().all(|c| c.is_alphanumeric() || c == '_');
    let column = column.map(letters).unwrap_or_default();
    if plain { format!("{sheet}!{column}{row}") } else { format!("'{}'!{column}{row}", sheet.replace('\'', "''")) }
}

/// `A` for 0, `Z` for 25, `AA` for 26.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = Some(column);
    while let Some(number) = left {
        let letter = u8::try_from(number % 26).unwrap_or(0).saturating_add(b'A');
        letters.push(char::from(letter));
        left = (number / 26).checked_sub(1);
    }
    letters.iter().rev().collect()
}
