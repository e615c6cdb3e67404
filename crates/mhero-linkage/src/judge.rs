//! From levels to a weight, and from the weight and the rules to a decision.

use crate::{
    LinkageError,
    compare::{COMPARISONS_MAX, Outcome, level_at},
    entry::RecordId,
    explain::{Explanation, Part},
    index::Index,
    level::Level,
    model::{Model, Odds},
    record::{self, Stored},
    rules::{Because, Decision, Judged, Rules, Told, Veto},
    schema::Kind,
    show,
    symbols::Symbol,
};

/// Records with the usual frequencies that stand beside those counted.
const USUAL_RECORDS: f64 = 50.0;

/// Index, weights and rules, prepared for many pairs.
pub struct Judge<'a> {
    index: &'a Index,
    rules: &'a Rules,
    told: &'a Told,
    prior: f64,
    scales: Vec<Scale>,
    trusted: Vec<Symbol>,
    one_each: Vec<Symbol>,
    /// Low threshold in bits: below it nothing is done, whichever rule.
    low: f64,
}

/// The weights of one comparison by level.
struct Scale {
    kind: Kind,
    field: usize,
    bits: [f64; Level::ALL.len()],
    /// u of the exact level, where frequencies count.
    usual: Option<f64>,
}

impl<'a> Judge<'a> {
    pub fn new(index: &'a Index, model: &Model, rules: &'a Rules, told: &'a Told) -> Result<Self, LinkageError> {
        model.check(index.schema())?;
        let symbols = index.symbols();
        let find = |systems: &[String]| -> Vec<Symbol> {
            systems.iter().filter_map(|system| symbols.find(&crate::normalise::system(system))).collect()
        };
        Ok(Self {
            index,
            rules,
            told,
            prior: bits(model.prior),
            scales: scales(index, model),
            trusted: find(&rules.trusted),
            one_each: find(&rules.one_each),
            low: bits(rules.low),
        })
    }

    /// Compares and decides; `None` for pairs left apart by their weight alone, which are nearly all.
    pub fn worth(&self, one: &Stored, other: &Stored) -> Option<Judged> {
        let outcome = self.index.compare(one, other);
        let weight = self.weight(&outcome);
        if weight < self.low && !self.shares_id(outcome.pattern) && self.told.of(one.id, other.id).is_none() {
            return None;
        }
        let judged = self.decide(one, other, &outcome, weight);
        (judged.decision != Decision::Apart).then_some(judged)
    }

    /// Compares and decides.
    pub fn judge(&self, one: &Stored, other: &Stored) -> Judged {
        let outcome = self.index.compare(one, other);
        self.decide(one, other, &outcome, self.weight(&outcome))
    }

    /// The weight of an outcome in bits, prior included.
    pub fn weight(&self, outcome: &Outcome) -> f64 {
        let parts = self.scales.iter().enumerate().map(|(at, scale)| {
            let level = level_at(outcome.pattern, at);
            let by_frequency =
                if level == Level::Exact { self.by_frequency(at, scale, outcome.shared[at]) } else { 0.0 };
            scale.bits[level as usize] + by_frequency
        });
        self.prior + parts.sum::<f64>()
    }

    /// What the frequency of a shared value adds to the weight: a rare name says more than a common one.
    fn by_frequency(&self, at: usize, scale: &Scale, value: Symbol) -> f64 {
        let (Some(usual), true) = (scale.usual, value != 0) else { return 0.0 };
        let (count, filled) = self.index.frequency(at, value);
        // Few records say little about what is common.
        let share = |others: f64| others / (f64::from(filled) + USUAL_RECORDS);
        match scale.kind {
            // Such a value should be one person's. It says less the more others have it, and never more than usual.
            Kind::Phone | Kind::Id => (usual / share(f64::from(count.saturating_sub(2))).max(usual)).log2(),
            // One of the two may be the reason why the value is known at all.
            _ => (usual / share(f64::from(count.saturating_sub(1).max(1)) + usual * USUAL_RECORDS)).log2(),
        }
    }

