//! The layouts of a request's files: found, read once, and kept with the submission.

use std::collections::BTreeMap;

use domain::Book;
use domain::limits::{CONTENT_BYTES_MAX, SUBMISSION_FILES_MAX};
use domain::time::AsOf;
use ingest::{Coverage, Defaults, Known, Layout, Parsed, Reading, Refusal};

use crate::error::Error;
use crate::sha256;
use crate::submission::File;

/// How a layout's own text is read.
const LAYOUT_OF_LAYOUTS: &str = "scorebook-layout.1";

/// What reading files needs of what stands: the names that areas have or had, and the measures' sorts of year.
pub(crate) fn known(book: &Book) -> Known {
    let mut known = Known::default();
    book.area_names().for_each(|(area, name)| known.name(area, name));
    let head = AsOf::position(book.head());
    for measure in book.measure_ids() {
        if let Some((revision, _)) = book.definition(measure, head)
            && let domain::book::MeasureState::Defined(definition) = &revision.value.value
        {
            known.measure(measure, definition.year_type);
        }
    }
    known
}

/// The layouts of a request by the names that its files give, with their own places among the files.
pub(crate) struct Layouts {
    by_name: BTreeMap<String, (usize, Found)>,
}

/// A layout with how it is named in the record of a file that it reads, or what is wrong with it.
type Found = Result<(Layout, String), Vec<Refusal>>;

impl Layouts {
    /// Finds the layouts that files name; a built-in one is added to the files, so that its text is kept.
    ///
    /// # Errors
    /// [`Error::Request`] when there are then too many files.
    pub(crate) fn find(files: &mut Vec<File>) -> Result<Self, Error> {
        let mut found = Self { by_name: BTreeMap::new() };
        let names: Vec<String> = files.iter().map(|file| file.layout.clone()).filter(|name| !name.is_empty()).collect();
        for name in names {
            if found.by_name.contains_key(&name) {
                continue;
            }
            let given = files.iter().position(|file| file.name == name && file.layout.is_empty());
            let place = match (given, ingest::layout::built_in(&name)) {
                (Some(place), _) => place,
                (None, Some(text)) => {
                    let bytes = text.as_bytes().to_vec();
                    let (layout, select) = (String::new(), String::new());
                    files.push(File { name: format!("{name}.toml"), bytes, layout, select, snapshot: false });
                    files.len().saturating_sub(1)
                }
                (None, None) => continue,
            };
            let read = files.get(place).map(|file| read(file, place));
            found.by_name.extend(read.map(|read| (name, (place, read))));
        }
        if files.len() > SUBMISSION_FILES_MAX {
            let problem = format!("with the layouts that read them, more than {SUBMISSION_FILES_MAX}; split them");
            return Err(Error::Request { field: "files", problem });
        }
        Ok(found)
    }

    /// The layout that the file in this place is.
    fn at(&self, place: u16) -> Option<&Found> {
        self.by_name.values().find(|(at, _)| *at == usize::from(place)).map(|(_, found)| found)
    }

    /// True when the file in this place is a layout.
    pub(crate) fn is_layout(&self, place: u16) -> bool {
        self.at(place).is_some()
    }

    /// Reads a file: by its layout, in Scorebook's own columns, or as a layout itself.
    pub(crate) fn read(&self, number: u16, file: &File, defaults: &Defaults) -> ingest::File {
        if let Some(found) = self.at(number) {
            return one(nothing(found.as_ref().err().cloned().unwrap_or_default(), LAYOUT_OF_LAYOUTS));
        }
        if file.layout.is_empty() {
            return ingest::read_file(&file.name, number, &file.bytes, defaults);
        }
        match self.by_name.get(&file.layout).map(|(_, found)| found) {
            Some(Ok((layout, name))) => {
                let reading = Reading { file: number, defaults, select: &file.select };
                ingest::File { layout: name.clone(), ..ingest::read_file_with(layout, &file.bytes, &reading) }
            }
            // What is wrong with the layout is said of the layout.
            Some(Err(_)) => one(Parsed { unreadable: true, ..nothing(Vec::new(), "") }),
            None => one(nothing(vec![unknown(number, &file.layout)], "")),
        }
    }
}

fn one(part: Parsed) -> ingest::File {
    ingest::File { layout: part.layout.clone(), parts: vec![part], ..ingest::File::default() }
}

fn read(file: &File, place: usize) -> Found {
    let number = u16::try_from(place).unwrap_or(u16::MAX);
    let refusal = |line, problem: &str, remedy: &str| Refusal {
        file: number,
        line,
        field: String::new(),
        value: String::new(),
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    };
    if file.bytes.len() > CONTENT_BYTES_MAX {
        return Err(vec![refusal(1, "the layout has more than 8 MiB", "give a smaller one")]);
    }
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        return Err(vec![refusal(1, "the layout is not UTF-8", "save it as UTF-8")]);
    };
    let layout = Layout::parse(text, number)?;
    let name = format!("{} sha256:{}", layout.name(), sha256(&file.bytes));
    Ok((layout, name))
}

fn nothing(refusals: Vec<Refusal>, layout: &str) -> Parsed {
    Parsed {
        instructions: Vec::new(),
        n_refused: refusals.len(),
        n_rows: 0,
        n_without_figures: 0,
        present: Vec::new(),
        layout: layout.to_owned(),
        kind: None,
        coverage: Coverage::Rows,
        codes_by_rule: None,
        passes_over_absent: false,
        unreadable: !refusals.is_empty(),
        refusals,
    }
}

fn unknown(file: u16, name: &str) -> Refusal {
    let known: Vec<&str> = ingest::layout::BUILT_IN.iter().map(|(name, _)| *name).collect();
    Refusal {
        file,
        line: 1,
        field: "layout".to_owned(),
        value: name.to_owned(),
        problem: "is no built-in layout, and no other file of the request".to_owned(),
        remedy: format!("write one of {}, or put the layout's file in beside it", known.join(", ")),
    }
}
