//! A scorecard with something of everything.

use wire::v1;

use super::{basis, decimal, definition, provenance};

/// A rated row of September 2018; `shown` is result, target and minimum standard.
pub(crate) fn row(measure: &str, title: &str, unit: &str, rating: v1::Rating, shown: [&str; 3]) -> v1::Row {
    let [result, target, minimum] = shown;
    let digits: String = result.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let figure = v1::figure::Figure::Stated(v1::StatedFigure { value: decimal(&digits), denominator: None });
    v1::Row {
        cell: Some(v1::Cell {
            measure: measure.into(),
            area: "E10000016".into(),
            cohort: "all".into(),
            period: "2018-09".into(),
        }),
        period_words: "September 2018".into(),
        definition: definition(measure, title, unit),
        cohort_name: "Everybody counted".into(),
        result: Some(v1::ResultAnswer {
            entry: Some(v1::ResultEntry {
                figure: Some(v1::Figure { figure: Some(figure) }),
                status: v1::Status::NotStated.into(),
                ..v1::ResultEntry::default()
            }),
            display: result.into(),
            provenance: provenance(61, 0),
        }),
        target: (!target.is_empty()).then(|| v1::TargetAnswer {
            key: Some(v1::TargetKey { owner: v1::Owner::Local.into(), area: "E10000016".into(), ..Default::default() }),
            owner_words: "local target".into(),
            area_name: "Kent".into(),
            display: target.into(),
            minimum_display: minimum.into(),
            decision: "Cabinet Committee, 29 November 2018".into(),
            provenance: provenance(31, 0),
            ..v1::TargetAnswer::default()
        }),
        rating: rating.into(),
        rating_word: match rating {
            v1::Rating::Green => "Green",
            v1::Rating::Amber => "Amber",
            v1::Rating::Red => "Red",
            v1::Rating::NotRated | v1::Rating::Unspecified => "not rated",
        }
        .into(),
        rule: "kent.1".into(),
        direction: Some(v1::DirectionAnswer {
            direction: v1::Direction::NoneNoPrevious.into(),
            words: "no earlier figure".into(),
            method: "previous-reported.1".into(),
            method_words: "compared with the previously reported figure".into(),
            previous: None,
        }),
        ..v1::Row::default()
    }
}

pub(crate) fn moved(row: &mut v1::Row, direction: v1::Direction, words: &str, from: &str, period: &str) {
    let answer = row.direction.as_mut().expect("given");
    answer.direction = direction.into();
    answer.words = words.into();
    answer.previous = Some(v1::PreviousAnswer {
        display: from.into(),
        period: (period == "July")
            .then(|| v1::StatedPeriod { stated: Some(v1::stated_period::Stated::Words(period.into())) }),
        period_words: period.into(),
        as_stated: true,
    });
}

pub(crate) fn benchmark(name: &str, display: &str, period: &str) -> v1::BenchmarkAnswer {
    v1::BenchmarkAnswer {
        comparator: Some(v1::Comparator { comparator: Some(v1::comparator::Comparator::Group(name.into())) }),
        name: name.into(),
        display: display.into(),
        period_words: period.into(),
        ..v1::BenchmarkAnswer::default()
    }
}

pub(crate) fn missing(row: &mut v1::Row, missing: v1::Missing, display: &str) {
    let result = row.result.as_mut().expect("given");
    let figure = v1::figure::Figure::Missing(missing.into());
    result.entry.as_mut().expect("given").figure = Some(v1::Figure { figure: Some(figure) });
    result.display = display.into();
}

