//! Keys of periods: they sort as periods do, and are read back.

use proptest::prelude::*;

use crate::period::{Period, PeriodKey, YearType};
use crate::time::Date;

fn any_period() -> impl Strategy<Value = Period> {
    let year_type = || prop_oneof![Just(YearType::Financial), Just(YearType::Academic), Just(YearType::Calendar)];
    // Few years, so that kinds meet on one last day.
    let years = 2015_i16..2019;
    prop_oneof![
        (years.clone(), 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Period::day(Date::new(y, m, d).unwrap())),
        (years.clone(), prop_oneof![Just((3, 31)), Just((8, 31)), Just((12, 31))])
            .prop_map(|(y, (m, d))| Period::day(Date::new(y, m, d).unwrap())),
        (years.clone(), 1_i8..=12).prop_map(|(y, m)| Period::month(y, m)),
        (years.clone(), 1_i8..=4, year_type()).prop_map(|(y, q, t)| Period::quarter(t, y, q)),
        (years.clone(), 1_i8..=3).prop_map(|(y, t)| Period::term(y, t)),
        (years, 0_i16..20, year_type()).prop_map(|(y, n, t)| Period::years(t, y - n, y)),
    ]
    .prop_filter_map("a year type without quarters", |period| period)
}

proptest! {
    #[test]
    fn a_key_is_read_back(period in any_period()) {
        let key = PeriodKey::of(period);
        prop_assert_eq!(key.period(), Some(period));
        prop_assert_eq!(PeriodKey::from_bits(key.bits()), Some(key));
    }

    #[test]
    fn keys_sort_as_periods_do(left in any_period(), right in any_period()) {
        prop_assert_eq!(PeriodKey::of(left).cmp(&PeriodKey::of(right)), left.cmp(&right));
    }

    #[test]
    fn what_ends_later_is_after_a_last_day(left in any_period(), right in any_period()) {
        let later = right.last_day() > left.last_day();
        prop_assert_eq!(PeriodKey::of(right) >= PeriodKey::of(left).after_last_day(), later);
    }

    #[test]
    fn a_key_right_after_another_is_that_of_the_next_period(left in any_period(), right in any_period()) {
        let (left_key, right_key) = (PeriodKey::of(left), PeriodKey::of(right));
        prop_assert!(!right_key.follows(left_key) || right.previous() == Some(left));
        let single = left.same_kind(Period::month(2017, 1).unwrap())
            || [YearType::Financial, YearType::Calendar, YearType::Academic].into_iter().any(|year_type| {
                let same = |other: Option<Period>| other.is_some_and(|other| left.same_kind(other));
                same(Period::quarter(year_type, 2017, 1)) || same(Period::years(year_type, 2017, 2017))
            });
        let follows = left.previous().is_some_and(|before| left_key.follows(PeriodKey::of(before)));
        prop_assert_eq!(follows, single, "{} after the one before it", left.code());
    }

    #[test]
    fn no_other_number_is_a_key(bits in any::<u32>()) {
        if let Some(key) = PeriodKey::from_bits(bits) {
            prop_assert_eq!(PeriodKey::of(key.period().unwrap()).bits(), bits);
        }
    }
}
