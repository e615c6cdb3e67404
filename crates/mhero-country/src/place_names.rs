//! Names of places: a table of counties and districts, facilities that the console's pictures show, and syllables.

use crate::places::FacilityType;

/// One county of the table.
pub struct CountyName {
    /// Three letters, part of ids.
    pub code: &'static str,
    pub name: &'static str,
    /// Its part of the country's people, in no unit.
    pub weight: u32,
    /// Share of workers who prefer French, in percent.
    pub french: u32,
    /// Two to five districts.
    pub districts: &'static [&'static str],
}

const fn county(
    code: &'static str,
    name: &'static str,
    weight: u32,
    french: u32,
    districts: &'static [&'static str],
) -> CountyName {
    CountyName { code, name, weight, french, districts }
}

/// All counties. The second district of Cape Sewa is the capital.
pub const COUNTIES: &[CountyName] = &[
    county("NIM", "Nimbara", 12, 20, &["Sanokwe", "Tappala", "Bahnwe", "Saclefa", "Karnwi"]),
    county("LOF", "Lofaye", 10, 26, &["Voza", "Zorwela", "Kolamu", "Fisaye"]),
    county("BON", "Bondou", 8, 78, &["Bondou Centre", "Telika", "Maferou", "Sinko"]),
    county("SIN", "Sinoye", 4, 8, &["Greensa", "Butawe", "Jaedo"]),
    county("GTE", "Grand Temi", 6, 6, &["Buchana", "Temi Coast", "Owensa"]),
    county("CAS", "Cape Sewa", 16, 18, &["Sewa Point", "Port Sewa", "Clarasa", "Congoma", "Todewa"]),
    county("MON", "Montara", 8, 14, &["Montara Town", "Gibisa", "Farmala"]),
    county("KOL", "Kolassa", 6, 86, &["Kolassa Ville", "Dabola Nord", "Kouremale"]),
    county("RIV", "Rivara", 5, 10, &["Cestosa", "Timbowe"]),
    county("GBA", "Gbarela", 7, 12, &["Gbarela Town", "Salala", "Panta", "Zota"]),
    county("BOM", "Bomiya", 5, 16, &["Tubmana", "Klaye", "Senjela"]),
    county("TAM", "Tamboe", 4, 24, &["Tamboe Town", "Robesa", "Gawula"]),
    county("DUM", "Dumasi", 3, 8, &["Fishbani", "Plebo"]),
    county("KES", "Kessaly", 5, 92, &["Kessaly Ville", "Yomou", "Beylo", "Lola Nord"]),
    county("YAR", "Yarowe", 3, 30, &["Belewe", "Bopolu", "Kongba"]),
];

/// A facility that must be there: stem, type, county, index of the district.
pub struct FixedFacility(pub &'static str, pub FacilityType, pub &'static str, pub usize);

/// Facilities of the console's pictures, and a stem that stands in two counties: real registries have such a pair.
pub const FIXED: &[FixedFacility] = &[
    FixedFacility("Gantala", FacilityType::Hospital, "NIM", 1),
    FixedFacility("Vozara", FacilityType::Hospital, "LOF", 0),
    FixedFacility("Fisabo", FacilityType::Clinic, "LOF", 3),
    FixedFacility("Bossari", FacilityType::HealthCentre, "NIM", 2),
    FixedFacility("Borkesa", FacilityType::HealthCentre, "LOF", 1),
    FixedFacility("Zuluma", FacilityType::Clinic, "LOF", 2),
    FixedFacility("Gamari", FacilityType::HealthPost, "NIM", 3),
    FixedFacility("Sanokwe", FacilityType::HealthCentre, "NIM", 0),
    FixedFacility("Sewa National", FacilityType::Hospital, "CAS", 1),
    FixedFacility(TWIN, FacilityType::Clinic, "MON", 1),
    FixedFacility(TWIN, FacilityType::Clinic, "GTE", 1),
];

/// The stem of the two facilities with one name.
pub const TWIN: &str = "Saint Mary";

/// Beginnings of invented stems.
pub const BEGINNINGS: &[&str] = &[
    "Ba", "Ban", "Bar", "Be", "Bo", "Bu", "Da", "Dian", "Do", "Fa", "Fen", "Fo", "Ga", "Gban", "Gbo", "Gue", "Ha",
    "Jen", "Ka", "Kan", "Ke", "Kis", "Ko", "Kon", "Kpa", "La", "Lo", "Ma", "Man", "Me", "Mo", "Nya", "Nia", "Pa", "Sa",
    "San", "Se", "So", "Ta", "Tan", "Tim", "To", "Tu", "Wa", "Wo", "Ya", "Ye", "Yo", "Za", "Zo",
];
/// Middles of invented stems; most have none.
pub const MIDDLES: &[&str] = &["", "", "", "", "", "ma", "la", "li", "ko", "ra", "ri", "du", "ba", "si", "wa", "lo"];
/// Ends of invented stems.
pub const ENDS: &[&str] = &[
    "ta", "da", "la", "ma", "sa", "ya", "wala", "kolo", "bu", "du", "ko", "lo", "ga", "mba", "ssa", "ra", "we", "yea",
    "pa", "kuna", "doma", "foro", "nama", "tiri", "bala", "zu", "sso", "kori", "wuta", "fella", "gbe", "no",
];
