//! Rust source without its comments and the insides of its literals.

use std::iter::Peekable;
use std::str::Chars;

type Text<'a> = Peekable<Chars<'a>>;

/// The text with comments, strings and characters made blank; every line keeps its number.
///
/// It reads text, not tokens: good enough to look for a word, and no more.
pub(super) fn code_only(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut code = String::with_capacity(text.len());
    let mut before = ' ';
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('/', Some('/')) => skip_line(&mut rest, &mut code),
            ('/', Some('*')) => skip_block(&mut rest, &mut code),
            ('"', _) => skip_string(&mut rest, &mut code),
            ('r', Some('"' | '#')) if !is_name(before) || before == 'b' => {
                skip_raw(&mut rest, &mut code);
            }
            ('\'', _) => skip_character(&mut rest, &mut code),
            _ => code.push(c),
        }
        before = c;
    }
    code
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Keeps the new lines of what is skipped.
fn blank(c: char, code: &mut String) {
    code.push(if c == '\n' { '\n' } else { ' ' });
}

fn skip_line(rest: &mut Text<'_>, code: &mut String) {
    while rest.next_if(|c| *c != '\n').is_some() {
        code.push(' ');
    }
}

fn skip_block(rest: &mut Text<'_>, code: &mut String) {
    let mut depth = 0_u32;
    let mut before = '/';
    for c in rest.by_ref() {
        blank(c, code);
        match (before, c) {
            ('/', '*') => depth = depth.saturating_add(1),
            ('*', '/') => depth = depth.saturating_sub(1),
            _ => {
                before = c;
                continue;
            }
        }
        // The two characters are spent: `*/*` closes one comment and opens none.
        before = ' ';
        if depth == 0 {
            return;
        }
    }
}

fn skip_string(rest: &mut Text<'_>, code: &mut String) {
    while let Some(c) = rest.next() {
        blank(c, code);
        match c {
            '"' => return,
            '\\' => {
                if let Some(escaped) = rest.next() {
                    blank(escaped, code);
                }
            }
            _ => {}
        }
    }
}

/// After the `r` of a raw string, or of a raw identifier, which is left as it is.
fn skip_raw(rest: &mut Text<'_>, code: &mut String) {
    let mut n_hashes = 0_u32;
    while rest.next_if_eq(&'#').is_some() {
        n_hashes = n_hashes.saturating_add(1);
    }
    if rest.next_if_eq(&'"').is_none() {
        return;
    }
    while let Some(c) = rest.next() {
        blank(c, code);
        if c != '"' {
            continue;
        }
        let mut n_closing = 0_u32;
        while n_closing < n_hashes && rest.next_if_eq(&'#').is_some() {
            n_closing = n_closing.saturating_add(1);
        }
        if n_closing == n_hashes {
            return;
        }
    }
}

/// After a quote that begins a character, or a lifetime, which is left as it is.
fn skip_character(rest: &mut Text<'_>, code: &mut String) {
    let mut ahead = rest.clone();
    let first = ahead.next();
    let is_character = first == Some('\\') || ahead.next() == Some('\'');
    if !is_character {
        return;
    }
    if rest.next() == Some('\\') {
        blank(' ', code);
        rest.next();
    }
    for c in rest.by_ref() {
        blank(c, code);
        if c == '\'' {
            return;
        }
    }
}