    fn decide(&self, one: &Stored, other: &Stored, outcome: &Outcome, weight: f64) -> Judged {
        let (decision, because) = self.ruling(one, other, outcome, weight);
        let (left, right) = if one.id <= other.id { (one.id, other.id) } else { (other.id, one.id) };
        Judged { left, right, weight, probability: probability(weight), decision, because }
    }

    fn ruling(&self, one: &Stored, other: &Stored, outcome: &Outcome, weight: f64) -> (Decision, Because) {
        let vetoed = |veto: Veto| self.rules.vetoes.contains(&veto);
        if let Some(same) = self.told.of(one.id, other.id) {
            return (if same { Decision::Link } else { Decision::Apart }, Because::Told);
        }
        if vetoed(Veto::SameSource) && Index::same_source(one, other) {
            return (Decision::Apart, Because::Veto(Veto::SameSource));
        }
        let alike = self.alike(outcome.pattern);
        let (shared, two) = self.identifiers(one, other, outcome.pattern);
        if shared {
            return match () {
                () if vetoed(Veto::TwoIds) && two => (Decision::Review, Because::Veto(Veto::TwoIds)),
                () if vetoed(Veto::SharedIdOnly) && alike.nobody => {
                    (Decision::Review, Because::Veto(Veto::SharedIdOnly))
                }
                () => (Decision::Link, Because::Identifier),
            };
        }
        if vetoed(Veto::OtherBirthAndSex) && alike.other_birth && alike.other_sex && !alike.name {
            return (Decision::Apart, Because::Veto(Veto::OtherBirthAndSex));
        }
        if vetoed(Veto::PhoneOnly) && alike.phone && alike.other_name && !self.shares_id(outcome.pattern) {
            return (Decision::Apart, Because::Veto(Veto::PhoneOnly));
        }
        if vetoed(Veto::TwoIds) && two {
            let without = probability(weight - self.id_weight(outcome));
            let decision = if without >= self.rules.high { Decision::Review } else { Decision::Apart };
            return (decision, Because::Veto(Veto::TwoIds));
        }
        let decision = match probability(weight) {
            p if p >= self.rules.high => Decision::Link,
            p if p >= self.rules.low => Decision::Review,
            _ => Decision::Apart,
        };
        (decision, Because::Score)
    }

    /// Whether a trusted identifier is shared, and whether a system that gives one gave them two.
    fn identifiers(&self, one: &Stored, other: &Stored, pattern: u64) -> (bool, bool) {
        let (mut shared, mut two) = (false, false);
        let fields = self.index.schema().fields.len();
        for (at, scale) in self.scales.iter().enumerate() {
            if scale.kind != Kind::Id || level_at(pattern, at) == Level::Missing {
                continue;
            }
            let (left, right) = (one.cells(scale.field, fields), other.cells(scale.field, fields));
            for (system, value) in record::identifiers(left) {
                let same = || record::identifiers(right).filter(|(of, _)| *of == system);
                shared |= self.trusted.contains(&system) && same().any(|(_, of)| of == value);
                two |= self.one_each.contains(&system) && same().next().is_some() && same().all(|(_, of)| of != value);
            }
        }
        (shared, two)
    }

    /// Whether two records have something in common that is one person's: the day of birth, a number, an identifier. Colleagues of one
    /// name and one place of work are many.
    pub fn is_anchored(&self, one: &Stored, other: &Stored) -> bool {
        let pattern = self.index.compare(one, other).pattern;
        let is_own = |scale: &Scale| matches!(scale.kind, Kind::Date { .. } | Kind::Phone | Kind::Id);
        let mut scales = self.scales.iter().enumerate();
        scales.any(|(at, scale)| is_own(scale) && level_at(pattern, at) == Level::Exact)
    }

    fn shares_id(&self, pattern: u64) -> bool {
        let mut scales = self.scales.iter().enumerate();
        scales.any(|(at, scale)| scale.kind == Kind::Id && level_at(pattern, at) == Level::Exact)
    }

