//! How much memory a reader may hold while it reads bytes from anybody: counted, and failed when it is more.
//!
//! The tests of the crates have this file too (by path), so that both forms of fuzzing hold the same bounds. The count is
//! of the whole process, which is right where each test has its own, as under nextest.

use std::fs;
use std::path::Path;

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// A name, a reader of any bytes, and the most bytes of memory that it may hold at once for so many that it is given.
pub type Target = (&'static str, fn(&[u8]), fn(usize) -> usize);

/// Runs a reader, and fails when it held more than it may.
pub fn within((name, read, held_max): Target, bytes: &[u8]) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    read(bytes);
    let held = ALLOCATOR.peak_usage().saturating_sub(before);
    let held_max = held_max(bytes.len());
    assert!(held <= held_max, "{name} held {held} bytes for {} that it was given; at most {held_max}", bytes.len());
}

/// How many times each input is read with some bytes wrong.
const N_WRONG: usize = 8;

/// Reads again what fuzzing found, kept in `fuzz/corpus`: as it is, and with some bytes wrong, the same ones each time.
pub fn again(targets: &[Target]) {
    for target in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target.0);
        let listed = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut paths: Vec<_> = listed.map(|entry| entry.expect("the folder can be listed").path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "{} has inputs", folder.display());
        let mut dice = Dice(0x5c0_7eb0);
        for path in paths {
            let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            // Shown when the test fails: the last one is what it failed with, or what that was made of.
            eprintln!("{}", path.display());
            within(*target, &bytes);
            (0..N_WRONG).for_each(|_| within(*target, &dice.wrong(&bytes)));
        }
    }
}

/// Numbers that look random, the same ones each time (xorshift64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.checked_rem(u64::try_from(n).unwrap_or(1)).unwrap_or(0)).unwrap_or(0)
    }

    /// The bytes with a bit flipped, a byte changed, put in or taken out, or the rest cut off; one to four times.
    fn wrong(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let byte = u8::try_from(self.below(256)).unwrap_or(0);
            match self.below(5) {
                _ if bytes.is_empty() => bytes.push(byte),
                0 => bytes[at] = byte,
                1 => bytes[at] ^= 1 << self.below(8),
                2 => bytes.insert(at, byte),
                3 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        bytes
    }
}
