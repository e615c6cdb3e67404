//! A health worker as both registries know them.

use std::fmt;

use jiff::civil::Date;
use mhero_core::Lang;

use crate::{
    cadre::{Cadre, Course, Job},
    numbers::e164,
};

/// Female or male, as the HR registry writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
}

impl Sex {
    /// The FHIR code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// A name in the HR registry's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The given name.
    pub given: &'static str,
    /// The initial of a middle name, without its point.
    pub initial: Option<char>,
    /// The family name.
    pub family: &'static str,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.initial {
            Some(initial) => write!(f, "{} {initial}. {}", self.given, self.family),
            None => write!(f, "{} {}", self.given, self.family),
        }
    }
}

/// A phone as a clerk wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct WrittenPhone {
    /// The text in the register.
    pub raw: Box<str>,
    /// The national number that it means; `None` when it is no number.
    pub(crate) national: Option<u32>,
}

impl WrittenPhone {
    /// The number in E.164, e.g. `+231770000214`; `None` when the text is no number.
    pub fn number(&self) -> Option<String> {
        self.national.map(e164)
    }
}

/// Never the number: even an invented one has no place in a log line.
impl fmt::Debug for WrittenPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrittenPhone({})", if self.national.is_some() { "number" } else { "no number" })
    }
}

/// Who works where, as what, since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The job title.
    pub job: &'static Job,
    /// Index of the facility.
    pub facility: usize,
    /// First day.
    pub start: Date,
    /// Last day, past or to come.
    pub end: Option<Date>,
}

impl Position {
    /// Whether somebody is reached through it on that day.
    pub fn is_current(&self, today: Date) -> bool {
        self.start <= today && self.end.is_none_or(|end| end >= today)
    }
}

/// A course attended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attended {
    /// The course.
    pub course: Course,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

/// What the HR registry (iHRIS) says about a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HrEntry {
    /// The number in its ids: 10442 in `HW-10442`.
    pub number: u32,
    /// The payroll number.
    pub payroll: u32,
    /// False when the registry says that the worker has left.
    pub active: bool,
    /// Phones as written, the best first.
    pub phones: Vec<WrittenPhone>,
    /// Positions past, current and to come; perhaps none.
    pub positions: Vec<Position>,
    /// In-service training.
    pub courses: Vec<Attended>,
}

/// What the community health worker and EPI register says about a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChwEntry {
    /// The number in its id: 871 in `C-0871`.
    pub number: u32,
    /// The payroll number, by which the registries are joined; volunteers have none.
    pub payroll: Option<u32>,
    /// The name as this register spells it.
    pub name: Box<str>,
    /// The phone as written, if any.
    pub phone: Option<WrittenPhone>,
    /// Index of the facility.
    pub facility: usize,
    /// The programme's own course.
    pub course: Option<Attended>,
}

impl HrEntry {
    /// The id in the HR registry, e.g. `HW-10442`.
    pub fn id(&self) -> String {
        format!("HW-{}", self.number)
    }
}

impl ChwEntry {
    /// The id in the register, e.g. `C-0871`.
    pub fn id(&self) -> String {
        format!("C-{:04}", self.number)
    }
}

/// One person, who stands in one or both registries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The name.
    pub name: Name,
    /// Female or male.
    pub sex: Sex,
    /// Date of birth.
    pub birth: Date,
    /// Preferred language.
    pub language: Lang,
    /// The cadre, through the job.
    pub cadre: Cadre,
    /// In the HR registry.
    pub hr: Option<HrEntry>,
    /// In the community health worker and EPI register.
    pub chw: Option<ChwEntry>,
}

impl Worker {
    /// Facilities of current positions on that day, each once.
    pub fn current_facilities(&self, today: Date) -> Vec<usize> {
        let hr = self.hr.iter().flat_map(|hr| &hr.positions).filter(|p| p.is_current(today)).map(|p| p.facility);
        let mut all: Vec<usize> = hr.chain(self.chw.iter().map(|chw| chw.facility)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Every phone that a registry writes, valid or not.
    pub fn phones(&self) -> impl Iterator<Item = &WrittenPhone> {
        self.hr.iter().flat_map(|hr| &hr.phones).chain(self.chw.iter().filter_map(|chw| chw.phone.as_ref()))
    }

    /// Valid numbers over both registries, in E.164, each once, in the order of the registries.
    pub fn numbers(&self) -> Vec<String> {
        self.nationals().into_iter().map(e164).collect()
    }

    pub(crate) fn nationals(&self) -> Vec<u32> {
        let mut all = Vec::new();
        for national in self.phones().filter_map(|phone| phone.national) {
            if !all.contains(&national) {
                all.push(national);
            }
        }
        all
    }
}