    fn id_weight(&self, outcome: &Outcome) -> f64 {
        let ids = self.scales.iter().enumerate().filter(|(_, scale)| scale.kind == Kind::Id);
        ids.map(|(at, scale)| scale.bits[level_at(outcome.pattern, at) as usize]).sum()
    }

    fn alike(&self, pattern: u64) -> Alike {
        let mut alike = Alike::default();
        let mut named = false;
        for (at, scale) in self.scales.iter().enumerate() {
            let level = level_at(pattern, at);
            match scale.kind {
                Kind::Name => {
                    named |= level != Level::Missing;
                    alike.name |= !matches!(level, Level::Missing | Level::Far | Level::Loose);
                }
                Kind::Date { .. } => alike.other_birth |= level == Level::Far,
                Kind::Sex => alike.other_sex |= level == Level::Far,
                Kind::Phone => alike.phone |= level == Level::Exact,
                _ => {}
            }
        }
        alike.other_name = named && !alike.name;
        alike.nobody = alike.other_name && (alike.other_birth || alike.other_sex);
        alike
    }

    /// The decision in parts.
    pub fn explain(&self, one: &Stored, other: &Stored) -> Explanation {
        let outcome = self.index.compare(one, other);
        let judged = self.decide(one, other, &outcome, self.weight(&outcome));
        let names = self.index.schema().comparisons();
        let parts = self.scales.iter().enumerate().zip(names).map(|((at, scale), field)| {
            let level = level_at(outcome.pattern, at);
            let exact = level == Level::Exact;
            let by_frequency = if exact { self.by_frequency(at, scale, outcome.shared[at]) } else { 0.0 };
            let show = |record| show::value(self.index, record, scale.field, field.ends_with(".family"));
            let (left, right) = (show(one), show(other));
            Part { level, weight: scale.bits[level as usize] + by_frequency, by_frequency, left, right, field }
        });
        Explanation {
            parts: parts.collect(),
            total: judged.weight,
            prior: self.prior,
            probability: judged.probability,
            decision: judged.decision,
            because: judged.because,
        }
    }
}

/// What the vetoes look at.
#[derive(Default)]
struct Alike {
    /// A name is alike.
    name: bool,
    /// Names are known, and none is alike.
    other_name: bool,
    other_birth: bool,
    other_sex: bool,
    phone: bool,
    /// Names differ, and birth date or sex too.
    nobody: bool,
}

fn scales(index: &Index, model: &Model) -> Vec<Scale> {
    let fields = index.schema().fields.iter().enumerate();
    let comparisons = fields.flat_map(|(at, field)| std::iter::repeat_n((at, field.kind), field.kind.comparisons()));
    let scale = |((field, kind), comparison): ((usize, Kind), &crate::model::Comparison)| {
        let mut bits = [0.0; Level::ALL.len()];
        for (level, odds) in comparison.levels.iter().filter(|(level, _)| **level != Level::Missing) {
            bits[*level as usize] = odds.bits();
        }
        let exact = comparison.levels.get(&Level::Exact).map(|odds| odds.u.max(Odds::SHARE_MIN));
        Scale { kind, field, bits, usual: exact.filter(|_| comparison.by_frequency) }
    };
    comparisons.zip(&model.comparisons).take(COMPARISONS_MAX).map(scale).collect()
}

/// Why two records are joined, shown or left apart.
///
/// # Errors
/// [`LinkageError::UnknownRecord`], [`LinkageError::OtherModel`].
pub fn explain(
    index: &Index,
    model: &Model,
    rules: &Rules,
    told: &Told,
    left: RecordId,
    right: RecordId,
) -> Result<Explanation, LinkageError> {
    let judge = Judge::new(index, model, rules, told)?;
    let record = |id| index.record(index.slot(id)?).ok_or(LinkageError::UnknownRecord(id));
    Ok(judge.explain(record(left)?, record(right)?))
}

/// A probability as a weight in bits.
pub fn bits(probability: f64) -> f64 {
    let p = probability.clamp(1e-15, 1.0 - 1e-15);
    (p / (1.0 - p)).log2()
}

/// A weight in bits as a probability.
pub fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}
