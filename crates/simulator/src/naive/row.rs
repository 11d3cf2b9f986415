//! A scorecard's rows by the naive model: which figure is shown, what judges it, its rating and direction.
//!
//! Ratings and directions are worked out here once more, by `kent.1` and the two methods as `DESIGN` has them, with
//! fractions of small whole numbers.

use domain::event::{Average, Comparator};
use domain::ids::NeighboursId;
use domain::measure::{Definition, Frequency, MeasureKind, Polarity};
use domain::result::{Colour, ResultEntry, StatedPeriod};
use domain::scorecard::LayoutRow;
use domain::target::TargetKey;
use domain::{AreaId, Cell, Date, Decimal, Figure, Minimum, Period, Position, RuleId, Series, Status, Target, Terms};
use ratings::{Direction, Movement, NoDirection, NotRated, Rating};

use super::View;

/// What a row comes down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The cell whose figure is shown.
    pub cell: Cell,
    /// The definition, and whether it came later.
    pub definition: (Definition, bool),
    /// The result's place and what it says.
    pub result: Option<(Position, ResultEntry)>,
    /// The target's place, key and terms.
    pub target: Option<(Position, TargetKey, Terms)>,
    /// The rating and its rule.
    pub rating: (Rating, Option<RuleId>),
    /// The direction and its method.
    pub direction: (Direction, Option<RuleId>),
    /// The earlier figure's period, and whether it is the source's own statement.
    pub previous: Option<(StatedPeriod, bool)>,
    /// Whose benchmarks there are, with their periods, and how the neighbours' were averaged.
    pub benchmarks: Vec<(Comparator, StatedPeriod, Option<Averaged>)>,
    /// The words about the figure, and whether the figure changed since.
    pub commentary: Vec<(String, bool)>,
    /// What is done about the figure, by whom and until when, and whether the figure changed since.
    pub actions: Vec<(String, String, Date, bool)>,
    /// Forecasts of later periods.
    pub forecasts: Vec<Period>,
}

/// By which list, of how many, and what is shown; `None` when there is no average.
pub type Averaged = (NeighboursId, usize, Option<String>);

/// A fraction of whole numbers, the second above 0.
type Fraction = (i128, i128);

fn fraction(decimal: Decimal) -> Fraction {
    (i128::from(decimal.coefficient()), 10_i128.pow(u32::from(decimal.scale())))
}

fn value(entry: &ResultEntry, definition: &Definition) -> Option<Fraction> {
    match entry.figure {
        Figure::Stated { value, .. } => Some(fraction(value)),
        Figure::Counted { numerator, denominator, .. } => {
            let ((n, n_scale), (d, d_scale)) = (fraction(numerator), fraction(denominator));
            Some((n * d_scale * i128::from(definition.unit.multiplier), d * n_scale))
        }
        Figure::Missing(_) => None,
    }
}

/// Left minus right, brought to one denominator: its sign compares them.
fn minus((a, b): Fraction, (c, d): Fraction) -> Fraction {
    (a * d - c * b, b * d)
}

fn plus((a, b): Fraction, (c, d): Fraction) -> Fraction {
    (a * d + c * b, b * d)
}

/// Divided by something above 0.
fn over((a, b): Fraction, (c, d): Fraction) -> Fraction {
    (a * d, b * c)
}

fn below(left: Fraction, right: Fraction) -> bool {
    minus(left, right).0 < 0
}

/// By the rule `kent.1`.
fn colour(polarity: Polarity, value: Fraction, terms: Terms) -> Result<Colour, NotRated> {
    let (green, amber) = match (polarity, terms.target) {
        (Polarity::Higher, Target::AtLeast(t)) => (!below(value, fraction(t)), least(value, terms.minimum)),
        (Polarity::Higher, Target::MoreThan(t)) => (below(fraction(t), value), least(value, terms.minimum)),
        (Polarity::Lower, Target::AtMost(t)) => (!below(fraction(t), value), most(value, terms.minimum)),
        (Polarity::Lower, Target::LessThan(t)) => (below(value, fraction(t)), most(value, terms.minimum)),
        (Polarity::Range, Target::Within { low, high }) => {
            let minimum = match terms.minimum {
                Minimum::Unknown => Err(NotRated::NoMinimumStandard),
                Minimum::Value(_) => Err(NotRated::UnfitTarget),
                Minimum::Within { low, high } => Ok(inside(value, low, high)),
            };
            (inside(value, low, high), minimum)
        }
        _ => return Err(NotRated::UnfitTarget),
    };
    if green {
        return Ok(Colour::Green);
    }
    Ok(if amber? { Colour::Amber } else { Colour::Red })
}

