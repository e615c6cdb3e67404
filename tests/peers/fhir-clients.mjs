// fhir-kit-client as it is, against the FHIR server whose address and token come in the environment. Every resource that is served is
// looked at by the validator of the package `fhir`, and by what mCSD demands, written as FHIRPath in mcsd-rules.mjs.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import Client from 'fhir-kit-client';
import { rules } from './mcsd-rules.mjs';

const require = createRequire(import.meta.url);
const { Fhir } = require('fhir');
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');

const { FHIR_BASE: baseUrl, FHIR_TOKEN: bearerToken } = process.env;
const client = new Client({ baseUrl, bearerToken });
const oracle = new Fhir();
let validated = 0;

function valid(resource) {
  const { messages } = oracle.validate(resource, { errorOnUnexpected: true });
  const wrong = messages.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  assert.deepEqual(wrong, [], JSON.stringify(resource));
  validated += 1;
  return resource;
}

const holds = (resource, rule) => {
  const result = fhirpath.evaluate(resource, rule, null, r4);
  return result.length === 1 && result[0] === true;
};

async function all(resourceType, searchParams = {}) {
  const found = [];
  let page = await client.search({ resourceType, searchParams: { _count: 2, ...searchParams } });
  while (page) {
    valid(page);
    found.push(...(page.entry ?? []).map(({ resource }) => valid(resource)));
    page = page.link.some(({ relation }) => relation === 'next') ? await client.nextPage({ bundle: page }) : null;
  }
  return found;
}

const statement = valid(await client.capabilityStatement());
assert.equal(statement.fhirVersion, '4.0.1');
const location = statement.rest[0].resource.find(({ type }) => type === 'Location');
for (const name of ['identifier', 'name', 'organization', 'partof', 'status', 'type', 'near', '_lastUpdated']) {
  assert.ok(location.searchParam.some((one) => one.name === name), `Location is searched by ${name}`);
}

// What the HR system posts: a person and their work, in one transaction.
const urn = 'urn:uuid:9e3f2a7e-1f0b-4f5e-9d6c-1b2a3c4d5e6f';
const answer = valid(await client.transaction({
  body: {
    resourceType: 'Bundle', type: 'transaction',
    entry: [
      { fullUrl: urn, request: { method: 'POST', url: 'Practitioner' },
        resource: { resourceType: 'Practitioner', active: true, name: [{ family: 'Sirleaf', given: ['Ruth'] }],
          telecom: [{ system: 'phone', value: '0770000077' }] } },
      { request: { method: 'POST', url: 'PractitionerRole' },
        resource: { resourceType: 'PractitionerRole', active: true, practitioner: { reference: urn },
          location: [{ reference: 'Location/L1' }],
          code: [{ coding: [{ system: 'http://jobs', code: 'MW', display: 'Midwife' }] }] } },
    ],
  },
}));
const id = answer.entry[0].resource.id;
const read = valid(await client.read({ resourceType: 'Practitioner', id }));
assert.equal(read.name[0].family, 'Sirleaf');
read.gender = 'female';
valid(await client.update({ resourceType: 'Practitioner', id, body: read }));
valid(await client.patch({ resourceType: 'Practitioner', id, JSONPatch: [{ op: 'replace', path: '/active', value: true }] }));
valid(await client.vread({ resourceType: 'Practitioner', id, version: '1' }));
const history = valid(await client.history({ resourceType: 'Practitioner', id }));
assert.ok(history.entry.length >= 2);
await assert.rejects(client.read({ resourceType: 'Practitioner', id: 'nobody' }), (error) => {
  assert.equal(error.response.status, 404);
  return valid(error.response.data).issue[0].code === 'not-found';
});
valid(await client.history({ resourceType: 'Location' }));

// mCSD: each rule holds for all that is served, and fails for a sample in which it is broken.
const kinds = [...new Set(rules.map(([kind]) => kind))];
const served = Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, await all(kind)])));
for (const [kind, rule, broken] of rules) {
  assert.ok(served[kind].length > 0, `${kind} is served`);
  for (const resource of served[kind]) {
    assert.ok(holds(resource, rule), `${kind}/${resource.id}: ${rule}\n${JSON.stringify(resource)}`);
  }
  const samples = served[kind].map((resource) => structuredClone(resource));
  samples.forEach((sample) => broken(sample));
  assert.ok(samples.some((sample) => !holds(sample, rule)), `${kind}: “${rule}” can fail`);
}

// The same as XML, read by the other side.
const [clinic] = served.Location;
const xml = await fetch(`${baseUrl}/Location/${clinic.id}?_format=xml`, { headers: { authorization: `Bearer ${bearerToken}` } });
assert.deepEqual(JSON.parse(oracle.xmlToJson(await xml.text())).name, clinic.name);

await client.delete({ resourceType: 'Practitioner', id });
console.log(`${rules.length} rules of mCSD, each with a sample that breaks it; ${validated} answers validated`);
