//! Cadres with their jobs, shares and courses.

use crate::places::FacilityType;

/// A cadre of health workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadre {
    /// Doctors.
    Doctor,
    /// Clinical officers.
    ClinicalOfficer,
    /// Midwives.
    Midwife,
    /// Nurses.
    Nurse,
    /// Community health workers.
    CommunityHealthWorker,
    /// Laboratory staff.
    Laboratory,
    /// Pharmacists and dispensers.
    Pharmacist,
    /// Records, stores, transport, cleaning.
    Support,
}

/// A job title of the job code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// The code in `ihris-job`, e.g. `2222-1A`.
    pub code: &'static str,
    /// The English title.
    pub english: &'static str,
    /// The French title.
    pub french: &'static str,
}

/// A course that workers attend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Course {
    /// The code, e.g. `emonc`.
    pub code: &'static str,
    /// What stands on the certificate.
    pub name: &'static str,
    /// How long it takes, in days.
    pub days: i64,
}

const fn job(code: &'static str, english: &'static str, french: &'static str) -> Job {
    Job { code, english, french }
}

const fn course(code: &'static str, name: &'static str, days: i64) -> Course {
    Course { code, name, days }
}

const EMONC: Course = course("emonc", "EmONC", 10);
const IPC: Course = course("ipc", "Infection prevention and control", 5);
const EPI: Course = course("epi", "EPI: immunization in practice", 4);
const IMCI: Course = course("imci", "IMCI", 6);
const MALARIA: Course = course("malaria", "Malaria case management", 3);
const IDSR: Course = course("idsr", "Integrated disease surveillance and response", 3);
const ICCM: Course = course("iccm", "Community case management", 6);
const LABORATORY: Course = course("lab-quality", "Laboratory quality", 4);
const COLD_CHAIN: Course = course("cold-chain", "Cold chain", 2);

const DOCTORS: &[Job] = &[
    job("2211-1A", "Medical Doctor", "Médecin généraliste"),
    job("2212-1A", "Obstetrician", "Gynécologue obstétricien"),
    job("2212-2A", "Paediatrician", "Pédiatre"),
    job("2212-3A", "Surgeon", "Chirurgien"),
    job("1342-1A", "Medical Director", "Médecin directeur"),
];
const CLINICAL_OFFICERS: &[Job] =
    &[job("2240-1A", "Physician Assistant", "Assistant médical"), job("2240-2A", "Clinical Officer", "Agent clinique")];
const MIDWIVES: &[Job] = &[
    job("2222-1A", "Registered Midwife", "Sage-femme diplômée"),
    job("3222-1A", "Certified Midwife", "Sage-femme auxiliaire"),
    job("2222-2A", "Midwife Supervisor", "Sage-femme superviseure"),
];
const NURSES: &[Job] = &[
    job("2221-1A", "Registered Nurse", "Infirmier diplômé"),
    job("3221-1A", "Licensed Practical Nurse", "Infirmier breveté"),
    job("3221-2A", "Nurse Aide", "Aide-soignant"),
    job("2221-2A", "Officer in Charge", "Chef de poste"),
    job("3221-3A", "Vaccinator", "Vaccinateur"),
];
const COMMUNITY: &[Job] = &[
    job("3253-1A", "Community Health Assistant", "Agent de santé communautaire"),
    job("3253-2A", "Community Health Promoter", "Relais communautaire"),
    job("3253-3A", "Community Health Supervisor", "Superviseur communautaire"),
];
const LABORATORY_STAFF: &[Job] = &[
    job("3212-1A", "Laboratory Technician", "Technicien de laboratoire"),
    job("3212-2A", "Laboratory Aide", "Aide de laboratoire"),
];
const PHARMACISTS: &[Job] =
    &[job("3213-1A", "Dispenser", "Préparateur en pharmacie"), job("2262-1A", "Pharmacist", "Pharmacien")];
const SUPPORT: &[Job] = &[
    job("9112-1A", "Cleaner", "Agent d'entretien"),
    job("4415-1A", "Records Clerk", "Archiviste"),
    job("5414-1A", "Guard", "Gardien"),
    job("8322-1A", "Driver", "Chauffeur"),
    job("4321-1A", "Store Keeper", "Magasinier"),
];

/// Every course, as the code system lists them.
pub(crate) const COURSES: &[Course] = &[EMONC, IPC, EPI, IMCI, MALARIA, IDSR, ICCM, LABORATORY, COLD_CHAIN];

/// The courses that the community health worker and EPI register writes down.
pub(crate) const REGISTER_COURSES: &[Course] = &[EPI, ICCM, COLD_CHAIN];

