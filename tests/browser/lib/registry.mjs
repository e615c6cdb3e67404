// A small FHIR server that a test changes while mHero knows it: people, their places and positions, with versions.

import { createServer } from "node:http";

const KINDS = ["Practitioner", "PractitionerRole", "Location"];

/** A registry on a free port of this machine; `put` and `remove` are what its own officials do in it. */
export class Registry {
  #resources = new Map();
  #server;

  static async start() {
    const registry = new Registry();
    registry.#server = createServer((asked, answer) => registry.#serve(asked, answer));
    await new Promise((ready) => registry.#server.listen(0, "127.0.0.1", ready));
    return registry;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/fhir`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  put(resource) {
    const key = `${resource.resourceType}/${resource.id}`;
    const version = Number(this.#resources.get(key)?.meta.versionId ?? 0) + 1;
    const kept = { ...resource, meta: { versionId: String(version), lastUpdated: new Date().toISOString() } };
    this.#resources.set(key, kept);
    return kept;
  }

  get(key) {
    return this.#resources.get(key);
  }

  remove(key) {
    this.#resources.delete(key);
  }

  /** A facility. */
  place(id, name) {
    return this.put({ resourceType: "Location", id, status: "active", name, physicalType: { coding: [{ code: "bu" }] } });
  }

  /** A health worker with a position. */
  person(id, [given, family], { phone, place, job = "Midwife", sex = "female", birth } = {}) {
    this.put({
      resourceType: "Practitioner",
      id,
      active: true,
      name: [{ use: "official", text: `${given} ${family}`, given: [given], family }],
      telecom: phone ? [{ system: "phone", value: phone, use: "mobile" }] : [],
      gender: sex,
      birthDate: birth,
    });
    if (!place) return;
    this.put({
      resourceType: "PractitionerRole",
      id: `R-${id}`,
      active: true,
      practitioner: { reference: `Practitioner/${id}` },
      location: [{ reference: `Location/${place}` }],
      code: [{ coding: [{ system: "http://example.org/jobs", code: job.toLowerCase(), display: job }], text: job }],
    });
  }

  async #serve(asked, answer) {
    let body = "";
    for await (const part of asked) body += part;
    const url = new URL(asked.url, "http://registry.example");
    const parts = url.pathname.replace(/^\/fhir\/?/, "").split("/").filter(Boolean);
    const say = (status, value, headers = {}) => {
      answer.writeHead(status, { "content-type": "application/fhir+json", ...headers });
      answer.end(JSON.stringify(value));
    };
    const resource = (status, value) => say(status, value, { etag: `W/"${value.meta.versionId}"` });
    const nothing = (status) => say(status, { resourceType: "OperationOutcome" });
    const [kind, id] = parts;
    if (kind === "metadata") return say(200, capability());
    if (!KINDS.includes(kind)) return nothing(404);
    const held = id && this.get(`${kind}/${id}`);
    if (asked.method === "GET" && id) return held ? resource(200, held) : nothing(404);
    if (asked.method === "GET") return say(200, this.#search(kind, url, asked));
    if (asked.method === "PUT" && held) {
      const wanted = asked.headers["if-match"];
      if (wanted && wanted !== `W/"${held.meta.versionId}"`) return nothing(412);
      return resource(200, this.put(JSON.parse(body)));
    }
    return nothing(405);
  }

  #search(kind, url, asked) {
    const since = url.searchParams.get("_lastUpdated")?.replace(/^ge/, "");
    const all = [...this.#resources.values()].filter((one) => one.resourceType === kind);
    const found = since ? all.filter((one) => new Date(one.meta.lastUpdated) >= new Date(since)) : all;
    return {
      resourceType: "Bundle",
      type: "searchset",
      total: found.length,
      link: [{ relation: "self", url: `http://${asked.headers.host}${asked.url}` }],
      entry: found.map((one) => ({ resource: one, search: { mode: "match" } })),
    };
  }
}

function capability() {
  const can = ["read", "search-type", "update"].map((code) => ({ code }));
  return {
    resourceType: "CapabilityStatement",
    fhirVersion: "4.0.1",
    software: { name: "National HR registry" },
    rest: [{ mode: "server", resource: KINDS.map((type) => ({ type, interaction: can })) }],
  };
}
