//! What is drawn.

use domain::command::{Expect, ScorecardDefinition};
use domain::event::{
    AreaDefined, AreaLevel, Average, BenchmarkRecorded, CohortDefined, Comparator, MeasureWithdrawn, NeighboursAdopted,
    ResultRecorded, RuleAdopted, TargetChanged, TargetWithdrawn,
};
use domain::ids::NeighboursId;
use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity, Unit};
use domain::period::YearType;
use domain::result::{Cause, Colour, ResultEntry, StatedPeriod, StatedPrevious, Why};
use domain::scorecard::{LayoutRow, Remit, Section};
use domain::target::TargetKey;
use domain::{
    AreaId, Cell, CohortId, Command, Date, Decimal, Figure, Instruction, Layout, MeasureId, Minimum, Missing, Owner,
    Period, RuleId, ScorecardId, Series, Span, Status, Target, Terms, Timestamp,
};

use super::{BEGIN_MICROS, World, instant, instruction};

/// Every measure code; the polarity follows from the place.
pub const MEASURES: [&str; 5] = ["m-high", "m-low", "m-range", "m-activity", "m-year"];
/// England, a council and two of its districts.
pub const AREAS: [&str; 4] = ["E", "K", "D1", "D2"];
/// Everybody, and some.
pub const COHORTS: [&str; 2] = ["all", "some"];
/// The only scorecard.
pub const SCORECARD: &str = "card";

const PERIODS: [&str; 10] =
    ["2018-01", "2018-02", "2018-03", "2018-05", "CY2018-Q1", "AY2016", "AY2017", "FY2016", "FY2017", "2018-03-31"];

fn measure(code: &str) -> MeasureId {
    MeasureId::new(code).expect("a code")
}

fn area(code: &str) -> AreaId {
    AreaId::new(code).expect("a code")
}

fn cohort(code: &str) -> CohortId {
    CohortId::new(code).expect("a code")
}

fn day(year: i16, month: i8) -> Date {
    Date::new(year, month, 1).expect("the first of a month")
}

impl World {
    /// Everything that there is, defined once.
    pub fn draw_definitions(&mut self) -> Vec<Instruction> {
        let mut commands = Vec::new();
        for (code, parent) in AREAS.into_iter().zip([None, Some("E"), Some("K"), Some("K")]) {
            commands.push(self.define_area(code, parent));
        }
        for code in COHORTS {
            commands.push(Command::DefineCohort(CohortDefined {
                cohort: cohort(code),
                name: format!("the cohort {code}"),
                description: String::new(),
            }));
        }
        for code in MEASURES {
            commands.push(self.define_measure(code));
        }
        if let Command::DefineScorecard(card) = self.define_scorecard() {
            commands.push(Command::DefineScorecard(ScorecardDefinition { remit: Remit::default(), ..card }));
        }
        commands.into_iter().map(instruction).collect()
    }

    /// A few instructions of any kind, some of them backfills.
    pub fn draw_instructions(&mut self) -> Vec<Instruction> {
        if !self.submissions.is_empty() && self.rng.chance(18) {
            let of = self.rng.pick(&self.submissions).id;
            let command =
                if self.rng.chance(60) { Command::RollBackSubmission(of) } else { Command::ReinstateSubmission(of) };
            return vec![self.instruct(command)];
        }
        if self.rng.chance(4) {
            let command = Command::RaiseFormat(self.rng.pick(&[1, 2, 3, 3, 4]));
            return vec![self.instruct(command)];
        }
        if self.rng.chance(6) {
            return vec![self.publish_view()];
        }
        let n_instructions = 1 + self.rng.below(6);
        (0..n_instructions)
            .map(|_| {
                let command = self.draw_command();
                self.instruct(command)
            })
            .collect()
    }

