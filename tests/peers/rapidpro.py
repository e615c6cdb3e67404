"""Every public method of rapidpro-python against a running mHero, judged by what changed.

usage: rapidpro.py ADDRESS TOKEN INBOUND_NUMBER INBOUND_TEXT
"""
import sys
import time

from temba_client.exceptions import TembaBadRequestError, TembaNoSuchObjectError, TembaTokenError
from temba_client.v2 import TembaClient

address, token, inbound_number, inbound_text = sys.argv[1:5]
client = TembaClient(address, token)
NUMBERS = ["tel:+231886000%03d" % n for n in range(100, 130)]
called = set()


class Watched:
    """The client, noting which of its methods were called."""

    def __getattr__(self, name):
        called.add(name)
        return getattr(client, name)


api = Watched()


def until(what, found):
    """Asks again until something is there. The limit only ends a test that can't succeed."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        value = found()
        if value:
            return value
    raise AssertionError("it never came: " + what)


def refused(error, call, word=""):
    try:
        call()
    except error as told:
        said = str(told)
        assert word in said, (word, said)
        return
    raise AssertionError("it was not refused")


def one(query):
    all_of = query.all()
    assert len(all_of) == 1, all_of
    return all_of[0]


# The workspace.
org = api.get_org()
assert org.timezone and org.languages and org.primary_language == org.languages[0] and org.date_style == "day_first", org.serialize()
refused(TembaTokenError, lambda: TembaClient(address, "nonsense").get_org())

# Fields, by both names of their types.
village, beds = api.create_field("API village", "text"), api.create_field("API beds", "numeric")
joined = api.create_field("API joined", "datetime")
assert (village.key, village.name, village.type) == ("api_village", "API village", "text")
assert (one(api.get_fields(key="api_beds")).type, joined.type) == ("number", "datetime")
refused(TembaBadRequestError, lambda: client.create_field("API village", "text"), "unique")
assert api.update_field("api_village", "API hamlet", "text").name == "API hamlet"
assert one(client.get_fields(key="api_village")).name == "API hamlet"
assert any(field.key == "globalid" for field in client.get_fields().all())

# Groups.
group = api.create_group("API nurses")
other = client.create_group("API others")
assert one(api.get_groups(name="api NURSES")).uuid == group.uuid and group.count == 0 and group.query is None
assert api.update_group(group, "API midwives").name == "API midwives"
refused(TembaBadRequestError, lambda: client.create_group("API others"), "unique")
refused(TembaNoSuchObjectError, lambda: client.update_group("00000000-0000-4000-8000-000000000000", "Nobody"))

# Contacts: made, read by every key, changed, refused.
ama = api.create_contact(name="Ama Kollie", language="fra", urns=[NUMBERS[0]], fields={"api_village": "Zorzor", "api_beds": 12, "api_joined": "2024-02-29T10:00:00Z"}, groups=[group])
assert (ama.name, ama.language, ama.urns, ama.status) == ("Ama Kollie", "fra", [NUMBERS[0]], "active")
assert (ama.fields["api_village"], ama.fields["api_beds"]) == ("Zorzor", "12") and ama.fields["api_joined"].startswith("2024-02-29T10:00:00")
assert [g.uuid for g in ama.groups] == [group.uuid]
for found in (one(api.get_contacts(uuid=ama.uuid)), one(client.get_contacts(urn=NUMBERS[0])), one(client.get_contacts(group=group)), one(client.get_contacts(group="API midwives"))):
    assert found.uuid == ama.uuid and found.fields["api_village"] == "Zorzor"
assert one(client.get_groups(uuid=group.uuid)).count == 1
refused(TembaBadRequestError, lambda: client.create_contact(name="Other", urns=[NUMBERS[0]]), "URN is in use by another contact")
refused(TembaBadRequestError, lambda: client.create_contact(name="Other", fields={"nobody_knows": "x"}), "nobody_knows")
refused(TembaBadRequestError, lambda: client.create_contact(name="Other", urns=["tel:12"] * 2 + ["nothing"]), "nothing")
before = one(client.get_contacts(uuid=ama.uuid))
ama = api.update_contact(ama, name="Ama Béa Kollie", urns=[NUMBERS[0], NUMBERS[1]], fields={"api_village": "Foya", "api_beds": None}, groups=[group, other])
assert (ama.name, sorted(ama.urns), ama.fields["api_village"], ama.fields["api_beds"]) == ("Ama Béa Kollie", NUMBERS[:2], "Foya", None)
assert {g.uuid for g in ama.groups} == {group.uuid, other.uuid} and ama.language == "fra" and ama.created_on == before.created_on and ama.modified_on >= before.modified_on
assert client.update_contact(NUMBERS[2], name="Made by number").urns == [NUMBERS[2]]
assert client.update_contact(ama, urns=[NUMBERS[0]]).urns == [NUMBERS[0]]
made = one(client.get_contacts(urn=NUMBERS[2]))
assert client.create_contact(name="Free again", urns=[NUMBERS[1]]).urns == [NUMBERS[1]]

# One thing done to many.
people = [client.create_contact(name="Many %d" % n, urns=[NUMBERS[10 + n]]) for n in range(3)]
api.bulk_add_contacts(people, group)
assert one(client.get_groups(uuid=group.uuid)).count == 4
api.bulk_remove_contacts(people[:1], group)
assert one(client.get_groups(uuid=group.uuid)).count == 3
api.bulk_block_contacts(people[:1])
assert one(client.get_contacts(uuid=people[0].uuid)).status == "blocked"
refused(TembaBadRequestError, lambda: client.create_message(people[0], "x", []), "nothing more")
api.bulk_unblock_contacts(people[:1])
assert one(client.get_contacts(uuid=people[0].uuid)).status == "active"
api.bulk_interrupt_contacts(people)
api.bulk_delete_contacts(people[1:])
assert client.get_contacts(uuid=people[1].uuid).all() == []
gone = {contact.uuid: contact for contact in client.get_contacts(deleted=True).all()}
assert {people[1].uuid, people[2].uuid} <= set(gone) and gone[people[1].uuid].name is None and gone[people[1].uuid].urns == []
api.delete_contact(people[0])
assert client.get_contacts(urn=NUMBERS[10]).all() == []
refused(TembaNoSuchObjectError, lambda: client.delete_contact(people[0].uuid))

# Pages: each once, whatever is added meanwhile; both ways; from a cursor on.
pages = client.get_contacts().iterfetches()
first = next(pages)
assert len(first) == 250
client.create_contact(name="Comes between", urns=[NUMBERS[5]])
rest = [contact for page in pages for contact in page]
walked = [contact.uuid for contact in first + rest]
assert len(walked) == len(set(walked)) and ama.uuid in walked
stamps = [contact.modified_on for contact in first + rest]
assert stamps == sorted(stamps, reverse=True)
backwards = [contact.modified_on for contact in client.get_contacts(reverse=True).all()]
assert backwards == sorted(backwards) and len(backwards) == len(walked) + 1
begun = client.get_contacts().iterfetches()
next(begun)
resumed = [c.uuid for page in client.get_contacts().iterfetches(resume_cursor=begun.get_cursor()) for c in page]
assert resumed and len(resumed) == len(walked) + 1 - 250
assert [c.uuid for c in client.get_contacts(after=stamps[0], reverse=True).all()][0] == walked[0]
assert client.get_contacts(before="1990-01-01T00:00:00Z").all() == []
worker = next(c for c in first + rest if c.fields["globalid"] and c.urns)
refused(TembaBadRequestError, lambda: client.bulk_delete_contacts([worker]), "registry")
assert client.get_contacts(uuid=worker.uuid).first().fields["mheroentitytype"]

# Labels and texts that came in.
label = api.create_label("API spam")
assert api.update_label(label, "API junk").name == "API junk" and one(api.get_labels(name="API junk")).count == 0


def came():
    return [m for m in client.get_messages(folder="incoming").all() if m.text == inbound_text]


message = until("the text that came in", came)[0]
assert (message.direction, message.status, message.urn) == ("in", "handled", "tel:" + inbound_number) and message.contact.uuid
api.bulk_label_messages([message], label=label)
client.bulk_label_messages([message], label_name="API made by name")
read = one(api.get_messages(uuid=message.uuid))
assert {own.name for own in read.labels} == {"API junk", "API made by name"} and one(client.get_labels(uuid=label.uuid)).count == 1
api.bulk_unlabel_messages([message], label=label)
assert one(client.get_labels(uuid=label.uuid)).count == 0
api.bulk_archive_messages([message])
assert one(client.get_messages(uuid=message.uuid)).visibility == "archived"
assert message.uuid in [m.uuid for m in client.get_messages(folder="archived").all()]
api.bulk_restore_messages([message])
assert one(client.get_messages(uuid=message.uuid)).visibility == "visible"
api.bulk_archive_contact_messages([message.contact])
assert one(client.get_messages(uuid=message.uuid)).visibility == "archived"
api.bulk_delete_messages([message])
assert client.get_messages(uuid=message.uuid).all() == []
api.delete_label(label)
assert client.get_labels(uuid=label.uuid).all() == []

# Messages that go out.
sent = api.create_message(ama, "One text from the API", [])
assert sent.direction == "out" and sent.contact.uuid == ama.uuid and sent.text == "One text from the API"
until("it has left", lambda: one(client.get_messages(uuid=sent.uuid)).status in ("sent", "delivered"))
assert sent.uuid in [m.uuid for m in client.get_messages(folder="sent").all()]
broadcast = api.create_broadcast({"eng": "All hear this", "fra": "Tous entendent ceci"}, contacts=[ama], groups=[other], urns=[NUMBERS[2], NUMBERS[20]])
assert broadcast.text == {"eng": "All hear this", "fra": "Tous entendent ceci"} and [g.uuid for g in broadcast.groups] == [other.uuid]
assert ama.uuid in [c.uuid for c in broadcast.contacts]
until("it has gone to all", lambda: one(api.get_broadcasts(uuid=broadcast.uuid)).status == "sent")


def heard():
    return {m.urn: m.text for m in client.get_messages(folder="sent").all() if "hear this" in m.text or "entendent" in m.text}


wanted = {NUMBERS[0]: "Tous entendent ceci", NUMBERS[2]: "All hear this", NUMBERS[20]: "All hear this"}
until("each text in its own language", lambda: heard() == wanted)
refused(TembaBadRequestError, lambda: client.create_broadcast("nobody"), "contacts or groups")

# Flows, starts and runs.
flows = api.get_flows(archived=False).all()
assert flows and all(flow.runs and flow.created_on for flow in flows)
flow = next(flow for flow in flows if flow.type == "message" and flow.results)
start = api.create_flow_start(flow, contacts=[ama], params={"why": "API"})
assert start.flow.uuid == flow.uuid and [c.uuid for c in start.contacts] == [ama.uuid] and start.params == {"why": "API"}
until("everybody was started", lambda: one(api.get_flow_starts(uuid=start.uuid)).status == "complete")


def own_runs():
    return [run for run in client.get_runs(flow=flow).all() if run.contact.uuid == ama.uuid]


run = until("a run", own_runs)[0]
assert run.start.uuid == start.uuid and run.flow.uuid == flow.uuid and run.path and run.created_on
assert one(api.get_runs(uuid=run.uuid)).uuid == run.uuid and one(client.get_runs(uuid=run.uuid, paths=False)).path == []
assert run.uuid in [r.uuid for r in client.get_runs(after=run.modified_on, reverse=True).all()]
again = client.create_flow_start(flow, contacts=[ama], restart_participants=False)
until("nobody was started", lambda: one(client.get_flow_starts(uuid=again.uuid)).status == "complete")
assert len(own_runs()) == 1
client.bulk_interrupt_contacts([ama])
assert own_runs()[0].exit_type in ("interrupted", "completed", "failed")
definitions = api.get_definitions(flows=[flow], dependencies="none")
assert definitions.version == "13" and [one_of["uuid"] for one_of in definitions.flows] == [flow.uuid]

# Campaigns and their events.
campaign = api.create_campaign("API reminders", group)
assert campaign.group.uuid == group.uuid and one(api.get_campaigns(uuid=campaign.uuid)).name == "API reminders"
assert api.update_campaign(campaign, "API calls", other).group.uuid == other.uuid
by_text = api.create_campaign_event(campaign, "api_joined", 2, "days", 9, message={"eng": "Two days on"})
by_flow = client.create_campaign_event(campaign, "api_joined", -1, "weeks", -1, flow=flow)
assert (by_text.offset, by_text.unit, by_text.delivery_hour, by_text.message) == (2, "days", 9, {"eng": "Two days on"})
assert by_flow.flow.uuid == flow.uuid and by_flow.message is None
assert {e.uuid for e in api.get_campaign_events(campaign=campaign).all()} == {by_text.uuid, by_flow.uuid}
assert api.update_campaign_event(by_text, "api_joined", 3, "hours", -1, message={"eng": "Three hours on"}).offset == 3
assert one(client.get_campaign_events(uuid=by_text.uuid)).unit == "hours"
api.delete_campaign_event(by_text)
assert client.get_campaign_events(uuid=by_text.uuid).all() == []
refused(TembaBadRequestError, lambda: client.delete_group(other), "campaigns")

# Globals, resthooks, what there is of the rest.
fixed = api.create_global("API office", "Monrovia")
assert (fixed.key, fixed.value) == ("api_office", "Monrovia") and api.update_global("api_office", "Foya").value == "Foya"
assert one(api.get_globals(key="api_office")).value == "Foya"
hook = api.create_resthook_subscriber("new-report", "https://example.org/hook")
assert one(api.get_resthook_subscribers(id=hook.id)).target_url == "https://example.org/hook"
assert "new-report" in [h.resthook for h in api.get_resthooks().all()]
refused(TembaBadRequestError, lambda: client.create_resthook_subscriber("new-report", "nowhere"), "URL")
api.delete_resthook_subscriber(hook)
assert client.get_resthook_subscribers(resthook="new-report").all() == []
levels = {place.osm_id: place.level for place in api.get_boundaries().all()}
assert 0 in levels.values() and 1 in levels.values()
channel = api.get_channels().first()
assert channel.uuid and channel.name and channel.country
for nothing in (api.get_archives(), api.get_classifiers(), api.get_resthook_events()):
    assert nothing.all() == []
unused = client.create_group("API unused")
api.delete_group(unused)
assert client.get_groups(uuid=unused.uuid).all() == []

public = {name for name in dir(TembaClient) if name.startswith(("get_", "create_", "update_", "delete_", "bulk_"))}
assert public <= called, sorted(public - called)
print("%d methods, %d contacts" % (len(public), len(walked)))
