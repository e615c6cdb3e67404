// A small DHIS2 that a test reports to: one district with clinics, and values that it takes, or objects to where a month is closed.

import { createServer } from "node:http";

/** The data set that it knows, and its data elements, which take whole numbers from 0 on. */
export const DATA_SET = "BfMAe6Itzgt";
export const ELEMENTS = ["fbfJHSPpUQD", "cYeuwXTCPkU", "Jtf34kNZhzP"];
/** The token that opens it. */
export const TOKEN = "d2pat_4242424242424242424242424242424242424242";

const VERSION = "2.42.1";
const LONG_AGO = "2026-01-01T00:00:00.000";

/** A DHIS2 on a free port of this machine. */
export class Hmis {
  #units;
  #server;
  #values = new Map();
  #closed = new Set();

  /**
   * @param {string} district the name of its one district
   * @param {string[]} clinics names of the facilities in it
   */
  static async start(district, clinics) {
    const hmis = new Hmis();
    const unit = (name, number, level, parent) => {
      const id = `O${String(number).padStart(10, "0")}`;
      const path = `${parent?.path ?? ""}/${id}`;
      const shown = { id, code: `OU_${number}`, name, displayName: name, shortName: name, level, path, leaf: level === 3 };
      return { ...shown, openingDate: LONG_AGO, created: LONG_AGO, lastUpdated: LONG_AGO, parent: parent && { id: parent.id } };
    };
    const country = unit("Guinée forestière", 0, 1);
    const above = unit(district, 1, 2, country);
    hmis.#units = [country, above, ...clinics.map((name, at) => unit(name, 2 + at, 3, above))];
    hmis.#server = createServer((asked, answer) => hmis.#serve(asked, answer));
    await new Promise((ready) => hmis.#server.listen(0, "127.0.0.1", ready));
    return hmis;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** Takes nothing more for a clinic, as after its month is over. */
  close(clinic) {
    this.#closed.add(this.#units.find(({ name }) => name === clinic).id);
  }

  /** What stands there for a clinic, by data element. */
  values(clinic) {
    const { id } = this.#units.find(({ name }) => name === clinic);
    return ELEMENTS.map((element) => this.#values.get(`${element} ${id}`));
  }

  async #serve(asked, answer) {
    let body = "";
    for await (const part of asked) body += part;
    const say = (status, value) => {
      answer.writeHead(status, { "content-type": "application/json" });
      answer.end(JSON.stringify(value));
    };
    const path = new URL(asked.url, this.url).pathname.replace(/^\/api\//, "").replace(/\.json$/, "");
    if (asked.headers.authorization !== `ApiToken ${TOKEN}`) return say(401, { status: "ERROR", message: "Unauthorized" });
    if (path === "system/info") return say(200, { version: VERSION, serverDate: new Date().toISOString().slice(0, -1), systemName: "HMIS" });
    const level = (number, name) => ({ id: `L000000000${number}`, level: number, name, displayName: name });
    const lists = {
      organisationUnits: this.#units,
      organisationUnitLevels: [level(1, "National"), level(2, "District"), level(3, "Facility")],
      organisationUnitGroups: [],
      users: [],
    };
    if (lists[path]) return say(200, { pager: { page: 1, pageCount: 1, total: lists[path].length }, [path]: lists[path] });
    if (asked.method === "POST" && path === "dataValueSets") return say(...this.#take(JSON.parse(body)));
    return say(404, { status: "ERROR", message: "This path is not known" });
  }

  #take(set) {
    const conflicts = [];
    let [imported, updated, ignored] = [0, 0, 0];
    set.dataValues.forEach((value, at) => {
      const unit = value.orgUnit ?? set.orgUnit;
      if (this.#closed.has(unit)) {
        ignored += 1;
        const words = `Current date is past expiry days for period: \`${set.period}\` and data set: \`${DATA_SET}\``;
        conflicts.push({ object: set.period, value: words, errorCode: "E7641", property: "period", indexes: [at] });
        return;
      }
      const key = `${value.dataElement} ${unit}`;
      if (!this.#values.has(key)) imported += 1;
      else if (this.#values.get(key) !== value.value) updated += 1;
      else ignored += 1;
      this.#values.set(key, value.value);
    });
    const status = conflicts.length ? "WARNING" : "SUCCESS";
    const response = { status, importCount: { imported, updated, ignored, deleted: 0 }, conflicts, rejectedIndexes: conflicts.map(({ indexes }) => indexes[0]) };
    const [http, word] = conflicts.length ? [409, "WARNING"] : [200, "OK"];
    return [http, { httpStatusCode: http, status: word, message: "Import finished.", response: { responseType: "ImportSummary", ...response } }];
  }
}
