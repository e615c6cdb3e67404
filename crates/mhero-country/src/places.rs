//! The places of the country: counties, districts and facilities.

use std::collections::HashSet;

use crate::{
    dice::Dice,
    place_names::{BEGINNINGS, COUNTIES, ENDS, FIXED, FixedFacility, MIDDLES, TWIN},
    spec::Spec,
};

/// A county: the first level below the country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct County {
    /// The id in the HR registry, e.g. `SW.NIM`.
    pub id: String,
    /// The name.
    pub name: &'static str,
    /// Share of workers who prefer French, in percent.
    pub french_percent: u32,
}

/// A district of a county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// The id in the HR registry, e.g. `SW.NIM.D1`.
    pub id: String,
    /// The name.
    pub name: &'static str,
    /// Index of its county.
    pub county: usize,
}

/// What kind of facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FacilityType {
    /// A hospital.
    Hospital,
    /// A health centre.
    HealthCentre,
    /// A clinic.
    Clinic,
    /// A health post.
    HealthPost,
}

impl FacilityType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::Hospital, Self::HealthCentre, Self::Clinic, Self::HealthPost];

    /// The words after the stem: `Health Centre`.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Hospital => "Hospital",
            Self::HealthCentre => "Health Centre",
            Self::Clinic => "Clinic",
            Self::HealthPost => "Health Post",
        }
    }

    /// What stands before the stem in French: `CS` as in `CS Fisabo`.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Hospital => "Hôpital de",
            Self::HealthCentre => "CS",
            Self::Clinic => "Clinique",
            Self::HealthPost => "PS",
        }
    }

    /// The code in `ihris-facility-type`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hospital => "hospital",
            Self::HealthCentre => "HC",
            Self::Clinic => "CLC",
            Self::HealthPost => "HP",
        }
    }
}

/// A facility of a district.
#[derive(Clone, Debug, PartialEq)]
pub struct Facility {
    /// The id in the HR registry, e.g. `SW.NIM.D1.F1`.
    pub id: String,
    /// The whole name: `Fisabo Clinic`.
    pub name: String,
    /// The name in French: `Clinique Fisabo`.
    pub french_name: String,
    /// The type.
    pub kind: FacilityType,
    /// Index of its district.
    pub district: usize,
    /// Index of its county.
    pub county: usize,
    /// Its id in DHIS2: a letter and ten letters or digits.
    pub dhis2: String,
    /// Latitude and longitude in degrees. Sewara lies in the open Gulf of Guinea, so that no map shows a real village.
    pub position: (f64, f64),
}

/// All places of one country.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub counties: Vec<County>,
    pub districts: Vec<District>,
    pub facilities: Vec<Facility>,
    /// Facilities whose name another one has too.
    pub twins: HashSet<usize>,
}

/// The id of the country in the HR registry.
pub(crate) const COUNTRY_ID: &str = "SW";

/// Draws the places.
pub(crate) fn draw(spec: &Spec) -> Places {
    let (counties, districts) = jurisdictions(spec.counties);
    let mut builder = Builder { spec, districts: &districts, facilities: Vec::new(), stems: HashSet::new() };
    builder.fixed();
    builder.one_hospital_per_county();
    builder.one_per_district();
    builder.the_rest();
    let mut facilities = builder.facilities;
    number(&mut facilities, &districts);
    let twins = facilities.iter().enumerate().filter(|(_, f)| f.name.starts_with(TWIN)).map(|(i, _)| i).collect();
    Places { counties, districts, facilities, twins }
}

fn jurisdictions(count: usize) -> (Vec<County>, Vec<District>) {
    let mut counties = Vec::new();
    let mut districts = Vec::new();
    for (index, from) in COUNTIES.iter().take(count).enumerate() {
        let id = format!("{COUNTRY_ID}.{}", from.code);
        for (n, name) in from.districts.iter().enumerate() {
            districts.push(District { id: format!("{id}.D{}", n + 1), name, county: index });
        }
        counties.push(County { id, name: from.name, french_percent: from.french });
    }
    (counties, districts)
}

