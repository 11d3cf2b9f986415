//! Every value of every enum has its other, and nothing else is read.

use prost::Message as _;
use prost_types::FileDescriptorSet;

use crate::value::enums;
use crate::{FILE_DESCRIPTOR_SET, v1};

/// The names of an enum's values in the contract, in the order of their numbers.
fn names(wanted: &str) -> Vec<String> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let found = set.file.iter().flat_map(|file| &file.enum_type).find(|it| it.name() == wanted).unwrap();
    let mut values: Vec<_> = found.value.iter().map(|value| (value.number(), value.name().to_owned())).collect();
    values.sort();
    assert_eq!(
        values.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
        (0..).take(values.len()).collect::<Vec<_>>()
    );
    values.into_iter().map(|(_, name)| name).collect()
}

macro_rules! golden {
    ($($test:ident: $module:ident, $name:literal, $written:literal;)+) => {$(
        #[test]
        fn $test() {
            let (first, rest) = {
                let mut names = names($name);
                let rest = names.split_off(1);
                (names.remove(0), rest)
            };
            assert!(first.ends_with("_UNSPECIFIED"));
            let encoded: Vec<_> = enums::$module::ALL.iter().map(|value| enums::$module::encode(*value)).collect();
            assert_eq!(encoded.iter().map(|value| value.as_str_name()).collect::<Vec<_>>(), rest);
            for (value, encoded) in enums::$module::ALL.iter().zip(&encoded) {
                assert_eq!(enums::$module::decode("field", i32::from(*encoded)), Ok(*value));
            }
            let absent = enums::$module::decode("field", 0).unwrap_err();
            assert_eq!((absent.field.as_str(), absent.problem.as_str()), ("field", "is missing"));
            let unknown = enums::$module::decode("field", 1_000).unwrap_err();
            assert_eq!(unknown.value, "1000");
            for name in rest {
                assert!(unknown.remedy.contains(&name), "{}", unknown.remedy);
            }
            assert_eq!($written.split(' ').count(), encoded.len());
            assert_eq!(format!("{:?}", enums::$module::ALL), format!("[{}]", $written.replace(' ', ", ")));
        }
    )+};
}

golden! {
    missing: missing, "Missing", "Confidential NotApplicable Unavailable Low Unreliable NotSupplied KnownNotToExist";
    status: status, "Status", "Provisional Revised Final Estimated CarriedForward Forecast NotStated";
    colour: colour, "Colour", "Green Amber Red";
    cause: cause, "Cause", "ScheduledRevision MethodChange CorrectionOfError";
    polarity: polarity, "Polarity", "Higher Lower Range None";
    frequency: frequency, "Frequency", "Monthly Quarterly Termly Annual";
    year_type: year_type, "YearType", "Financial Academic Calendar";
    area_level: area_level, "AreaLevel", "Country Region Authority District";
    owner: owner, "Owner", "Local Service National";
    country_comparison: country_comparison, "CountryComparison", "Better Level Worse";
    average: average, "Average", "Pooled Mean Median";
    expect: expect, "Expect", "New Existing Either";
    change_kind: change_kind, "ChangeKind", "New Revised Withdrawn";
    difference_kind: difference_kind, "DifferenceKind",
        "Scorecard Section Name Neighbours Added Removed Withdrawn Moved Cohort Layout Definition Result Status Target \
         Minimum Benchmark Rule Method Rating Verdict Direction Commentary Action";
    cause_kind: cause_kind, "CauseKind",
        "Data Target Minimum Rule Definition Cohort Layout Withdrawal Comparator Neighbours";
}

#[test]
fn every_rating_and_direction_is_said() {
    use domain::result::Colour;
    use ratings::{Direction, Movement, NoDirection, NotRated, Rating};

    let colours = [Colour::Green, Colour::Amber, Colour::Red].map(Rating::Rated);
    let ratings = colours.into_iter().chain([Rating::NotRated(NotRated::NoTarget)]);
    let said: Vec<_> = ratings.map(|rating| crate::answer::row::encode_rating(rating).as_str_name()).collect();
    assert_eq!(said, names("Rating")[1..]);

    let movements = [Movement::Up, Movement::Down, Movement::Same].map(Direction::Unjudged);
    let none = [NoDirection::NoResult, NoDirection::NoPrevious, NoDirection::UnknownMethod].map(Direction::None);
    let said: Vec<_> = [Direction::Improved, Direction::Worsened, Direction::NoChange, Direction::NoClearTrend]
        .into_iter()
        .chain(movements)
        .chain(none)
        .map(|direction| crate::answer::row::encode_direction(direction).as_str_name())
        .collect();
    assert_eq!(said, names("Direction")[1..]);
}

#[test]
fn every_basis_and_kind_is_said() {
    use domain::measure::{Basis, MeasureKind};

    let with = |basis, kind| {
        let definition = domain::measure::Definition { basis, kind, ..super::given::definition() };
        crate::value::definition::encode(&definition)
    };
    let bases = [
        Basis::Snapshot,
        Basis::YearToDate,
        Basis::RollingMonths(3),
        Basis::SinglePeriod,
        Basis::MeanOfMonths(12),
        Basis::NotStated,
    ];
    let said = bases.map(|basis| {
        let encoded = with(basis, MeasureKind::Indicator);
        (v1::BasisKind::try_from(encoded.basis).unwrap().as_str_name(), encoded.basis_months)
    });
    assert_eq!(said.map(|(name, _)| name).as_slice(), &names("BasisKind")[1..]);
    assert_eq!(said.map(|(_, months)| months), [0, 0, 3, 0, 12, 0]);

    let kinds = [MeasureKind::Indicator, MeasureKind::Activity { expected: None }];
    let said = kinds.map(|kind| v1::MeasureKind::try_from(with(Basis::Snapshot, kind).kind).unwrap().as_str_name());
    assert_eq!(said.as_slice(), &names("MeasureKind")[1..]);
}