    fn instruct(&mut self, command: Command) -> Instruction {
        let cause = self.rng.pick(&[None, Some(Cause::ScheduledRevision), Some(Cause::CorrectionOfError)]);
        let why = Why { reason: "because".to_owned(), cause };
        let known_at = self.rng.chance(35).then(|| self.draw_past());
        Instruction { command, known_at, why, origin: None }
    }

    /// One of few instants before now, so that many records share one.
    pub(super) fn draw_past(&mut self) -> Timestamp {
        let age = u64::try_from(self.now().micros() - BEGIN_MICROS).expect("time goes on");
        let micros = i64::try_from(self.rng.below(age / 5 + 1) * 5).expect("few microseconds");
        instant(BEGIN_MICROS - 10 + micros)
    }

    fn draw_command(&mut self) -> Command {
        match self.rng.below(100) {
            0..38 => {
                let (cell, entry) = (self.draw_cell(), self.draw_entry());
                Command::RecordResult(ResultRecorded { cell, entry })
            }
            38 => self.record_committee_act(),
            39 => self.tell_late_figure(),
            40..48 => Command::WithdrawResult(self.draw_cell()),
            48..62 => self.change_target(),
            62..68 => {
                let (key, span) = (self.draw_key(), self.draw_span());
                Command::WithdrawTarget(TargetWithdrawn { key, span, decision: "minute 2".to_owned() })
            }
            68..74 => self.record_benchmark(),
            74..76 => self.agree_action(),
            76..79 => {
                let text = self.rng.pick(&["Good.".to_owned(), "Bad.".to_owned(), "Long. ".repeat(400)]);
                Command::WriteCommentary { cell: self.draw_cell(), text }
            }
            79..84 => {
                let code = self.rng.pick(&MEASURES);
                self.define_measure(code)
            }
            84..87 => Command::WithdrawMeasure(MeasureWithdrawn {
                measure: measure(self.rng.pick(&MEASURES)),
                from: self.draw_day(),
                successor: None,
                comparable: false,
            }),
            87..91 => {
                let code = self.rng.pick(&AREAS);
                let parent = self.rng.pick(&[None, Some("E"), Some("K"), Some("D1")]);
                self.define_area(code, parent)
            }
            91..93 => self.define_scorecard(),
            93 => self.adopt_neighbours(),
            94..97 => Command::AdoptRatingRule(self.draw_rule(&["kent.1", "kent.2"])),
            _ => Command::AdoptDirectionMethod(self.draw_rule(&["previous-reported.1", "previous-period.1"])),
        }
    }

    pub(super) fn draw_day(&mut self) -> Date {
        let month = i8::try_from(1 + self.rng.below(6)).expect("below 7");
        day(self.rng.pick(&[2017, 2018]), month)
    }

    /// Any cell; often one of few, so that revisions come about.
    pub fn draw_cell(&mut self) -> Cell {
        let period = self.rng.pick(&PERIODS);
        let few = self.rng.chance(60);
        let series = Series {
            measure: measure(self.rng.pick(if few { &MEASURES[..2] } else { &MEASURES[..] })),
            area: area(if few { "K" } else { self.rng.pick(&AREAS) }),
            cohort: cohort(if few { "all" } else { self.rng.pick(&COHORTS) }),
        };
        Cell { series, period: period.parse().expect("a period") }
    }

    /// Any target's key.
    pub fn draw_key(&mut self) -> TargetKey {
        let Cell { series: Series { measure, area, cohort }, .. } = self.draw_cell();
        TargetKey { measure, area, cohort, owner: self.rng.pick(&[Owner::Local, Owner::Service, Owner::National]) }
    }

    /// A period that a scorecard may be asked for.
    pub fn draw_period(&mut self) -> Period {
        self.rng.pick(&PERIODS).parse().expect("a period")
    }

    /// An area that a scorecard may be asked for.
    pub fn draw_area(&mut self) -> AreaId {
        area(self.rng.pick(&AREAS))
    }

