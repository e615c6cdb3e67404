//! Groups as they are to be shown.

use mhero_store::{Snapshot, Unit};
use serde_json::json;
use uuid::Uuid;

use super::{OURS, Shown, names::Names};
use crate::fhir::FhirError;

/// Members that are listed; how many there are in all stands beside.
const LISTED_MAX: i64 = 5_000;

/// What is to be shown of some groups. One by rule has no list: who is in it is decided when it is used.
pub(super) async fn shown(
    (unit, snapshot): (&mut Unit, &mut Snapshot),
    groups: &[Uuid],
) -> Result<Vec<Shown>, FhirError> {
    let mut all = Vec::with_capacity(groups.len());
    for id in groups {
        let Some(group) = snapshot.golden_group(*id, LISTED_MAX).await? else {
            all.push(Shown { kind: "Group", id: id.to_string(), person: None, resource: None });
            continue;
        };
        let mut resource = json!({
            "resourceType": "Group", "id": id.to_string(), "active": group.active, "type": "practitioner",
            "actual": group.query.is_none(), "name": group.name,
        });
        match &group.query {
            Some(query) => {
                let said = json!([{ "url": format!("{OURS}/StructureDefinition/group-rule"), "valueString": query }]);
                resource["extension"] = said;
            }
            None => {
                let mut names = Names::default();
                let members: Vec<Uuid> = group.members.iter().map(|one| one.uuid()).collect();
                let shown = snapshot.golden_names("Practitioner", &members).await?;
                names.learn((&mut *unit, &mut *snapshot), "Practitioner", shown.keys().copied(), |_| None).await?;
                let listed: Vec<_> = members
                    .iter()
                    .filter_map(|one| names.reference("Practitioner", *one))
                    .map(|reference| json!({ "entity": { "reference": reference } }))
                    .collect();
                resource["quantity"] = json!(group.count);
                if !listed.is_empty() {
                    resource["member"] = json!(listed);
                }
            }
        }
        all.push(Shown { kind: "Group", id: id.to_string(), person: None, resource: Some(resource) });
    }
    Ok(all)
}