/// Gives facilities their ids, running within the district.
fn number(facilities: &mut [Facility], districts: &[District]) {
    let mut running = vec![0_usize; districts.len()];
    for facility in facilities {
        running[facility.district] += 1;
        facility.id = format!("{}.F{}", districts[facility.district].id, running[facility.district]);
    }
}

struct Builder<'a> {
    spec: &'a Spec,
    districts: &'a [District],
    facilities: Vec<Facility>,
    stems: HashSet<String>,
}

impl Builder<'_> {
    /// Those of the console's pictures, as far as the country has their counties and room for them.
    fn fixed(&mut self) {
        for FixedFacility(stem, kind, code, within) in FIXED {
            let Some(county) = COUNTIES.iter().take(self.spec.counties).position(|c| c.code == *code) else { continue };
            let district = self.first_district(county) + within;
            // Every county needs at least one facility of its own.
            if self.facilities.len() + self.spec.counties < self.spec.facilities {
                self.add(district, *kind, Some((*stem).to_owned()));
            }
        }
    }

    fn one_hospital_per_county(&mut self) {
        for county in 0..self.spec.counties {
            if !self.facilities.iter().any(|f| f.county == county && f.kind == FacilityType::Hospital) {
                self.add(self.first_district(county), FacilityType::Hospital, None);
            }
        }
    }

    fn one_per_district(&mut self) {
        for district in 0..self.districts.len() {
            if !self.facilities.iter().any(|f| f.district == district) {
                self.add(district, FacilityType::HealthCentre, None);
            }
        }
    }

    fn the_rest(&mut self) {
        let weights: Vec<u32> = COUNTIES.iter().take(self.spec.counties).map(|c| c.weight).collect();
        let mut dice = Dice::new(self.spec.seed, "facility places", "");
        while self.facilities.len() < self.spec.facilities {
            let county = dice.weighted(&weights);
            let district = self.first_district(county) + dice.below(COUNTIES[county].districts.len());
            let kind = FacilityType::ALL[dice.weighted(&[3, 27, 56, 14])];
            self.add(district, kind, None);
        }
    }

    fn first_district(&self, county: usize) -> usize {
        self.districts.partition_point(|d| d.county < county)
    }

    /// Adds one, unless the country is full.
    fn add(&mut self, district: usize, kind: FacilityType, stem: Option<String>) {
        if self.facilities.len() >= self.spec.facilities {
            return;
        }
        let mut dice = Dice::nth(self.spec.seed, "facility", self.facilities.len());
        let stem = stem.unwrap_or_else(|| {
            loop {
                let stem = invent(&mut dice);
                if !self.stems.contains(&stem) {
                    break stem;
                }
            }
        });
        let county = self.districts[district].county;
        self.facilities.push(Facility {
            id: String::new(),
            name: format!("{stem} {}", kind.english()),
            french_name: format!("{} {stem}", kind.french()),
            kind,
            district,
            county,
            dhis2: dhis2_id(&mut dice),
            position: somewhere(&mut dice, county),
        });
        self.stems.insert(stem);
    }
}

/// A stem that sounds like the region and stands on no map.
fn invent(dice: &mut Dice) -> String {
    [BEGINNINGS, MIDDLES, ENDS].map(|parts| dice.pick(parts)).concat()
}

fn dhis2_id(dice: &mut Dice) -> String {
    const SIGNS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    (0..11).map(|n| char::from(SIGNS[dice.below(if n == 0 { 52 } else { 62 })])).collect()
}

/// A point near the middle of the county, to four decimals. Counties lie in three rows of five.
fn somewhere(dice: &mut Dice, county: usize) -> (f64, f64) {
    let mut near = |middle: f64| ((middle + dice.unit() * 0.7) * 10_000.0).round() / 10_000.0;
    (near(0.5 + (county / 5) as f64 * 0.8), near(-6.0 + (county % 5) as f64 * 0.8))
}
