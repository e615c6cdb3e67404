//! Draws the people: who they are, in which registry they stand, where they work, what is written as their phone.

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};
use mhero_core::Lang;

use crate::{
    cadre::{Cadre, REGISTER_COURSES},
    cast::{self, Role},
    dice::Dice,
    names,
    numbers::{Numbers, spell, spoil},
    places::Places,
    spec::Spec,
    worker::{Attended, ChwEntry, HrEntry, Name, Position, Sex, Worker, WrittenPhone},
};

/// Share of people who stand in both registries, and of those whom only the register knows, in percent.
const IN_BOTH_PERCENT: usize = 20;
const ONLY_IN_REGISTER_PERCENT: usize = 6;

/// Days in a year, for ages and periods where a day more or less does not matter.
const YEAR: i64 = 365;

/// Languages of workers who prefer neither English nor French.
const OTHER_LANGUAGES: &[&str] = &["kpe", "men", "vai", "mnk"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    OnlyHr,
    Both,
    OnlyRegister,
}

/// Draws all people of the country.
pub fn draw(spec: &Spec, places: &Places) -> Vec<Worker> {
    let cast = cast::of(spec, places);
    let cadres = cadres(spec, cast);
    let standings = standings(spec, &cadres, cast);
    let mut draw = Draw {
        today: spec.today,
        places,
        facilities: FacilityChoice::of(places),
        numbers: Numbers::with_taken(cast.iter().flat_map(|role| role.numbers.iter().copied())),
        shared: HashMap::new(),
        hr_entries: 0,
        register_entries: 0,
    };
    (0..spec.workers)
        .map(|index| {
            let mut dice = Dice::nth(spec.seed, "worker", index);
            draw.worker(&mut dice, cadres[index], standings[index], cast.get(index))
        })
        .collect()
}

/// The cadre of each person: exact shares, in a drawn order, the cast first.
fn cadres(spec: &Spec, cast: &[Role]) -> Vec<Cadre> {
    let mut all = Vec::with_capacity(spec.workers);
    for cadre in Cadre::ALL {
        all.extend(std::iter::repeat_n(cadre, spec.workers * cadre.share_percent() / 100));
    }
    // What rounding down left over.
    all.resize(spec.workers, Cadre::Nurse);
    Dice::new(spec.seed, "cadres", "").shuffle(&mut all);
    for (index, role) in cast.iter().enumerate() {
        let from = (index..all.len()).find(|at| all[*at] == role.cadre).expect("the cast is smaller than its cadre");
        all.swap(index, from);
    }
    all
}

/// In which registries each person stands: exact shares, and only front-line cadres in the register.
fn standings(spec: &Spec, cadres: &[Cadre], cast: &[Role]) -> Vec<Standing> {
    let mut standings = vec![Standing::OnlyHr; cadres.len()];
    let mut order: Vec<usize> = (cast.len()..cadres.len()).collect();
    Dice::new(spec.seed, "standings", "").shuffle(&mut order);
    let volunteers = order.iter().filter(|at| cadres[**at] == Cadre::CommunityHealthWorker);
    for at in volunteers.take(spec.workers * ONLY_IN_REGISTER_PERCENT / 100) {
        standings[*at] = Standing::OnlyRegister;
    }
    let of_the_cast = (0..cast.len()).filter(|at| cast[*at].in_both);
    let others = order.iter().copied().filter(|at| cadres[*at].in_register());
    let both: Vec<usize> = of_the_cast
        .chain(others)
        .filter(|at| standings[*at] == Standing::OnlyHr)
        .take(spec.workers * IN_BOTH_PERCENT / 100)
        .collect();
    for at in both {
        standings[at] = Standing::Both;
    }
    standings
}

/// Where a cadre works, by running totals of weights over the facilities.
struct FacilityChoice {
    anywhere: HashMap<Cadre, Vec<u32>>,
    /// The register names facilities by name only, so its people work where the name is enough.
    by_name: HashMap<Cadre, Vec<u32>>,
}

impl FacilityChoice {
    fn of(places: &Places) -> Self {
        let totals = |cadre: Cadre, may: &dyn Fn(usize) -> bool| {
            let weights: Vec<u32> = places.facilities.iter().map(|f| cadre.at(f.kind)).collect();
            let usual = weights.iter().enumerate().any(|(at, weight)| may(at) && *weight > 0);
            let mut total = 0;
            let add = |(at, weight): (usize, &u32)| {
                // A country so small that it has no place for a cadre puts it anywhere.
                total += if may(at) { if usual { *weight } else { 1 } } else { 0 };
                total
            };
            weights.iter().enumerate().map(add).collect::<Vec<u32>>()
        };
        let anywhere = Cadre::ALL.map(|cadre| (cadre, totals(cadre, &|_| true)));
        let by_name = Cadre::ALL.map(|cadre| (cadre, totals(cadre, &|at| !places.twins.contains(&at))));
        Self { anywhere: HashMap::from(anywhere), by_name: HashMap::from(by_name) }
    }