fn inside(value: Fraction, low: Decimal, high: Decimal) -> bool {
    !below(value, fraction(low)) && !below(fraction(high), value)
}

fn least(value: Fraction, minimum: Minimum) -> Result<bool, NotRated> {
    match minimum {
        Minimum::Unknown => Err(NotRated::NoMinimumStandard),
        Minimum::Value(minimum) => Ok(!below(value, fraction(minimum))),
        Minimum::Within { .. } => Err(NotRated::UnfitTarget),
    }
}

fn most(value: Fraction, minimum: Minimum) -> Result<bool, NotRated> {
    match minimum {
        Minimum::Unknown => Err(NotRated::NoMinimumStandard),
        Minimum::Value(minimum) => Ok(!below(fraction(minimum), value)),
        Minimum::Within { .. } => Err(NotRated::UnfitTarget),
    }
}

/// How far outside a range.
fn outside(value: Fraction, low: Decimal, high: Decimal) -> Fraction {
    if below(value, fraction(low)) {
        minus(fraction(low), value)
    } else if below(fraction(high), value) {
        minus(value, fraction(high))
    } else {
        (0, 1)
    }
}

fn direction(definition: &Definition, terms: Option<Terms>, now: Fraction, before: Fraction) -> Direction {
    let judged = |better: Fraction, worse: Fraction| match minus(better, worse).0 {
        0 => Direction::NoChange,
        n if n > 0 => Direction::Improved,
        _ => Direction::Worsened,
    };
    let unjudged = || {
        Direction::Unjudged(match minus(now, before).0 {
            0 => Movement::Same,
            n if n > 0 => Movement::Up,
            _ => Movement::Down,
        })
    };
    match (definition.kind, definition.polarity, terms.map(|terms| terms.target)) {
        (MeasureKind::Activity { .. }, _, _) => unjudged(),
        (_, Polarity::Higher, _) => judged(now, before),
        (_, Polarity::Lower, _) => judged(before, now),
        (_, Polarity::Range, Some(Target::Within { low, high })) => {
            judged(outside(before, low, high), outside(now, low, high))
        }
        (_, Polarity::Range | Polarity::None, _) => unjudged(),
    }
}

fn month(period: Period) -> i32 {
    month_of(period.last_day())
}

fn month_of(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month())
}

