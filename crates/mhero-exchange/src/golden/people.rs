//! People, with their positions, as they are to be shown.

use std::collections::BTreeSet;

use mhero_app::App;
use mhero_core::PersonId;
use mhero_store::{GoldenPerson, Snapshot, Unit};
use uuid::Uuid;

use super::{Shown, names::Names, person::practitioner, provenance, role::role};
use crate::fhir::FhirError;

/// Who stands in the register; strangers, who only wrote once, do not.
const WORKER: &str = "worker";

/// What is to be shown of some people, and of those whom they were joined to.
pub(super) async fn shown(
    app: &App,
    (unit, snapshot): (&mut Unit, &mut Snapshot),
    people: &[PersonId],
) -> Result<Vec<Shown>, FhirError> {
    let mut read = snapshot.golden_people(people).await?;
    let known: BTreeSet<PersonId> = read.iter().map(|one| one.id).collect();
    let joined_to: BTreeSet<PersonId> =
        read.iter().filter_map(|one| one.joined_to).filter(|id| !known.contains(id)).collect();
    read.extend(snapshot.golden_people(&joined_to.into_iter().collect::<Vec<_>>()).await?);
    let mut names = Names::default();
    let none = |_| None;
    let in_register = read.iter().filter(|one| is_shown(one));
    let ids: Vec<Uuid> = in_register.clone().map(|one| one.id.uuid()).collect();
    let work = || read.iter().filter(|one| is_shown(one)).flat_map(|one| &one.positions);
    names.learn((&mut *unit, &mut *snapshot), "Practitioner", ids, none).await?;
    names.learn((&mut *unit, &mut *snapshot), "PractitionerRole", work().map(|one| one.id), none).await?;
    let places: Vec<Uuid> = work().filter_map(|one| one.place).collect();
    super::places::learn(&mut names, (&mut *unit, &mut *snapshot), places).await?;
    let (numbering, zone) = (app.numbering_cached().await?, app.facts_cached().await?.time_zone());
    let mut all = Vec::new();
    for one in &read {
        let owner = Some(one.id);
        let roles: Vec<String> = match names.id("Practitioner", one.id.uuid()).filter(|_| is_shown(one)) {
            Some(id) => {
                let mut resource = practitioner(id, one, &numbering);
                crate::emnutt::mark(&mut resource, one.id, app.store().is_person_stopped(one.id).await?);
                all.extend(provenance::shown(id, one, owner));
                all.push(Shown { kind: "Practitioner", id: id.to_owned(), person: owner, resource: Some(resource) });
                let mut roles = Vec::new();
                for position in &one.positions {
                    let Some(role_id) = names.id("PractitionerRole", position.id) else { continue };
                    let resource = role(role_id, id, position, &names, &zone);
                    roles.push(role_id.to_owned());
                    all.push(Shown {
                        kind: "PractitionerRole",
                        id: role_id.to_owned(),
                        person: owner,
                        resource: Some(resource),
                    });
                }
                roles
            }
            None => Vec::new(),
        };
        for id in snapshot.fhir_of_people("PractitionerRole", &[one.id.uuid()]).await? {
            if !roles.contains(&id) {
                all.push(Shown { kind: "PractitionerRole", id, person: owner, resource: None });
            }
        }
    }
    all.extend(others(snapshot, &read, &names).await?);
    all.retain({
        let stays: BTreeSet<(&'static str, String)> =
            all.iter().filter(|one| one.resource.is_some()).map(|one| (one.kind, one.id.clone())).collect();
        move |one| one.resource.is_some() || !stays.contains(&(one.kind, one.id.clone()))
    });
    Ok(all)
}

/// Whether a person has a resource: a worker whom some record still tells of, or who is active without one.
fn is_shown(person: &GoldenPerson) -> bool {
    person.joined_to.is_none() && person.standing == WORKER && (person.active || !person.records.is_empty())
}

/// Resources under the other ids by which people are known, which must not stand beside the golden one; and those of who is shown
/// no more.
async fn others(snapshot: &mut Snapshot, people: &[GoldenPerson], names: &Names) -> Result<Vec<Shown>, FhirError> {
    let ids: Vec<Uuid> = people.iter().map(|one| one.id.uuid()).collect();
    let known = snapshot.golden_known_as("Practitioner", &ids).await?;
    let mut other: Vec<(Uuid, String)> = known.into_iter().map(|known| (known.entity, known.id)).collect();
    other.extend(snapshot.golden_names("Practitioner", &ids).await?);
    let gone = |(entity, id): (Uuid, String)| {
        let is_golden = names.id("Practitioner", entity) == Some(id.as_str());
        let person = Some(PersonId::from_uuid(entity));
        let more = Shown { kind: "Practitioner", id: id.clone(), person, resource: None };
        let provenance = Shown { kind: "Provenance", id: provenance::id_of(&id), person, resource: None };
        (!is_golden).then_some([more, provenance])
    };
    Ok(other.into_iter().filter_map(gone).flatten().collect())
}
