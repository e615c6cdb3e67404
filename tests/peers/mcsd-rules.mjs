// What mCSD demands of each kind, as FHIRPath, and for each rule a way to break it: a checker that can not fail proves nothing.

const TYPES = 'https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types';
const PROFILE = 'https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.';
const without = (name) => (resource) => { delete resource[name]; };
const set = (name, value) => (resource) => { resource[name] = value; };
const emptied = (name) => (resource) => { resource[name] = []; };

// Of every kind.
const common = (kind) => [
  [kind, `resourceType = '${kind}'`, set('resourceType', 'Basic')],
  [kind, 'id.exists()', without('id')],
  [kind, "id.matches('^[A-Za-z0-9.-]{1,64}$')", set('id', 'a b')],
  [kind, 'meta.versionId.exists()', (one) => { delete one.meta.versionId; }],
  [kind, 'meta.lastUpdated.exists()', (one) => { delete one.meta.lastUpdated; }],
  [kind, 'implicitRules.empty()', set('implicitRules', 'http://rules')],
  [kind, 'modifierExtension.empty()', set('modifierExtension', [{ url: 'http://x', valueCode: 'y' }])],
  [kind, 'contained.empty()', set('contained', [{ resourceType: 'Basic' }])],
  [kind, 'identifier.all(value.exists())', set('identifier', [{ system: 'http://x' }])],
  [kind, 'identifier.all(system.exists())', set('identifier', [{ value: '1' }])],
];

const typed = `type.coding.where(system = '${TYPES}' and (code = 'facility' or code = 'jurisdiction'))`;
const facility = `type.coding.where(system = '${TYPES}' and code = 'facility').exists()`;

export const rules = [
  ...common('Practitioner'),
  ['Practitioner', 'name.count() >= 1', without('name')],
  ['Practitioner', 'name.all(text.exists() or family.exists() or given.exists() or extension.exists())', set('name', [{ use: 'official' }])],
  ['Practitioner', 'active.exists()', without('active')],
  ['Practitioner', 'telecom.all(value.empty() or system.exists())', set('telecom', [{ value: '1' }])],
  ['Practitioner', "telecom.all(system in ('phone' | 'email' | 'sms' | 'fax' | 'pager' | 'url' | 'other'))", set('telecom', [{ system: 'carrier-pigeon', value: '1' }])],
  ['Practitioner', "gender.empty() or gender in ('male' | 'female' | 'other' | 'unknown')", set('gender', 'f')],
  ['Practitioner', `meta.profile.where($this = '${PROFILE}Practitioner').exists() or meta.profile.empty()`, (one) => { one.meta.profile = ['http://other']; }],

  ...common('PractitionerRole'),
  ['PractitionerRole', 'code.count() >= 1', without('code')],
  ['PractitionerRole', 'code.all(coding.exists() or text.exists() or extension.exists())', set('code', [{}])],
  ['PractitionerRole', 'practitioner.reference.exists()', without('practitioner')],
  ['PractitionerRole', "practitioner.reference.matches('Practitioner/[A-Za-z0-9.-]+$')", set('practitioner', { reference: 'Patient/1' })],
  ['PractitionerRole', 'location.exists()', without('location')],
  ['PractitionerRole', "location.all(reference.matches('Location/[A-Za-z0-9.-]+$'))", set('location', [{ display: 'there' }])],
  ['PractitionerRole', "organization.empty() or organization.reference.matches('Organization/[A-Za-z0-9.-]+$')", set('organization', { reference: 'Location/1' })],
  ['PractitionerRole', 'active.exists()', without('active')],
  ['PractitionerRole', 'period.empty() or period.start.empty() or period.end.empty() or period.start <= period.end', set('period', { start: '2026-01-02', end: '2026-01-01' })],

  ...common('Location'),
  ['Location', 'name.exists()', without('name')],
  ['Location', 'name.length() > 0', set('name', '')],
  ['Location', 'status.exists()', without('status')],
  ['Location', "status in ('active' | 'suspended' | 'inactive')", set('status', 'open')],
  ['Location', "mode.empty() or mode in ('instance' | 'kind')", set('mode', 'x')],
  ['Location', 'type.count() >= 1', without('type')],
  ['Location', `${typed}.count() = 1`, emptied('type')],
  ['Location', `${facility}.not() or type.count() >= 2`, (one) => { one.type = [{ coding: [{ system: TYPES, code: 'facility' }] }]; }],
  ['Location', 'managingOrganization.exists()', without('managingOrganization')],
  ['Location', 'managingOrganization.count() = 1', without('managingOrganization')],
  ['Location', "managingOrganization.reference.matches('Organization/[A-Za-z0-9.-]+$')", set('managingOrganization', { display: 'MOH' })],
  ['Location', 'physicalType.exists()', without('physicalType')],
  ['Location', "physicalType.coding.where(system = 'http://terminology.hl7.org/CodeSystem/location-physical-type').exists()", set('physicalType', { text: 'house' })],
  ['Location', "partOf.empty() or partOf.reference.matches('Location/[A-Za-z0-9.-]+$')", set('partOf', { reference: 'Organization/1' })],
  ['Location', 'position.empty() or (position.latitude.exists() and position.longitude.exists())', set('position', { latitude: 1 })],
  ['Location', 'position.empty() or (position.latitude <= 90 and position.latitude >= -90)', set('position', { latitude: 99, longitude: 0 })],
  ['Location', 'position.empty() or (position.longitude <= 180 and position.longitude >= -180)', set('position', { latitude: 0, longitude: 999 })],
  ['Location', `meta.profile.where($this = '${PROFILE}Location').exists()`, (one) => { delete one.meta.profile; }],

  ...common('Organization'),
  ['Organization', 'name.exists()', without('name')],
  ['Organization', 'name.length() > 0', set('name', '')],
  ['Organization', 'active.exists()', without('active')],
  ['Organization', 'type.count() >= 1', without('type')],
  ['Organization', `${typed}.count() = 1`, emptied('type')],
  ['Organization', "partOf.empty() or partOf.reference.matches('Organization/[A-Za-z0-9.-]+$')", set('partOf', { reference: 'Location/1' })],
  ['Organization', `meta.profile.where($this = '${PROFILE}Organization').exists()`, (one) => { delete one.meta.profile; }],
];
