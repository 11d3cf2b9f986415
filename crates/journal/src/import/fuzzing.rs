//! Any bytes as the lines of an export, without the journal that they would go into.

use domain::{Digest, Position};
use engine::log::Head;

use super::Lines;
use crate::export::hex;
use crate::export::line::{Exact, Last};
use crate::fuzzing::seal_record;
use crate::record;

pub(crate) fn read(mut bytes: &[u8]) {
    let mut lines = Lines { from: &mut bytes, line: 0 };
    let _first_line_or_refusal = lines.first();
    while let Ok(Some(text)) = lines.read() {
        let Ok(exact) = serde_json::from_str::<Exact>(&text) else {
            drop(serde_json::from_str::<Last>(&text));
            continue;
        };
        let Some(bytes) = hex::read(&exact.record) else { continue };
        let Some(position) = bytes.get(8..16).and_then(|position| position.first_chunk()) else { continue };
        let position = Position::new(u64::from_le_bytes(*position));
        let mut sealed = bytes.clone();
        seal_record(&mut sealed);
        for bytes in [bytes, sealed] {
            let led_to = record::chain(Digest([0; 32]), position, &bytes).unwrap_or(Digest([0; 32]));
            let chain = exact.chain.parse().unwrap_or(led_to);
            let head = Head { position, chain, recorded_at: None };
            let _same_or_difference = lines.compare(&head, &bytes, &text);
        }
    }
}