fn monthly() -> Vec<v1::Row> {
    use v1::{Direction, Rating};
    let mut exclusions = row(
        "permanent-exclusions-secondary",
        "Permanent exclusions from Secondary schools",
        "pupils",
        Rating::Green,
        ["29 pupils", "35 pupils or less", "40 pupils or less"],
    );
    moved(&mut exclusions, Direction::Worsened, "worsened", "27 pupils", "July");
    let mut reoffending = row(
        "youth-reoffending",
        "Rate of proven re-offending by children and young people",
        "per 100 offenders",
        Rating::Green,
        ["33.3 per 100 offenders", "36 per 100 offenders or less", "40 per 100 offenders or less"],
    );
    counted(&mut reoffending, "204", "613");
    let mut plans = row(
        "repeat-child-protection-plans",
        "Children becoming subject to a child protection plan for a second or subsequent time",
        "%",
        Rating::Green,
        ["20.4%", "17.5% to 22.5%", "15.0% to 25.0%"],
    );
    plans.benchmarks =
        vec![benchmark("England", "20.2%", "2017/18"), benchmark("Statistical neighbours", "21.5%", "2017/18")];
    let mut foster = row(
        "kcc-foster-care-or-relatives",
        "Children in Care placed in KCC Foster Care or with Relatives and Friends",
        "%",
        Rating::Amber,
        ["84.3%", "85.0% or more", "80.0% or more"],
    );
    foster.cell.as_mut().expect("given").cohort = "excluding-uasc".into();
    foster.cohort_name = "Excluding unaccompanied asylum seeking children".into();
    foster.commentary = vec![v1::CommentaryAnswer {
        text: "Since April 2018 one team finds all fostering placements.".into(),
        stale: true,
        provenance: provenance(140, 0),
    }];
    let mut audits = row(
        "case-file-audits-good-or-above",
        "On-line case file audits rated good or above",
        "%",
        Rating::Amber,
        ["74.0%", "75.0% or more", "70.0% or more"],
    );
    moved(&mut audits, Direction::Worsened, "worsened", "77.9%", "period not stated");
    audits.marks = vec![v1::Mark {
        kind: v1::MarkKind::Unattainable.into(),
        words: "no whole number out of 364 gives the printed 74.0".into(),
        ..v1::Mark::default()
    }];
    let mut caseload = row(
        "caseload-children-in-care-teams",
        "Average caseload of Social Workers in the Children in Care Teams",
        "children/young people per social worker",
        Rating::Amber,
        [
            "15.4 children/young people per social worker",
            "15 children/young people per social worker or less",
            "17 children/young people per social worker or less",
        ],
    );
    moved(&mut caseload, Direction::Improved, "improved", "16.4 children/young people per social worker", "July 2018");
    vec![exclusions, reoffending, plans, foster, audits, caseload, take_up(), ehcp(), ehcp_month(), notified()]
}

pub(crate) fn counted(row: &mut v1::Row, numerator: &str, denominator: &str) {
    let figure = v1::figure::Figure::Counted(v1::CountedFigure {
        numerator: decimal(numerator),
        denominator: decimal(denominator),
        stated: None,
    });
    let entry = row.result.as_mut().and_then(|result| result.entry.as_mut()).expect("given");
    entry.figure = Some(v1::Figure { figure: Some(figure) });
}

fn take_up() -> v1::Row {
    let mut row = row(
        "two-year-olds-take-up",
        "Take-up for two year olds (free early education)",
        "%",
        v1::Rating::Red,
        ["65.6%", "80% or more", "70% or more"],
    );
    row.explanation = "65.6% is worse than the minimum standard of 70% or more, so it is Red.".into();
    row.forecasts =
        vec![v1::Forecast { period: "2018-12".into(), period_words: "December 2018".into(), display: "70.0%".into() }];
    moved(&mut row, v1::Direction::Improved, "improved", "62.2%", "July");
    row
}

pub(crate) fn ehcp() -> v1::Row {
    let mut row = row(
        "ehcp-20-weeks",
        "Education, Health and Care Plans issued within the statutory 20 weeks",
        "%",
        v1::Rating::Red,
        ["43.4%", "95% or more", "75% or more"],
    );
    counted(&mut row, "759", "1747");
    row.explanation = "43.4% (759 of 1,747) is worse than the minimum standard of 75% or more, so it is Red.".into();
    row.commentary = vec![v1::CommentaryAnswer {
        text: "The number of plans grew by 30% within 12 months.".into(),
        stale: false,
        provenance: provenance(141, 0),
    }];
    row
}

fn ehcp_month() -> v1::Row {
    let mut row = row(
        "ehcp-20-weeks-month",
        "Education, Health and Care Plans issued within the statutory 20 weeks, in the month",
        "%",
        v1::Rating::NotRated,
        ["52.1%", "", ""],
    );
    counted(&mut row, "101", "194");
    row.not_rated_code = "shown-only".into();
    row.not_rated_reason = "shown for information".into();
    row.explanation = "52.1% (101 of 194) is shown for information only, so it is not rated.".into();
    row
}