    fn draw(&self, dice: &mut Dice, cadre: Cadre, standing: Standing) -> usize {
        let from = if standing == Standing::OnlyHr { &self.anywhere } else { &self.by_name };
        dice.cumulative(&from[&cadre])
    }
}

struct Draw<'a> {
    today: Date,
    places: &'a Places,
    facilities: FacilityChoice,
    numbers: Numbers,
    /// The number that the next community health worker of a facility may share.
    shared: HashMap<usize, u32>,
    hr_entries: u32,
    register_entries: u32,
}

impl Draw<'_> {
    fn worker(&mut self, dice: &mut Dice, cadre: Cadre, standing: Standing, role: Option<&Role>) -> Worker {
        let facility = match role {
            Some(role) => self.places.facilities.iter().position(|f| f.name == role.facility),
            None => None,
        };
        let facility = facility.unwrap_or_else(|| self.facilities.draw(dice, cadre, standing));
        let language = match role {
            Some(role) => {
                if role.french {
                    Lang::FRENCH
                } else {
                    Lang::ENGLISH
                }
            }
            None => self.language(dice, facility),
        };
        let sex = if dice.chance(cadre.women()) { Sex::Female } else { Sex::Male };
        let french = language == Lang::FRENCH || dice.chance(0.07);
        let name = names::draw(dice, sex, french);
        let (name, sex) = role.map_or((name, sex), |role| (role.name, role.sex));
        let age = dice.between(22 * YEAR, 61 * YEAR);
        let usual = self.usual_numbers(dice, cadre, facility, role);
        let hr = (standing != Standing::OnlyRegister)
            .then(|| self.hr_entry(dice, cadre, standing, facility, &usual, age, role.is_some()));
        let chw = (standing != Standing::OnlyHr)
            .then(|| self.register_entry(dice, &name, facility, hr.as_ref(), &usual, role.is_some()));
        Worker { name, sex, birth: self.days_ago(age), language, cadre, hr, chw }
    }

    fn days_ago(&self, days: i64) -> Date {
        self.today.saturating_sub(days.days())
    }

    fn language(&self, dice: &mut Dice, facility: usize) -> Lang {
        let county = &self.places.counties[self.places.facilities[facility].county];
        if dice.below(100) < county.french_percent as usize {
            Lang::FRENCH
        } else if dice.chance(0.07) {
            dice.pick(OTHER_LANGUAGES).parse().expect("three letters are a language code")
        } else {
            Lang::ENGLISH
        }
    }

    /// The numbers that really ring at the person: none, one, two, or a colleague's.
    fn usual_numbers(&mut self, dice: &mut Dice, cadre: Cadre, facility: usize, role: Option<&Role>) -> Vec<u32> {
        if let Some(role) = role {
            return role.numbers.to_vec();
        }
        let community = cadre == Cadre::CommunityHealthWorker;
        if community
            && let Some(number) = self.shared.get(&facility).copied()
            && dice.chance(0.14)
        {
            // Now and then a third one shares it too.
            if dice.chance(0.9) {
                self.shared.remove(&facility);
            }
            return vec![number];
        }
        let count = dice.weighted(&[9, 82, 9]);
        let numbers: Vec<u32> = (0..count).map(|_| self.numbers.next(dice)).collect();
        if community && let Some(first) = numbers.first() {
            self.shared.insert(facility, *first);
        }
        numbers
    }

    #[expect(clippy::too_many_arguments, reason = "one person's drawn traits; a struct for one call says no more")]
    fn hr_entry(
        &mut self,
        dice: &mut Dice,
        cadre: Cadre,
        standing: Standing,
        facility: usize,
        numbers: &[u32],
        age: i64,
        of_the_cast: bool,
    ) -> HrEntry {
        self.hr_entries += 1;
        let number = 10_000 + self.hr_entries;
        let mut phones: Vec<WrittenPhone> = numbers.iter().map(|n| written(dice, *n)).collect();
        // Of those without a number, some have something else in its place; and some beside a number.
        if (phones.is_empty() && dice.chance(0.45) || dice.chance(0.015)) && !of_the_cast {
            phones.push(bad(dice));
        }
        let mut entry = HrEntry {
            number,
            payroll: 100_000 + self.hr_entries * 7 + dice.below(7) as u32,
            active: true,
            phones,
            positions: Vec::new(),
            courses: self.courses(dice, cadre),
        };
        let hired = dice.between(90, (age - 21 * YEAR).clamp(91, 24 * YEAR));
        let career = if of_the_cast { 4 } else { dice.weighted(&[20, 15, 20, 120, 825]) };
        // Those whom the register lists work there today.
        let career = if standing == Standing::Both && career < 3 { 4 } else { career };
        entry.active = career != 0 || dice.chance(0.5);
        entry.positions = self.positions(dice, cadre, standing, facility, hired, career);
        entry
    }

    /// The positions of a career: 0 left the service (one in four without any position), 1 is on transfer, 2 works at
    /// two places, 3 worked elsewhere before, 4 always worked where she works now.
    fn positions(
        &self,
        dice: &mut Dice,
        cadre: Cadre,
        standing: Standing,
        facility: usize,
        hired: i64,
        career: usize,
    ) -> Vec<Position> {
        let jobs = cadre.jobs();
        let mut job = || if dice.chance(0.55) { &jobs[0] } else { &jobs[dice.below(jobs.len())] };
        let (now, then) = (job(), job());
        let elsewhere = self.facilities.draw(dice, cadre, standing);
        let at = |facility, job, start: i64, end: Option<i64>| Position {
            job,
            facility,
            start: self.days_ago(start),
            end: end.map(|days| self.days_ago(days)),
        };
        match career {
            0 if dice.chance(0.25) => Vec::new(),
            0 => vec![at(facility, now, hired, Some(dice.between(1, hired - 30)))],
            1 => {
                let last_day = dice.between(3, 25);
                vec![at(facility, now, hired, Some(-last_day)), at(elsewhere, now, -last_day - 1, None)]
            }
            2 => vec![at(facility, now, hired, None), at(elsewhere, then, dice.between(30, hired), None)],
            3 => {
                let moved = dice.between(31, hired - 30);
                vec![at(elsewhere, then, hired, Some(moved + 1)), at(facility, now, moved, None)]
            }
            _ => vec![at(facility, now, hired, None)],
        }
    }

    fn courses(&self, dice: &mut Dice, cadre: Cadre) -> Vec<Attended> {
        let mut courses = cadre.courses().to_vec();
        dice.shuffle(&mut courses);
        courses.truncate(dice.weighted(&[32, 40, 20, 8]));
        courses.into_iter().map(|course| self.attended(dice, course)).collect()
    }

    fn attended(&self, dice: &mut Dice, course: crate::cadre::Course) -> Attended {
        let start = dice.between(20, 5 * YEAR);
        Attended { course, start: self.days_ago(start), end: self.days_ago(start - course.days + 1) }
    }

    fn register_entry(
        &mut self,
        dice: &mut Dice,
        name: &Name,
        facility: usize,
        hr: Option<&HrEntry>,
        numbers: &[u32],
        of_the_cast: bool,
    ) -> ChwEntry {
        self.register_entries += 1;
        let phone = match (numbers.first(), dice.weighted(&[76, 14, 7, 3])) {
            (Some(number), _) if of_the_cast => Some(written(dice, *number)),
            (Some(number), 0) => Some(written(dice, *number)),
            // The programme visits more often than HR does, and has a newer number; volunteers have only one.
            (Some(_), 1) if hr.is_some() => {
                let newer = self.numbers.next(dice);
                Some(written(dice, newer))
            }
            (Some(number), 1) => Some(written(dice, *number)),
            (Some(_), 2) => None,
            (None, 0..=2) => None,
            _ => Some(bad(dice)),
        };
        ChwEntry {
            number: self.register_entries,
            payroll: hr.map(|hr| hr.payroll),
            name: names::written_elsewhere(dice, name).into(),
            phone,
            facility,
            course: dice.chance(0.55).then(|| {
                let course = dice.pick(REGISTER_COURSES);
                self.attended(dice, course)
            }),
        }
    }
}

fn written(dice: &mut Dice, national: u32) -> WrittenPhone {
    WrittenPhone { raw: spell(dice, national).into(), national: Some(national) }
}

fn bad(dice: &mut Dice) -> WrittenPhone {
    let national = 770_000_000 + dice.below(1_000_000) as u32;
    WrittenPhone { raw: spoil(dice, national).into(), national: None }
}
