//! Parts, filled with items of one kind each.

/// About how long a part is; a single line of many revisions makes a longer one.
const PART_BYTES: usize = 1024 * 1024;

/// What a part holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::book) enum Tag {
    Head,
    Measure,
    Area,
    Cohort,
    Line,
    Ratio,
    Extra,
    Why,
    Run,
    Commit,
    Submission,
}

impl Tag {
    const ALL: [(u8, Self); 11] = [
        (1, Self::Head),
        (2, Self::Measure),
        (3, Self::Area),
        (4, Self::Cohort),
        (5, Self::Line),
        (6, Self::Ratio),
        (7, Self::Extra),
        (8, Self::Why),
        (9, Self::Run),
        (10, Self::Commit),
        (11, Self::Submission),
    ];

    fn number(self) -> u8 {
        Self::ALL.iter().find(|(_, tag)| *tag == self).map_or(0, |(number, _)| *number)
    }

    pub(super) fn of(number: u8) -> Option<Self> {
        Self::ALL.iter().find(|(of, _)| *of == number).map(|(_, tag)| *tag)
    }
}

/// Takes items, and gives them away a part at a time.
pub(in crate::book) struct Parts<'a, E> {
    sink: &'a mut dyn FnMut(&[u8]) -> Result<(), E>,
    bytes: Vec<u8>,
    tag: Option<Tag>,
}

impl<'a, E> Parts<'a, E> {
    pub(super) fn to(sink: &'a mut dyn FnMut(&[u8]) -> Result<(), E>) -> Self {
        Self { sink, bytes: Vec::new(), tag: None }
    }

    /// Adds an item that `write` appends to the part's bytes.
    pub(in crate::book) fn item(&mut self, tag: Tag, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), E> {
        if self.tag != Some(tag) || self.bytes.len() >= PART_BYTES {
            self.give()?;
            self.bytes.push(tag.number());
            self.tag = Some(tag);
        }
        write(&mut self.bytes);
        Ok(())
    }

    fn give(&mut self) -> Result<(), E> {
        if !self.bytes.is_empty() {
            (self.sink)(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), E> {
        self.give()
    }
}