fn notified() -> v1::Row {
    let mut row = row(
        "early-help-outcomes-achieved",
        "Early Help unit cases closed with outcomes achieved",
        "%",
        v1::Rating::Green,
        ["85.0%", "80% or more", "70% or more"],
    );
    row.cell.as_mut().expect("given").cohort = "early-help-notification".into();
    row.cohort_name = "Initiated via an Early Help Notification".into();
    let target = row.target.as_mut().expect("given");
    target.key.as_mut().expect("given").owner = v1::Owner::Service.into();
    target.owner_words = "service standard".into();
    row.contradiction = Some(v1::Contradiction {
        computed: v1::Colour::Green.into(),
        stated: v1::Colour::Amber.into(),
        words: "the source printed Amber, but the rule gives Green".into(),
    });
    row
}

fn annual() -> Vec<v1::Row> {
    let mut stage_2 = row(
        "ks2-expected-rwm",
        "Pupils at Key Stage 2 achieving the expected standard in reading, writing and mathematics",
        "%",
        v1::Rating::NotRated,
        ["66%", "", ""],
    );
    stage_2.cell.as_mut().expect("given").period = "AY2017".into();
    stage_2.period_words = "academic year 2017/18".into();
    stage_2.not_rated_code = "no-target".into();
    stage_2.not_rated_reason = "no target".into();
    stage_2.explanation = "66% is not rated, because it has no target.".into();
    let entry = stage_2.result.as_mut().and_then(|result| result.entry.as_mut()).expect("given");
    entry.stated_colour = v1::Colour::Green.into();
    entry.status = v1::Status::Provisional.into();
    let mut none = benchmark("South East", "known not to exist", "");
    none.missing = v1::Missing::KnownNotToExist.into();
    stage_2.benchmarks = vec![
        benchmark("England", "64%", "academic year 2017/18"),
        benchmark("Warwickshire", "67%", "period not stated"),
        none,
    ];
    stage_2.marks = vec![v1::Mark { kind: 3, words: "provisional".into(), ..v1::Mark::default() }];
    let mut hidden = row(
        "neet-small",
        "Young people not in education, in small groups",
        "%",
        v1::Rating::NotRated,
        ["", "2.5% or less", "3.0% or less"],
    );
    missing(&mut hidden, v1::Missing::Confidential, "suppressed, because it could tell about a person");
    hidden.not_rated_code = "missing-confidential".into();
    hidden.not_rated_reason = "suppressed, because it could tell about a person".into();
    hidden.explanation = "The result is suppressed, because it could tell about a person, so it is not rated.".into();
    vec![stage_2, hidden]
}

/// A card with something of everything.
pub(crate) fn card() -> v1::Scorecard {
    v1::Scorecard {
        scorecard: "cype".into(),
        title: "Children, Young People and Education Directorate Scorecard".into(),
        committee: "Children's, Young People and Education Cabinet Committee".into(),
        period: "2018-09".into(),
        period_words: "September 2018".into(),
        area: "E10000016".into(),
        area_name: "Kent".into(),
        basis: basis(),
        remit: None,
        sections: vec![
            v1::Section { title: "Monthly and quarterly indicators".into(), rows: monthly() },
            v1::Section { title: "Annual indicators".into(), rows: annual() },
        ],
        counts: Some(v1::Counts {
            green: 4,
            amber: 3,
            red: 2,
            n_not_rated: 3,
            total: 12,
            not_rated: vec![
                v1::NotRatedCount { code: "shown-only".into(), reason: "shown for information".into(), n_rows: 1 },
                v1::NotRatedCount { code: "no-target".into(), reason: "no target".into(), n_rows: 1 },
                v1::NotRatedCount {
                    code: "missing-confidential".into(),
                    reason: "suppressed, because it could tell about a person".into(),
                    n_rows: 1,
                },
            ],
        }),
        cohort_impacts: Vec::new(),
        supposed: String::new(),
    }
}
