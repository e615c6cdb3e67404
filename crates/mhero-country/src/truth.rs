//! What a right import of all files must find, for tests and rehearsals.

use std::collections::{BTreeMap, HashMap};

use crate::{cadre::Cadre, country::Country, worker::Worker};

/// People, and those of them whom a message can reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// People.
    pub people: usize,
    /// People with at least one valid number in either registry.
    pub reachable: usize,
}

impl Tally {
    fn add(&mut self, reachable: bool) {
        self.people += 1;
        self.reachable += usize::from(reachable);
    }
}

/// Counts over both registries after joining by payroll number. Counts by place and cadre look at positions that are
/// current on the country's day; a row of the register is a current position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Different people.
    pub people: usize,
    /// Records of people in the HR registry.
    pub in_hr: usize,
    /// Rows of the register.
    pub in_register: usize,
    /// People in both.
    pub in_both: usize,
    /// People with at least one valid number.
    pub reachable: usize,
    /// People for whom no registry writes anything as a phone.
    pub without_phone: usize,
    /// People for whom something is written, but no number.
    pub only_bad_numbers: usize,
    /// People with two or more different valid numbers.
    pub with_several_numbers: usize,
    /// Different valid numbers.
    pub numbers: usize,
    /// Numbers that belong to more than one person.
    pub shared_numbers: usize,
    /// People who share a number.
    pub sharing: usize,
    /// People with a current position.
    pub working: Tally,
    /// By county.
    pub by_county: BTreeMap<&'static str, Tally>,
    /// By cadre.
    pub by_cadre: BTreeMap<Cadre, Tally>,
    /// By county and cadre.
    pub by_county_and_cadre: BTreeMap<(&'static str, Cadre), Tally>,
    /// All people by preferred language (ISO 639-3).
    pub by_language: BTreeMap<String, usize>,
    /// People by course code, as the HR registry knows it.
    pub trained: BTreeMap<&'static str, usize>,
    /// Positions in the HR registry: all, and those current.
    pub positions: usize,
    /// Positions in the HR registry that are current.
    pub current_positions: usize,
    /// People with two current positions.
    pub at_two_places: usize,
}

impl Truth {
    pub(crate) fn of(country: &Country) -> Self {
        let mut truth = Self { people: country.workers().len(), ..Self::default() };
        let mut owners: HashMap<u32, usize> = HashMap::new();
        for worker in country.workers() {
            truth.registries(worker);
            truth.phones(worker);
            truth.work(country, worker);
            for national in worker.nationals() {
                *owners.entry(national).or_default() += 1;
            }
        }
        truth.numbers = owners.len();
        truth.shared_numbers = owners.values().filter(|count| **count > 1).count();
        let shares = |worker: &&Worker| worker.nationals().iter().any(|national| owners[national] > 1);
        truth.sharing = country.workers().iter().filter(shares).count();
        truth
    }

    fn registries(&mut self, worker: &Worker) {
        self.in_hr += usize::from(worker.hr.is_some());
        self.in_register += usize::from(worker.chw.is_some());
        self.in_both += usize::from(worker.hr.is_some() && worker.chw.is_some());
        *self.by_language.entry(worker.language.to_string()).or_default() += 1;
        for attended in worker.hr.iter().flat_map(|hr| &hr.courses) {
            *self.trained.entry(attended.course.code).or_default() += 1;
        }
    }

    fn phones(&mut self, worker: &Worker) {
        match worker.nationals().len() {
            0 if worker.phones().next().is_none() => self.without_phone += 1,
            0 => self.only_bad_numbers += 1,
            1 => self.reachable += 1,
            _ => {
                self.reachable += 1;
                self.with_several_numbers += 1;
            }
        }
    }

    fn work(&mut self, country: &Country, worker: &Worker) {
        let positions = worker.hr.iter().flat_map(|hr| &hr.positions);
        self.positions += positions.clone().count();
        let current = positions.filter(|position| position.is_current(country.today())).count();
        self.current_positions += current;
        self.at_two_places += usize::from(current > 1);
        let facilities = worker.current_facilities(country.today());
        if facilities.is_empty() {
            return;
        }
        let reachable = !worker.nationals().is_empty();
        self.working.add(reachable);
        self.by_cadre.entry(worker.cadre).or_default().add(reachable);
        let mut counties: Vec<&'static str> =
            facilities.iter().map(|at| country.counties()[country.facilities()[*at].county].name).collect();
        counties.sort_unstable();
        counties.dedup();
        for county in counties {
            self.by_county.entry(county).or_default().add(reachable);
            self.by_county_and_cadre.entry((county, worker.cadre)).or_default().add(reachable);
        }
    }
}
