//! The country as a whole.

use jiff::civil::Date;

use crate::{
    chw_register,
    facts::Facts,
    hr_registry, people,
    places::{self, County, District, Facility, Places},
    spec::{Spec, SpecError},
    truth::Truth,
    worker::Worker,
};

/// One file that a registry exports.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The registry: [`Country::HR_REGISTRY`] or [`Country::CHW_REGISTER`].
    pub source: &'static str,
    /// The file's name, e.g. `bundle-Practitioner.json`.
    pub name: String,
    /// What stands in it, UTF-8.
    pub bytes: Vec<u8>,
}

/// A whole synthetic country.
pub struct Country {
    spec: Spec,
    places: Places,
    workers: Vec<Worker>,
}

impl Country {
    /// The source name of the HR registry, in the shapes of iHRIS 5 (FHIR R4 bundles).
    pub const HR_REGISTRY: &'static str = "ihris";
    /// The source name of the community health worker and EPI register (a CSV file).
    pub const CHW_REGISTER: &'static str = "chw";

    /// Draws a country. The same [`Spec`] always gives the same one.
    ///
    /// # Errors
    /// When the spec asks for what can't be, see [`SpecError`].
    ///
    /// ```
    /// use mhero_country::{Country, Spec};
    ///
    /// let today = jiff::civil::date(2026, 5, 14);
    /// let country = Country::generate(&Spec { workers: 200, facilities: 40, ..Spec::new(1, today) })?;
    /// assert_eq!(country.truth().people, 200);
    /// assert_eq!(country.facts().name, "Sewara");
    /// # Ok::<(), mhero_country::SpecError>(())
    /// ```
    pub fn generate(spec: &Spec) -> Result<Self, SpecError> {
        spec.check()?;
        let places = places::draw(spec);
        let workers = people::draw(spec, &places);
        Ok(Self { spec: *spec, places, workers })
    }

    /// What was asked for.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The day on which positions are current.
    pub fn today(&self) -> Date {
        self.spec.today
    }

    /// The counties.
    pub fn counties(&self) -> &[County] {
        &self.places.counties
    }

    /// The districts of all counties.
    pub fn districts(&self) -> &[District] {
        &self.places.districts
    }

    /// The facilities of all districts.
    pub fn facilities(&self) -> &[Facility] {
        &self.places.facilities
    }

    /// The people, each once, whichever registries they stand in. The first ones are those whom the console's
    /// pictures show.
    pub fn workers(&self) -> &[Worker] {
        &self.workers
    }

    /// What the demo says about the country.
    pub fn facts(&self) -> Facts {
        Facts::of(&self.places)
    }

    /// The exports of both registries, one after the other, each made when asked for: a bundle holds at most
    /// [`Self::BUNDLE_ENTRIES_MAX`] entries, so a large country never stands in
    /// memory as JSON.
    pub fn files(&self) -> impl Iterator<Item = SourceFile> + '_ {
        hr_registry::files(&self.spec, &self.places, &self.workers)
            .chain(std::iter::once_with(|| chw_register::file(&self.places, &self.workers)))
    }

    /// Most entries of one bundle; what is more goes into `bundle-Practitioner-2.json` and so on.
    pub const BUNDLE_ENTRIES_MAX: usize = hr_registry::ENTRIES_MAX;

    /// What a right import of all files must find.
    pub fn truth(&self) -> Truth {
        Truth::of(self)
    }
}