    fn draw_span(&mut self) -> Span {
        let from = self.draw_day();
        let to = self.rng.pick(&[None, Some(day(2018, 3)), Some(day(2018, 7)), Some(day(2019, 1))]);
        Span { from, to: to.filter(|to| *to > from) }
    }

    fn draw_decimal(&mut self) -> Decimal {
        let scale = u8::try_from(self.rng.below(3)).expect("below 3");
        let hundreds = 10_i64.pow(u32::from(scale));
        let coefficient = i64::try_from(self.rng.below(8)).expect("below 8") * 15 * hundreds
            + i64::try_from(self.rng.below(2)).expect("below 2");
        Decimal::new(coefficient, scale).expect("a small scale")
    }

    fn draw_entry(&mut self) -> ResultEntry {
        let figure = match self.rng.below(10) {
            0..4 => Figure::Stated { value: self.draw_decimal(), denominator: None },
            4 => Figure::Stated { value: self.draw_decimal(), denominator: Some(Decimal::whole(364)) },
            5..9 => Figure::Counted {
                numerator: self.draw_decimal(),
                denominator: Decimal::whole(1 + i64::try_from(self.rng.below(200)).expect("few")),
                stated: self.rng.chance(30).then(|| self.draw_decimal()),
            },
            _ => Figure::Missing(self.rng.pick(&[Missing::Confidential, Missing::NotSupplied, Missing::Low])),
        };
        let statuses =
            [Status::Provisional, Status::Final, Status::NotStated, Status::Forecast, Status::CarriedForward];
        let periods = [
            StatedPeriod::NotStated,
            StatedPeriod::Words("last year".to_owned()),
            StatedPeriod::Period("FY2015".parse().expect("a period")),
        ];
        ResultEntry {
            figure,
            status: self.rng.pick(&statuses),
            stated_colour: self.rng.pick(&[None, Some(Colour::Green), Some(Colour::Red)]),
            stated_previous: self
                .rng
                .chance(30)
                .then(|| StatedPrevious { value: self.draw_decimal(), period: self.rng.pick(&periods) }),
            source_text: String::new(),
        }
    }

    fn change_target(&mut self) -> Command {
        let key = self.draw_key();
        let (low, high) = (self.draw_decimal(), self.draw_decimal());
        let (low, high) = if low.compare(high).is_gt() { (high, low) } else { (low, high) };
        let minimum = |value| if value == low && value == high { Minimum::Unknown } else { Minimum::Value(value) };
        let unknown = self.rng.chance(30);
        let strict = self.rng.chance(30);
        let (target, minimum) = match (key.measure.as_str(), strict) {
            ("m-low", false) => (Target::AtMost(low), minimum(high)),
            ("m-low", true) => (Target::LessThan(low), minimum(high)),
            ("m-range", _) => {
                let (floor, ceiling) = (Decimal::whole(0), Decimal::whole(200));
                (Target::Within { low, high }, Minimum::Within { low: floor, high: ceiling })
            }
            (_, false) => (Target::AtLeast(high), minimum(low)),
            (_, true) => (Target::MoreThan(high), minimum(low)),
        };
        let terms = Terms { target, minimum: if unknown { Minimum::Unknown } else { minimum } };
        let span = self.draw_span();
        Command::ChangeTarget(TargetChanged { key, span, terms, decision: "minute 1".to_owned() })
    }

    fn record_benchmark(&mut self) -> Command {
        let comparators = [Comparator::Area(area("E")), Comparator::Neighbours, Comparator::Group("peers".to_owned())];
        let periods = [StatedPeriod::NotStated, StatedPeriod::Period("AY2017".parse().expect("a period"))];
        Command::RecordBenchmark(BenchmarkRecorded {
            cell: self.draw_cell(),
            comparator: self.rng.pick(&comparators),
            figure: if self.rng.chance(80) { Ok(self.draw_decimal()) } else { Err(Missing::Unavailable) },
            period: self.rng.pick(&periods),
            source: String::new(),
        })
    }

