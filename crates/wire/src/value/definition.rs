//! Definitions of measures.

use domain::limits::{CONTENT_BYTES_MAX, NAME_BYTES_MAX};
use domain::measure::{Basis, Content, Definition, MeasureKind, Unit};
use domain::number::{DECIMAL_PLACES_MAX, Decimal, MULTIPLIER_MAX};

use super::{code, decode_range, encode_range, enums, text, text_required};
use crate::v1::{self, content};
use crate::violation::{Decoded, FieldViolation, optional, required};

/// A definition, whole; a long text is referred to by its digest.
pub fn encode(definition: &Definition) -> v1::Definition {
    let (kind, expected) = match definition.kind {
        MeasureKind::Indicator => (v1::MeasureKind::Indicator, None),
        MeasureKind::Activity { expected } => (v1::MeasureKind::Activity, expected.map(encode_range)),
    };
    let (basis, basis_months) = encode_basis(definition.basis);
    v1::Definition {
        measure: definition.measure.to_string(),
        title: definition.title.clone(),
        kind: kind.into(),
        expected,
        unit: Some(v1::Unit { label: definition.unit.label.clone(), multiplier: definition.unit.multiplier }),
        decimal_places: definition.decimal_places.into(),
        polarity: enums::polarity::encode(definition.polarity).into(),
        frequency: enums::frequency::encode(definition.frequency).into(),
        basis: basis.into(),
        basis_months,
        year_type: enums::year_type::encode(definition.year_type).into(),
        definition: Some(encode_content(&definition.definition)),
        data_source: definition.data_source.clone(),
        owner: definition.owner.clone(),
    }
}

/// A definition as a command gives it: its text whole, of any length up to 8 MiB.
///
/// # Errors
/// The first field that cannot be read, or is outside its bounds.
pub fn decode(message: v1::Definition) -> Decoded<Definition> {
    Ok(Definition {
        measure: code("measure", &message.measure)?,
        title: text_required("title", message.title, NAME_BYTES_MAX)?,
        kind: decode_kind(message.kind, message.expected)?,
        unit: required("unit", message.unit, decode_unit)?,
        decimal_places: decode_places(message.decimal_places)?,
        polarity: enums::polarity::decode("polarity", message.polarity)?,
        frequency: enums::frequency::decode("frequency", message.frequency)?,
        basis: decode_basis(message.basis, message.basis_months)?,
        year_type: enums::year_type::decode("year_type", message.year_type)?,
        definition: decode_content("definition", message.definition)?,
        data_source: text("data_source", message.data_source, NAME_BYTES_MAX)?,
        owner: text("owner", message.owner, NAME_BYTES_MAX)?,
    })
}

fn decode_kind(number: i32, expected: Option<v1::DecimalRange>) -> Decoded<MeasureKind> {
    let expected: Option<(Decimal, Decimal)> = optional("expected", expected, decode_range)?;
    let remedy = "give MEASURE_KIND_INDICATOR or MEASURE_KIND_ACTIVITY";
    match (v1::MeasureKind::try_from(number), expected) {
        (Ok(v1::MeasureKind::Indicator), None) => Ok(MeasureKind::Indicator),
        (Ok(v1::MeasureKind::Indicator), Some(_)) => Err(FieldViolation::new(
            "expected",
            "",
            "is given for an indicator, which has a target instead",
            "leave it out, or say MEASURE_KIND_ACTIVITY",
        )),
        (Ok(v1::MeasureKind::Activity), expected) => Ok(MeasureKind::Activity { expected }),
        (Ok(v1::MeasureKind::Unspecified), _) => Err(FieldViolation::absent("kind", remedy)),
        (Err(_), _) => Err(FieldViolation::new("kind", number, "is not a value that this server knows", remedy)),
    }
}

fn decode_unit(message: v1::Unit) -> Decoded<Unit> {
    if !(1..=MULTIPLIER_MAX).contains(&message.multiplier) {
        let remedy = "give 100 for a percentage, 1 for a count or an average";
        return Err(FieldViolation::new("multiplier", message.multiplier, "is not 1 to 1,000,000", remedy));
    }
    Ok(Unit { label: text("label", message.label, NAME_BYTES_MAX)?, multiplier: message.multiplier })
}

fn decode_places(places: u32) -> Decoded<u8> {
    u8::try_from(places).ok().filter(|places| *places <= DECIMAL_PLACES_MAX).ok_or_else(|| {
        FieldViolation::new("decimal_places", places, "is not 0 to 6", "say how many digits to show after the point")
    })
}

pub(crate) fn encode_basis(basis: Basis) -> (v1::BasisKind, u32) {
    match basis {
        Basis::Snapshot => (v1::BasisKind::Snapshot, 0),
        Basis::YearToDate => (v1::BasisKind::YearToDate, 0),
        Basis::RollingMonths(months) => (v1::BasisKind::RollingMonths, months.into()),
        Basis::SinglePeriod => (v1::BasisKind::SinglePeriod, 0),
        Basis::MeanOfMonths(months) => (v1::BasisKind::MeanOfMonths, months.into()),
        Basis::NotStated => (v1::BasisKind::NotStated, 0),
    }
}

fn decode_basis(number: i32, months: u32) -> Decoded<Basis> {
    let counted = || {
        u8::try_from(months).ok().filter(|months| *months > 0).ok_or_else(|| {
            FieldViolation::new("basis_months", months, "is not 1 to 255", "say how many months one figure sums up")
        })
    };
    let alone = |basis| {
        let remedy = "leave it out: only rolling and mean figures have months";
        if months == 0 {
            Ok(basis)
        } else {
            Err(FieldViolation::new("basis_months", months, "does not belong here", remedy))
        }
    };
    let remedy =
        "give BASIS_KIND_SNAPSHOT, _YEAR_TO_DATE, _ROLLING_MONTHS, _SINGLE_PERIOD, _MEAN_OF_MONTHS or _NOT_STATED";
    match v1::BasisKind::try_from(number) {
        Ok(v1::BasisKind::Snapshot) => alone(Basis::Snapshot),
        Ok(v1::BasisKind::YearToDate) => alone(Basis::YearToDate),
        Ok(v1::BasisKind::RollingMonths) => counted().map(Basis::RollingMonths),
        Ok(v1::BasisKind::SinglePeriod) => alone(Basis::SinglePeriod),
        Ok(v1::BasisKind::MeanOfMonths) => counted().map(Basis::MeanOfMonths),
        Ok(v1::BasisKind::NotStated) => alone(Basis::NotStated),
        Ok(v1::BasisKind::Unspecified) => Err(FieldViolation::absent("basis", remedy)),
        Err(_) => Err(FieldViolation::new("basis", number, "is not a value that this server knows", remedy)),
    }
}

/// A text, here or by its digest.
pub fn encode_content(content: &Content) -> v1::Content {
    let content = match content {
        Content::Inline(text) => content::Content::Text(text.clone()),
        Content::Stored { digest, size } => {
            content::Content::Stored(v1::StoredContent { digest: digest.to_string(), size: *size })
        }
    };
    v1::Content { content: Some(content) }
}

fn decode_content(field: &str, message: Option<v1::Content>) -> Decoded<Content> {
    match message.and_then(|message| message.content) {
        None => Ok(Content::Inline(String::new())),
        Some(content::Content::Text(given)) => text(field, given, CONTENT_BYTES_MAX).map(Content::Inline),
        Some(content::Content::Stored(stored)) => Err(FieldViolation::new(
            &format!("{field}.stored"),
            stored.digest,
            "refers to a stored text",
            "give the text itself: Scorebook stores a long one",
        )),
    }
}
