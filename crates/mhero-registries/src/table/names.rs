//! The names that columns have in staff lists, in English and French: a table of data. Folded, and without fillers such as
//! "de" or "number"; see `fold`.

use super::Column;

/// Identifiers of staff in a table that names no system.
const STAFF: &str = "#staff";

/// Levels of places from the top down, with their names.
#[rustfmt::skip]
pub(super) const LEVELS: &[(&str, &[&str])] = &[
    ("country", &["country", "pays", "nation"]),
    ("region", &["region", "region sanitaire", "health region"]),
    ("state", &["state", "etat federe"]),
    ("province", &["province"]),
    ("county", &["county", "comte", "counties", "county name"]),
    ("department", &["departement", "department administratif"]),
    ("prefecture", &["prefecture", "prefecture sanitaire"]),
    ("zone", &["zone", "health zone", "zone sante", "zone sanitaire"]),
    ("district", &["district", "health district", "district sanitaire", "district sante", "district name"]),
    ("subdistrict", &["subdistrict", "sub district", "sous prefecture", "arrondissement", "commune", "chiefdom",
        "chefferie"]),
    ("area", &["area", "health area", "aire sante", "catchment area", "secteur", "sector"]),
    ("village", &["village", "community", "communaute", "localite"]),
];

/// Known names, folded and without fillers.
#[rustfmt::skip]
pub(super) const NAMES: &[(Known, &[&str])] = &[
    (Known::Id, &["id", "uid", "uuid", "person id", "record id", "worker id", "health worker id", "practitioner id",
        "globalid", "global id", "identifiant", "agent id", "id agent"]),
    (Known::Staff, &["staff", "staff id", "staff code", "payroll", "payroll id", "matricule", "employee id",
        "employee code", "personnel id", "code agent", "id card payroll", "matricule agent"]),
    (Known::Name, &["name", "full name", "fullname", "names", "nom complet", "nom prenom", "nom prenoms",
        "nom et prenom", "nom et prenoms", "noms prenoms", "noms et prenoms", "prenom nom", "prenom et nom",
        "prenoms nom", "prenoms et nom", "health worker", "health worker name", "worker name", "staff name",
        "employee name", "name staff", "name health worker", "nom agent", "agent sante"]),
    (Known::NameOrFamily, &["nom", "noms"]),
    (Known::Given, &["first name", "first names", "firstname", "given name", "given names", "given", "forename",
        "forenames", "prenom", "prenoms", "prenom s"]),
    (Known::Middle, &["middle name", "middle names", "other names", "other name", "postnom", "post nom",
        "deuxieme prenom"]),
    (Known::Family, &["surname", "last name", "lastname", "family name", "family", "nom famille", "nom usage"]),
    (Known::Phone, &["phone", "telephone", "tel", "contact", "contacts", "msisdn", "phone contact", "contact phone",
        "primary phone", "main phone", "secondary phone", "second phone", "alternate phone", "alternative phone",
        "alt phone", "other phone", "autre telephone", "second telephone", "telephone principal",
        "telephone secondaire", "tel contact", "contact tel", "contact telephone", "contact telephonique"]),
    (Known::Mobile, &["mobile", "mobile phone", "phone mobile", "cell", "cellphone", "cell phone", "portable", "gsm",
        "telephone portable", "telephone mobile", "tel portable", "tel mobile", "tel cell"]),
    (Known::WorkPhone, &["work phone", "office phone", "phone work", "phone office", "telephone bureau",
        "telephone travail", "telephone professionnel", "tel bureau"]),
    (Known::HomePhone, &["home phone", "phone home", "telephone domicile", "telephone fixe", "tel domicile"]),
    (Known::Cadre, &["cadre", "cadres", "health cadre", "staff cadre", "category", "categorie", "staff category",
        "professional category", "categorie professionnelle", "profession", "corps"]),
    (Known::Job, &["job", "job title", "position", "position title", "post", "poste", "fonction", "emploi",
        "function", "role", "designation", "occupation", "intitule poste", "titre poste", "current job",
        "current position"]),
    (Known::Facility, &["facility", "facility name", "name facility", "health facility", "health facility name",
        "name health facility", "structure", "structure sanitaire", "structure sante", "nom structure",
        "etablissement", "etablissement sante", "etablissement sanitaire", "nom etablissement",
        "formation sanitaire", "centre sante", "health center", "health centre", "fosa", "hospital", "hopital",
        "clinic", "site", "duty station", "workplace", "work place", "place work", "lieu travail",
        "lieu affectation", "affectation", "work station"]),
    (Known::FacilityId, &["facility id", "facility code", "code facility", "facility uid", "code structure",
        "id structure", "code etablissement", "mfl code", "code fosa", "place id", "location id"]),
    (Known::Place, &["place", "lieu", "location", "jurisdiction", "juridiction"]),
    (Known::Language, &["language", "languages", "lang", "preferred language", "langue", "langues", "langue preferee"]),
    (Known::Sex, &["sex", "gender", "sexe", "genre"]),
    (Known::Birth, &["birth date", "birthdate", "date birth", "dob", "birthday", "date naissance"]),
    (Known::Groups, &["group", "groups", "groupe", "groupes", "contact group", "contact groups"]),
    (Known::Trainings, &["training", "trainings", "trainings attended", "training attended", "formation",
        "formations", "formations suivies", "course", "courses"]),
    (Known::Active, &["active", "actif", "status", "statut", "employment status", "staff status"]),
    (Known::Start, &["start date", "date start", "date debut", "hire date", "date hired", "date hire",
        "date embauche", "employment date", "date employment", "appointment date", "date appointment",
        "date prise service", "date recrutement", "start"]),
    (Known::End, &["end date", "date end", "date fin", "departure date", "date departure", "date depart", "end"]),
    (Known::Email, &["email", "e mail", "mail", "courriel", "email address", "adresse email", "adresse mail",
        "e mail address", "adresse e mail"]),
    (Known::Skipped, &["sn", "s n", "serial", "serie", "ordre", "no", "n", "row", "ligne", "numero", "number", "num", "nr"]),
];