impl Cadre {
    /// Every cadre.
    pub const ALL: [Self; 8] = [
        Self::Doctor,
        Self::ClinicalOfficer,
        Self::Midwife,
        Self::Nurse,
        Self::CommunityHealthWorker,
        Self::Laboratory,
        Self::Pharmacist,
        Self::Support,
    ];

    /// The code in `ihris-cadre` and in the audience language.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Doctor => "doctor",
            Self::ClinicalOfficer => "clinical-officer",
            Self::Midwife => "midwife",
            Self::Nurse => "nurse",
            Self::CommunityHealthWorker => "community-health-worker",
            Self::Laboratory => "laboratory",
            Self::Pharmacist => "pharmacist",
            Self::Support => "support",
        }
    }

    /// The English name.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Doctor => "Doctor",
            Self::ClinicalOfficer => "Clinical officer",
            Self::Midwife => "Midwife",
            Self::Nurse => "Nurse",
            Self::CommunityHealthWorker => "Community health worker",
            Self::Laboratory => "Laboratory",
            Self::Pharmacist => "Pharmacist",
            Self::Support => "Support",
        }
    }

    /// The French name.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Doctor => "Médecin",
            Self::ClinicalOfficer => "Assistant médical",
            Self::Midwife => "Sage-femme",
            Self::Nurse => "Infirmier",
            Self::CommunityHealthWorker => "Agent de santé communautaire",
            Self::Laboratory => "Laboratoire",
            Self::Pharmacist => "Pharmacien",
            Self::Support => "Personnel d'appui",
        }
    }

    /// Share of all workers, in percent; the shares add up to 100.
    pub const fn share_percent(self) -> usize {
        match self {
            Self::Doctor => 3,
            Self::ClinicalOfficer => 6,
            Self::Midwife => 10,
            Self::Nurse => 30,
            Self::CommunityHealthWorker => 28,
            Self::Laboratory => 5,
            Self::Pharmacist => 4,
            Self::Support => 14,
        }
    }

    /// Probability that one of them is a woman.
    pub(crate) const fn women(self) -> f64 {
        match self {
            Self::Doctor => 0.27,
            Self::ClinicalOfficer => 0.40,
            Self::Midwife => 0.95,
            Self::Nurse => 0.66,
            Self::CommunityHealthWorker => 0.45,
            Self::Laboratory => 0.35,
            Self::Pharmacist => 0.42,
            Self::Support => 0.38,
        }
    }

    /// How many of them one facility of a type draws, beside others.
    pub(crate) const fn at(self, kind: FacilityType) -> u32 {
        let [hospital, centre, clinic, post] = match self {
            Self::Doctor => [60, 4, 0, 0],
            Self::ClinicalOfficer => [20, 9, 3, 1],
            Self::Midwife | Self::Nurse => [30, 9, 4, 1],
            Self::CommunityHealthWorker => [0, 10, 8, 6],
            Self::Laboratory => [30, 5, 1, 0],
            Self::Pharmacist => [25, 5, 1, 0],
            Self::Support => [45, 8, 3, 1],
        };
        match kind {
            FacilityType::Hospital => hospital,
            FacilityType::HealthCentre => centre,
            FacilityType::Clinic => clinic,
            FacilityType::HealthPost => post,
        }
    }

    /// The job titles of the cadre, the most frequent first.
    pub const fn jobs(self) -> &'static [Job] {
        match self {
            Self::Doctor => DOCTORS,
            Self::ClinicalOfficer => CLINICAL_OFFICERS,
            Self::Midwife => MIDWIVES,
            Self::Nurse => NURSES,
            Self::CommunityHealthWorker => COMMUNITY,
            Self::Laboratory => LABORATORY_STAFF,
            Self::Pharmacist => PHARMACISTS,
            Self::Support => SUPPORT,
        }
    }

    /// The courses that they attend.
    pub(crate) const fn courses(self) -> &'static [Course] {
        match self {
            Self::Doctor | Self::ClinicalOfficer => &[EMONC, IPC, IMCI, MALARIA, IDSR],
            Self::Midwife => &[EMONC, IPC, EPI],
            Self::Nurse => &[IPC, EPI, IMCI, EMONC, MALARIA, IDSR, COLD_CHAIN],
            Self::CommunityHealthWorker => &[ICCM, EPI, MALARIA],
            Self::Laboratory => &[LABORATORY, IPC, IDSR],
            Self::Pharmacist => &[COLD_CHAIN, MALARIA],
            Self::Support => &[IPC],
        }
    }

    /// Whether the community health worker and EPI register may list them.
    pub(crate) const fn in_register(self) -> bool {
        matches!(self, Self::CommunityHealthWorker | Self::Nurse | Self::Midwife)
    }
}
