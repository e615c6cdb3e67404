"""fhirpy and fhirclient as they are, against the FHIR server whose address and token come in the environment. Every resource that
comes back is read by the models of fhir.resources, which refuse what R4 does not have."""

import os

from fhir.resources.R4B import get_fhir_model_class
from fhirclient import client as smart
from fhirclient.models import location as locations
from fhirclient.models import practitioner as practitioners
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ResourceNotFound

BASE, TOKEN = os.environ["FHIR_BASE"], os.environ["FHIR_TOKEN"]
validated = 0


def valid(resource):
    """The resource, read by the models of another."""
    global validated
    as_dict = dict(resource) if not hasattr(resource, "serialize") else resource.serialize()
    get_fhir_model_class(as_dict["resourceType"]).model_validate(as_dict)
    validated += 1
    return resource


def by_fhirpy():
    """Searching, paging, creating, changing and deleting."""
    server = SyncFHIRClient(BASE, authorization=f"Bearer {TOKEN}")
    people = server.resources("Practitioner")
    before = people.count()
    assert before >= 2, before
    found = people.search(name__contains="kollie").fetch()
    assert [valid(one)["id"] for one in found] == ["P1"], found
    pages = server.resources("Location").limit(1).fetch_all()
    assert len([valid(one) for one in pages]) == 4
    roles = server.resources("PractitionerRole").include("PractitionerRole", "practitioner").fetch_raw()
    assert {entry["resource"]["resourceType"] for entry in roles["entry"]} == {"PractitionerRole", "Practitioner"}
    new = server.resource(
        "Practitioner",
        active=True,
        name=[{"family": "Tubman", "given": ["Grace"]}],
        identifier=[{"system": "http://hr.example.org", "value": "77"}],
    )
    new.save()
    valid(new.to_reference().to_resource())
    new["gender"] = "female"
    new.save()
    assert valid(people.get(new.id))["gender"] == "female"
    new.patch(birthDate="1990-01-01")
    assert people.search(identifier="http://hr.example.org|77").first()["birthDate"] == "1990-01-01"
    assert people.count() == before + 1
    new.delete()
    try:
        people.get(new.id)
        raise AssertionError("it is gone")
    except ResourceNotFound:
        pass


def by_fhirclient():
    """Reading, searching with what comes along, and following pages."""
    app = smart.FHIRClient(settings={"app_id": "mhero-test", "api_base": BASE + "/"})
    app.server.session.headers["Authorization"] = f"Bearer {TOKEN}"
    martha = practitioners.Practitioner.read("P1", app.server)
    assert martha.name[0].text == "Martha Kollie"
    valid(martha.as_json())
    found = locations.Location.where(struct={"name": "fissebu"}).perform_resources(app.server)
    assert [valid(one.as_json())["id"] for one in found] == ["L1"]
    every = locations.Location.where(struct={"_count": "1"}).perform_resources(app.server)
    assert every


by_fhirpy()
by_fhirclient()
print(f"fhirpy and fhirclient are content; {validated} resources validated")
