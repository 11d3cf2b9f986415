use domain::Period;
use domain::period::PeriodKey;

use super::{CODES_BYTES_MAX, Codes, Numbers, Periods, SLOTS_FIRST};

#[test]
fn series_keep_their_numbers_as_the_table_grows() {
    let mut numbers = Numbers::new();
    let n = u32::try_from(SLOTS_FIRST * 3).unwrap();
    let codes = |number: u32| Codes::of([format!("m{number}").as_bytes(), b"a", b"all"]).unwrap();
    for number in 0..n {
        assert_eq!(numbers.find(&codes(number)), None);
        assert_eq!(numbers.add(&codes(number)), Some(number));
    }
    let long = [&[b'm'; CODES_BYTES_MAX][..], b"a", b"all"];
    assert!(Codes::of(long).is_none() && numbers.find_long(long).is_none());
    assert_eq!(numbers.add_long(long), Some(n));
    assert_eq!(numbers.find_long(long), Some(n));
    assert_eq!(numbers.find_long([b"m", b"a", b"all"]), None);
    for number in 0..n {
        assert_eq!(numbers.find(&codes(number)), Some(number));
    }
}

#[test]
fn codes_that_are_the_same_bytes_one_after_the_other_are_others() {
    let of = |codes: [&[u8]; 3]| Codes::of(codes).unwrap();
    let all = [
        of([b"ab", b"c", b"d"]),
        of([b"a", b"bc", b"d"]),
        of([b"a", b"b", b"cd"]),
        of([b"ab", b"cd", b""]),
        of([b"ab", b"cd", b"\0"]),
        of([b"", b"", b""]),
    ];
    for (at, one) in all.iter().enumerate() {
        assert!(all.iter().skip(at + 1).all(|other| one != other), "{one:?}");
    }
}

#[test]
fn a_period_is_read_once_and_what_is_none_is_never_kept() {
    let mut periods = Periods::new();
    let key = |code: &str| Period::parse(code).ok().map(PeriodKey::of);
    for year in 1990..2030 {
        for month in 1..=12 {
            let code = format!("{year}-{month:02}");
            let mut n_read = 0;
            for _ in 0..3 {
                let found = periods.get(code.as_bytes(), || {
                    n_read += 1;
                    key(&code)
                });
                assert_eq!(found, key(&code));
            }
            assert_eq!(n_read, 1, "{code}");
        }
    }
    for code in ["", "2019-0", "2019-01\0", "2019-13", "2019-01 and more"] {
        assert_eq!(periods.get(code.as_bytes(), || None), None, "{code:?}");
        assert_eq!(periods.get(code.as_bytes(), || key("2020-01")), key("2020-01"), "{code:?}");
    }
}