#[derive(Clone, Copy)]
pub(super) enum Known {
    Id,
    Staff,
    Name,
    NameOrFamily,
    Given,
    Middle,
    Family,
    Phone,
    Mobile,
    WorkPhone,
    HomePhone,
    Cadre,
    Job,
    Facility,
    FacilityId,
    Place,
    Language,
    Sex,
    Birth,
    Groups,
    Trainings,
    Active,
    Start,
    End,
    Email,
    Skipped,
}

impl Known {
    pub(super) fn column(self) -> Column {
        match self {
            Self::Id => Column::Id,
            Self::Staff => Column::Identifier(STAFF.to_owned()),
            Self::Name => Column::Name,
            Self::NameOrFamily => Column::NameOrFamily,
            Self::Given => Column::Given,
            Self::Middle => Column::Middle,
            Self::Family => Column::Family,
            Self::Phone => Column::Phone(None),
            Self::Mobile => Column::Phone(Some("mobile")),
            Self::WorkPhone => Column::Phone(Some("work")),
            Self::HomePhone => Column::Phone(Some("home")),
            Self::Cadre => Column::Cadre,
            Self::Job => Column::Job,
            Self::Facility => Column::Facility,
            Self::FacilityId => Column::FacilityId,
            Self::Place => Column::Place(None),
            Self::Language => Column::Language,
            Self::Sex => Column::Sex,
            Self::Birth => Column::Birth,
            Self::Groups => Column::Groups,
            Self::Trainings => Column::Trainings,
            Self::Active => Column::Active,
            Self::Start => Column::Start,
            Self::End => Column::End,
            Self::Email => Column::Field("email".to_owned()),
            Self::Skipped => Column::Skipped,
        }
    }
}
