import { Client } from "pg";
import { pairsOf } from "./expectation.js";
import { judge } from "./oracle.js";
import type { Printed, PrintedTable } from "./printed.js";
import { equalities, readTables } from "./read-back.js";
import { type Role, roles } from "./table.js";
import type { Verdicts } from "./verdict.js";
import type { Incident } from "./world.js";

/** Three databases in which one incident after another is played. */
export class Stage {
  readonly #clients: Readonly<Record<Role, Client>>;

  private constructor(clients: Readonly<Record<Role, Client>>) {
    this.#clients = clients;
  }

  /** Creates the databases, on the server that `adminUrl` is on. */
  static async create(adminUrl: string, urlOf: (role: Role) => string): Promise<Stage> {
    const admin = new Client(adminUrl);
    await admin.connect();
    for (const role of roles) {
      const name = decodeURIComponent(new URL(urlOf(role)).pathname.slice(1));
      await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`);
    }
    await admin.end();
    return Stage.open(urlOf);
  }

  static async open(urlOf: (role: Role) => string): Promise<Stage> {
    const clients = {
      pre: new Client(urlOf("pre")),
      post: new Client(urlOf("post")),
      current: new Client(urlOf("current")),
    };
    await Promise.all(roles.map((role) => clients[role].connect()));
    return new Stage(clients);
  }

  /** For what is tried on current and taken back. */
  get current(): Client {
    return this.#clients.current;
  }

  async build(incident: Incident): Promise<void> {
    const play = (role: Role) =>
      this.#clients[role].query([incident.sql.schema[role], ...incident.sql[role]].join("\n"));
    await Promise.all(roles.map(play));
  }

  async read(incident: Incident): Promise<Printed> {
    const [pre, post, current] = await Promise.all([
      this.readOne(incident, "pre"),
      this.readOne(incident, "post"),
      this.readOne(incident, "current"),
    ]);
    return { pre, post, current };
  }

  readOne(incident: Incident, role: Role): Promise<PrintedTable[]> {
    return readTables(this.#clients[role], incident.tables, role);
  }

  /** What the oracle says, with PostgreSQL's own word on which values are equal. */
  async judge(incident: Incident, printed: Printed): Promise<Verdicts> {
    const equal = await equalities(this.#clients.current, incident.tables, pairsOf(incident, printed));
    return judge(incident, printed, equal);
  }

  async clear(incident: Incident): Promise<void> {
    await Promise.all(roles.map((role) => this.#clients[role].query(incident.sql.drop)));
  }

  async close(): Promise<void> {
    await Promise.all(roles.map((role) => this.#clients[role].end()));
  }
}