    fn adopt_neighbours(&mut self) -> Command {
        let members: Vec<AreaId> = AREAS.into_iter().filter(|_| self.rng.chance(70)).map(area).collect();
        let at_least = self.rng.pick(&[1, 1, 1, 2]).min(u8::try_from(members.len()).expect("few")).max(1);
        Command::AdoptNeighbours(NeighboursAdopted {
            list: NeighboursId::new(self.rng.pick(&["near", "far"])).expect("a code"),
            area: area(self.rng.pick(&["K", "K", "D1"])),
            from: self.draw_day(),
            members,
            average: self.rng.pick(&[Average::Pooled, Average::Mean, Average::Median]),
            at_least,
        })
    }

    fn define_measure(&mut self, code: &str) -> Command {
        let (kind, polarity, frequency) = match code {
            "m-low" => (MeasureKind::Indicator, Polarity::Lower, Frequency::Monthly),
            "m-range" => (MeasureKind::Indicator, Polarity::Range, Frequency::Quarterly),
            "m-activity" => {
                let expected = Some((Decimal::whole(20), Decimal::whole(60)));
                (MeasureKind::Activity { expected }, Polarity::None, Frequency::Monthly)
            }
            "m-year" => (MeasureKind::Indicator, Polarity::Higher, Frequency::Annual),
            _ => (MeasureKind::Indicator, Polarity::Higher, Frequency::Monthly),
        };
        // Now and then a measure is turned round, so that its targets no longer suit it.
        let polarity = if self.rng.chance(5) { Polarity::Lower } else { polarity };
        let text = self.rng.pick(&["Counted.".to_owned(), "Counted with care. ".repeat(200)]);
        let definition = Definition {
            measure: measure(code),
            title: format!("{code} {}", self.rng.pick(&["one", "two", "three"])),
            kind,
            unit: Unit::percent(),
            decimal_places: u8::try_from(self.rng.below(3)).expect("below 3"),
            polarity,
            frequency,
            basis: Basis::SinglePeriod,
            year_type: YearType::Financial,
            definition: Content::Inline(text),
            data_source: String::new(),
            owner: String::new(),
        };
        Command::DefineMeasure { definition, expect: Expect::Either }
    }

    fn define_area(&mut self, code: &str, parent: Option<&str>) -> Command {
        Command::DefineArea(AreaDefined {
            area: area(code),
            name: format!("{code} {}", self.rng.pick(&["old", "new"])),
            level: AreaLevel::District,
            parent: parent.map(area),
        })
    }

    fn draw_rule(&mut self, codes: &[&str]) -> RuleAdopted {
        RuleAdopted {
            rule: RuleId::new(self.rng.pick(codes)).expect("a code"),
            measure: self.rng.pick(&[None, Some(measure("m-high"))]),
            from: self.draw_day(),
        }
    }

    fn define_scorecard(&mut self) -> Command {
        let mut rows = Vec::new();
        for code in MEASURES {
            for cohort_code in COHORTS {
                if self.rng.chance(80) {
                    rows.push(LayoutRow {
                        measure: measure(code),
                        cohort: cohort(cohort_code),
                        rated: self.rng.chance(90),
                        owner: self.rng.pick(&[None, None, Some(Owner::Local), Some(Owner::National)]),
                    });
                }
            }
        }
        // A figure may be shown twice, rated and for information.
        if let Some(row) = rows.first().cloned() {
            rows.push(LayoutRow { rated: !row.rated, ..row });
        }
        let section = Section { title: "All".to_owned(), rows };
        Command::DefineScorecard(ScorecardDefinition {
            scorecard: ScorecardId::new(SCORECARD).expect("a code"),
            title: "The card".to_owned(),
            committee: self.rng.pick(&["", "Cabinet"]).to_owned(),
            layout: Layout { sections: vec![section] },
            remit: self.draw_remit(),
        })
    }
}
