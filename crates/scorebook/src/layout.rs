//! Layouts for people: the built-in ones, and what is wrong with one of their own. It needs no log.

use std::io::Write;

use anyhow::Context as _;
use ingest::Layout;

use crate::arguments::LayoutVerb;

const WRITTEN: &str = "the answer cannot be written";

/// Lists, shows or checks layouts.
///
/// # Errors
/// When there is no such layout, or something is wrong with it.
pub(crate) fn layout(asked: LayoutVerb, out: &mut dyn Write) -> anyhow::Result<()> {
    match asked {
        LayoutVerb::List => {
            let width = ingest::layout::BUILT_IN.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            for (name, text) in ingest::layout::BUILT_IN {
                let title = Layout::parse(text, 0).map(|layout| layout.title().to_owned()).unwrap_or_default();
                writeln!(out, "{name:width$}  {title}").context(WRITTEN)?;
            }
            Ok(())
        }
        LayoutVerb::Show { name } => {
            let text = ingest::layout::built_in(&name).with_context(|| {
                format!("there is no built-in layout {name:?}; scorebook layout list says which there are")
            })?;
            out.write_all(text.as_bytes()).context(WRITTEN)
        }
        LayoutVerb::Check { file } => {
            let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            match Layout::parse(&text, 0) {
                Ok(layout) => {
                    writeln!(out, "{}: the layout {} holds together", file.display(), layout.name()).context(WRITTEN)
                }
                Err(refusals) => {
                    for refusal in &refusals {
                        writeln!(out, "{} {refusal}", file.display()).context(WRITTEN)?;
                    }
                    anyhow::bail!("the layout cannot be used: correct what is listed")
                }
            }
        }
    }
}