impl View<'_> {
    /// A row of a scorecard for a period and an area; `None` for a measure that is not in the log.
    pub fn row(&self, asked: &LayoutRow, area: &AreaId, period: Period) -> Option<Row> {
        let (_, definition, later) = self.definition(&asked.measure)?;
        let series = Series { measure: asked.measure.clone(), area: area.clone(), cohort: asked.cohort.clone() };
        let period = self.shown_period(&series, definition, period);
        let cell = Cell { series, period };
        let result = self.result(&cell);
        let target = self.rating_target(&cell, asked.owner);
        let terms = target.as_ref().map(|(_, _, terms)| *terms);
        let (rating, rule) = self.judged(asked, definition, &cell, terms);
        let (direction, method, previous) = self.travel(definition, &cell, terms);
        let standing = result.map(|(position, _)| position);
        Some(Row {
            definition: (definition.clone(), later),
            result: result.map(|(position, entry)| (position, entry.clone())),
            target,
            rating: (rating, rule),
            direction: (direction, method),
            previous,
            benchmarks: self.beside(&cell, definition),
            commentary: self.commentary(&cell).into_iter().map(|(_, about, text)| (text, about != standing)).collect(),
            actions: self
                .actions(&cell)
                .into_iter()
                .map(|(_, about, text, owner, due)| (text, owner, due, about != standing))
                .collect(),
            forecasts: self.forecasts(&cell),
            cell,
        })
    }

    /// The benchmarks stated beside a cell, each averaged where it is the neighbours'; and the average for the cell's own
    /// period where nobody stated one.
    fn beside(&self, cell: &Cell, definition: &Definition) -> Vec<(Comparator, StatedPeriod, Option<Averaged>)> {
        let own = StatedPeriod::Period(cell.period);
        let mut all: Vec<_> = self
            .benchmarks(cell)
            .into_iter()
            .map(|(_, it)| {
                let averaged = match (&it.comparator, &it.period) {
                    (Comparator::Neighbours, StatedPeriod::Period(period)) => {
                        self.averaged(&Cell { period: *period, ..cell.clone() }, definition)
                    }
                    _ => None,
                };
                (it.comparator.clone(), it.period.clone(), averaged)
            })
            .collect();
        let stated = all.iter().any(|(comparator, period, _)| *comparator == Comparator::Neighbours && *period == own);
        if let (false, Some(averaged)) = (stated, self.averaged(cell, definition)) {
            all.push((Comparator::Neighbours, own, Some(averaged)));
            all.sort_by(|left, right| left.0.cmp(&right.0));
        }
        all
    }

    /// The neighbours' figures as one, as `DESIGN` has it; `None` without a list, or when nobody on it has a figure.
    fn averaged(&self, cell: &Cell, definition: &Definition) -> Option<Averaged> {
        let list = self.neighbours(&cell.series.area, cell.period.last_day())?;
        let (mut values, mut counts) = (Vec::new(), Vec::new());
        for member in &list.members {
            let series = Series { area: member.clone(), ..cell.series.clone() };
            let Some((_, entry)) = self.result(&Cell { series, period: cell.period }) else { continue };
            let Some(value) = value(entry, definition).filter(|_| entry.status != Status::Forecast) else { continue };
            values.push(value);
            if let Figure::Counted { numerator, denominator, .. } = entry.figure {
                counts.push((fraction(numerator), fraction(denominator)));
            }
        }
        let n_counted = values.len();
        let middle = |values: &mut Vec<Fraction>| {
            values.sort_by(|left, right| minus(*left, *right).0.cmp(&0));
            over(plus(values[(n_counted - 1) / 2], values[n_counted / 2]), (2, 1))
        };
        let figure = match list.average {
            _ if n_counted == 0 => return None,
            _ if n_counted < usize::from(list.at_least) => None,
            Average::Pooled if counts.len() < n_counted => None,
            Average::Pooled => {
                let all = |part: fn(&(Fraction, Fraction)) -> Fraction| counts.iter().map(part).fold((0, 1), plus);
                let (n, d) = over(all(|it| it.0), all(|it| it.1));
                Some((n * i128::from(definition.unit.multiplier), d))
            }
            Average::Mean => {
                let n = i128::try_from(n_counted).expect("few");
                Some(over(values.into_iter().fold((0, 1), plus), (n, 1)))
            }
            Average::Median => Some(middle(&mut values)),
        };
        let shown = figure.map(|(n, d)| {
            // No figure of a world is below zero.
            let tens = 10_i128.pow(u32::from(definition.decimal_places));
            let rounded = i64::try_from((2 * n * tens + d) / (2 * d)).expect("a small figure");
            definition.show(Decimal::new(rounded, definition.decimal_places).expect("few places").exact())
        });
        Some((list.list.clone(), n_counted, shown))
    }

    /// What a cell is rated, whatever scorecard it is on; `None` for a measure that is not in the log.
    pub fn rating(&self, cell: &Cell) -> Option<Rating> {
        let Series { measure, cohort, .. } = &cell.series;
        let (_, definition, _) = self.definition(measure)?;
        let asked = LayoutRow { measure: measure.clone(), cohort: cohort.clone(), rated: true, owner: None };
        let terms = self.rating_target(cell, None).map(|(_, _, terms)| terms);
        Some(self.judged(&asked, definition, cell, terms).0)
    }

    fn judged(
        &self,
        asked: &LayoutRow,
        definition: &Definition,
        cell: &Cell,
        terms: Option<Terms>,
    ) -> (Rating, Option<RuleId>) {
        let rule = self.rule(true, &asked.measure, cell.period.last_day()).map(|rule| rule.rule.clone());
        let rating = match &rule {
            Some(rule) if rule.as_str() == "kent.1" => self.judge(asked, definition, cell, terms),
            _ => Err(NotRated::UnknownRule),
        };
        (rating.map_or_else(Rating::NotRated, Rating::Rated), rule)
    }

    /// Of a monthly or quarterly measure the figure that ends in the last month or quarter asked for, of another the
    /// latest by then; forecasts only of the very period that is asked for.
    fn shown_period(&self, series: &Series, definition: &Definition, asked: Period) -> Period {
        let n_months = match definition.frequency {
            Frequency::Monthly => 1,
            Frequency::Quarterly => 3,
            Frequency::Termly | Frequency::Annual => i32::MAX,
        };
        let fits = |period: &Period| {
            let cell = Cell { series: series.clone(), period: *period };
            period.last_day() <= asked.last_day()
                && month(asked) - month(*period) < n_months
                && month(*period) - month_of(period.first_day()) < n_months
                && self.result(&cell).is_some_and(|(_, it)| it.status != Status::Forecast || *period == asked)
        };
        self.periods(series).into_iter().find(fits).unwrap_or(asked)
    }

    fn judge(
        &self,
        asked: &LayoutRow,
        definition: &Definition,
        cell: &Cell,
        terms: Option<Terms>,
    ) -> Result<Colour, NotRated> {
        if !asked.rated {
            return Err(NotRated::ShownOnly);
        }
        if self.withdrawal(&asked.measure).is_some_and(|end| end.from <= cell.period.last_day()) {
            return Err(NotRated::WithdrawnMeasure);
        }
        if matches!(definition.kind, MeasureKind::Activity { .. }) {
            return Err(NotRated::ActivityMeasure);
        }
        if definition.polarity == Polarity::None {
            return Err(NotRated::NoPolarity);
        }
        let (_, entry) = self.result(cell).ok_or(NotRated::NoResult)?;
        if let Figure::Missing(missing) = entry.figure {
            return Err(NotRated::Missing(missing));
        }
        if entry.status == Status::Forecast {
            return Err(NotRated::Forecast);
        }
        let terms = terms.ok_or(NotRated::NoTarget)?;
        colour(definition.polarity, value(entry, definition).ok_or(NotRated::NotDivisible)?, terms)
    }

    fn travel(
        &self,
        definition: &Definition,
        cell: &Cell,
        terms: Option<Terms>,
    ) -> (Direction, Option<RuleId>, Option<(StatedPeriod, bool)>) {
        let adopted = self.rule(false, &cell.series.measure, cell.period.last_day());
        let method = adopted.map(|adopted| adopted.rule.clone());
        let measured = |period: Period| {
            let (_, entry) = self.result(&Cell { series: cell.series.clone(), period })?;
            if entry.status == Status::Forecast { None } else { value(entry, definition) }
        };
        let none = |reason| (Direction::None(reason), method.clone(), None);
        let name = method.as_ref().map_or("", RuleId::as_str);
        if !["previous-reported.1", "previous-period.1"].contains(&name) {
            return none(NoDirection::UnknownMethod);
        }
        let Some(now) = measured(cell.period) else { return none(NoDirection::NoResult) };
        let before = if name == "previous-period.1" {
            cell.period.previous().and_then(|period| Some((measured(period)?, StatedPeriod::Period(period), false)))
        } else {
            let earlier =
                self.periods(&cell.series).into_iter().filter(|p| *p < cell.period && p.same_kind(cell.period));
            let mut found = earlier.filter_map(|p| Some((measured(p)?, StatedPeriod::Period(p), false)));
            found.next().or_else(|| {
                let (_, entry) = self.result(cell)?;
                let stated = entry.stated_previous.as_ref()?;
                Some((fraction(stated.value), stated.period.clone(), true))
            })
        };
        let Some((before, period, as_stated)) = before else { return none(NoDirection::NoPrevious) };
        (direction(definition, terms, now, before), method, Some((period, as_stated)))
    }

    fn forecasts(&self, shown: &Cell) -> Vec<Period> {
        let mut periods = self.periods(&shown.series);
        periods.reverse();
        periods.retain(|period| {
            let cell = Cell { series: shown.series.clone(), period: *period };
            *period > shown.period && self.result(&cell).is_some_and(|(_, it)| it.status == Status::Forecast)
        });
        periods
    }
}
