// What an HR system does that speaks with mHero by fhir-kit-client: it posts the resources of its standard input in one transaction.

import Client from 'fhir-kit-client';

const { FHIR_BASE: baseUrl, FHIR_TOKEN: bearerToken } = process.env;
const client = new Client({ baseUrl, bearerToken });
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const entry = JSON.parse(Buffer.concat(chunks)).map((resource) => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
}));
const answer = await client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry } });
console.log(JSON.stringify(answer.entry.map(({ response }) => response.status)));
