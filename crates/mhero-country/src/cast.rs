//! The people whom the console's pictures show: they are in every country that is large enough.

use crate::{
    cadre::Cadre,
    places::Places,
    spec::Spec,
    worker::{Name, Sex},
};

/// One person of the pictures.
pub struct Role {
    pub name: Name,
    pub sex: Sex,
    pub cadre: Cadre,
    pub facility: &'static str,
    pub french: bool,
    /// National numbers, the best first.
    pub numbers: &'static [u32],
    /// Whether the other register lists the person too.
    pub in_both: bool,
}

const fn midwife(
    given: &'static str,
    family: &'static str,
    facility: &'static str,
    french: bool,
    numbers: &'static [u32],
    in_both: bool,
) -> Role {
    let name = Name { given, initial: None, family };
    Role { name, sex: Sex::Female, cadre: Cadre::Midwife, facility, french, numbers, in_both }
}

const fn nurse(
    given: &'static str,
    family: &'static str,
    facility: &'static str,
    french: bool,
    numbers: &'static [u32],
) -> Role {
    let name = Name { given, initial: None, family };
    Role { name, sex: Sex::Male, cadre: Cadre::Nurse, facility, french, numbers, in_both: false }
}

const CAST: &[Role] = &[
    midwife("Mary", "Kollie", "Fisabo Clinic", false, &[770_000_214, 886_000_552], true),
    midwife("Mariam", "Camara", "Borkesa Health Centre", true, &[778_000_402], true),
    midwife("Ruth", "Sumo", "Fisabo Clinic", false, &[770_000_590], false),
    midwife("Aissata", "Diallo", "Bossari Health Centre", true, &[881_000_067], false),
    midwife("Hawa", "Massaquin", "Gantala Hospital", false, &[555_000_860], false),
    midwife("Lorpu", "Gbanya", "Vozara Hospital", false, &[770_000_905], false),
    midwife("Marie", "Lamah", "Gamari Health Post", true, &[881_000_339], false),
    midwife("Fatu", "Kpanna", "Gantala Hospital", false, &[886_000_731], false),
    midwife("Comfort", "Weah-Gaye", "Zuluma Clinic", false, &[770_000_118], false),
    midwife("Patience", "Toe", "Sanokwe Health Centre", false, &[], false),
    nurse("James", "Flomo", "Gantala Hospital", false, &[886_000_155]),
    nurse("Prince", "Zaza", "Vozara Hospital", false, &[777_000_812]),
    nurse("Ousmane", "Bah", "Borkesa Health Centre", true, &[778_000_031]),
];

/// Below so many workers, a cadre may be smaller than its part of the cast.
const WORKERS_MIN: usize = 200;

/// The cast of this country: everybody, or nobody where a facility is missing or people are few.
pub fn of(spec: &Spec, places: &Places) -> &'static [Role] {
    let exists = |role: &Role| places.facilities.iter().any(|f| f.name == role.facility);
    if spec.workers >= WORKERS_MIN && CAST.iter().all(exists) { CAST } else { &[] }
}
