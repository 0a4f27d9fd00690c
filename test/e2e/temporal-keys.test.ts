import { describe, expect, it } from "vitest";
import { oldestMajor } from "../support/database.js";
import { makePlan, type Planned, play, readLines } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

/** Only PostgreSQL 18 and later know WITHOUT OVERLAPS and PERIOD. */
const hasPeriods = oldestMajor() >= 18;

const schema = `CREATE EXTENSION btree_gist;
  CREATE TABLE room (id integer, valid daterange, name text, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
  CREATE TABLE booking (id integer PRIMARY KEY, room integer, during daterange, note text,
    FOREIGN KEY (room, PERIOD during) REFERENCES room (id, PERIOD valid));
  CREATE TABLE tariff (id integer PRIMARY KEY, code text NOT NULL, valid datemultirange NOT NULL, price numeric,
    UNIQUE (code, valid WITHOUT OVERLAPS));
  CREATE TABLE invoice (id integer PRIMARY KEY, code text, during datemultirange,
    FOREIGN KEY (code, PERIOD during) REFERENCES tariff (code, PERIOD valid))`;
const months = (from: number, to: number) =>
  `'[2019-${String(from).padStart(2, "0")}-01,2019-${String(to).padStart(2, "0")}-01)'`;
const times = (from: number, to: number) => `'{${months(from, to).slice(1, -1)}}'`;
const rows = `INSERT INTO room VALUES (1, ${months(1, 4)}, 'a'), (1, ${months(4, 7)}, 'b'), (1, ${months(7, 12)}, 'c'), (2, ${months(1, 12)}, 'd');
  INSERT INTO booking VALUES (1, 1, ${months(2, 3)}), (2, 1, ${months(3, 9)}), (3, 2, ${months(1, 12)}), (4, NULL, ${months(1, 2)});
  INSERT INTO tariff VALUES (1, 'x', ${times(1, 6)}, 10), (2, 'x', ${times(6, 12)}, 20), (3, 'y', ${times(1, 6)}, 30);
  INSERT INTO invoice VALUES (1, 'x', ${times(5, 7)}), (2, 'y', ${times(2, 3)})`;

function told({ folder }: Planned): readonly string[] {
  return readLines(folder, "conflicts.jsonl").map(
    ({ table, key, kind, cause }) => `${table} ${JSON.stringify(key)} ${kind}: ${cause}`,
  );
}

describe.skipIf(!hasPeriods)(
  "keys WITHOUT OVERLAPS and foreign keys by PERIOD (not on servers before 18)",
  () => {
    it("undo: deleted rows come back in order, also where several cover one time together", async () => {
      const databases = await play({
        pre: `${schema}; ${rows}`,
        post: `DELETE FROM booking WHERE id < 4; DELETE FROM room WHERE id = 1; UPDATE room SET name = 'lost';
        DELETE FROM invoice; UPDATE tariff SET valid = ${times(1, 4)} WHERE id = 1; DELETE FROM tariff WHERE id > 1`,
        current: `INSERT INTO booking VALUES (5, 2, ${months(3, 4)})`,
      });
      const plan = await makePlan(databases);
      expect([plan.exitCode, told(plan)]).toEqual([0, []]);
      await expectRecovery(databases, plan, {
        truth:
          `DELETE FROM room; DELETE FROM booking; DELETE FROM tariff; ${rows}; INSERT INTO booking VALUES (5, 2, ${months(3, 4)})`.replace(
            "DELETE FROM room; DELETE FROM booking",
            "DELETE FROM booking; DELETE FROM room",
          ),
      });
    });

    it("undo: what is not covered for all of its time is withheld, and says so", async () => {
      const databases = await play({
        pre: `${schema}; ${rows}`,
        post: `DELETE FROM booking WHERE id < 4; DELETE FROM room WHERE valid = ${months(4, 7)}`,
        // Since then the gap was filled with another room, and a row that nobody restores went.
        current: `INSERT INTO room VALUES (1, ${months(5, 6)}, 'other'); DELETE FROM room WHERE id = 2`,
      });
      const plan = await makePlan(databases);
      expect(plan.summary.totals).toMatchObject({ apply: 1, conflict: 3 });
      expect(told(plan)).toEqual([
        expect.stringMatching(
          /^public\.room \{"id":"1","valid":"\[2019-04-01,2019-07-01\)"\} exclusion: .*excludes it \(room_pkey\)/,
        ),
        expect.stringMatching(
          /^public\.booking \{"id":"2"\} foreign-key: it refers to public\.room .*is not written: .*excludes it/,
        ),
        expect.stringMatching(
          /^public\.booking \{"id":"3"\} foreign-key: .*which current does not have for all of that time/,
        ),
      ]);
      await expectRecovery(databases, plan, { truth: `INSERT INTO booking VALUES (1, 1, ${months(2, 3)})` });
    });

    it("undo: what others refer to since stays, for the part of the time that they need", async () => {
      const databases = await play({
        pre: `${schema}; ${rows}`,
        post: `INSERT INTO room VALUES (3, ${months(1, 6)}, 'e'), (4, ${months(1, 6)}, 'f');
        UPDATE tariff SET valid = ${times(1, 9)} WHERE id = 3; INSERT INTO tariff VALUES (4, 'z', ${times(1, 3)}, 1)`,
        current: `INSERT INTO booking VALUES (5, 3, ${months(2, 3)}), (6, 4, ${months(2, 3)}); DELETE FROM booking WHERE id = 6;
        INSERT INTO invoice VALUES (3, 'y', ${times(5, 7)}), (4, 'y', ${times(1, 3)})`,
      });
      const plan = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
      expect(told(plan)).toEqual([
        expect.stringMatching(
          /^public\.room \{"id":"3",.*foreign-key: public\.booking \{"id":"5"\} refers to it/,
        ),
        expect.stringMatching(
          /^public\.tariff \{"id":"3"\} foreign-key: public\.invoice \{"id":"3"\} refers to it/,
        ),
      ]);
      await expectRecovery(databases, plan, {
        truth: "DELETE FROM room WHERE id = 4; DELETE FROM tariff WHERE id = 4",
      });
    });

    it("undo: a range that was written in another way is taken back in order, unless somebody refers to it meanwhile", async () => {
      const databases = await play({
        pre: `${schema}; ${rows}; INSERT INTO room VALUES (5, ${months(1, 9)}, 'g')`,
        post: `UPDATE room SET valid = ${months(1, 5)} WHERE id = 5; DELETE FROM booking WHERE id = 3; UPDATE room SET valid = ${months(1, 5)} WHERE id = 2`,
        current: `INSERT INTO booking VALUES (7, 5, ${months(1, 2)})`,
      });
      const plan = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
      // Between the two writes nothing would be there for booking 7: so neither is done. Room 2 is free, and booking 3 follows.
      expect(plan.summary.totals).toMatchObject({ apply: 3, conflict: 2 });
      expect(told(plan).map((line) => line.split(":").slice(0, 2).join(":"))).toEqual([
        expect.stringContaining('public.room {"id":"5"'),
        expect.stringContaining('public.room {"id":"5"'),
      ]);
      await expectRecovery(databases, plan, {
        truth: `UPDATE room SET valid = ${months(1, 12)} WHERE id = 2; INSERT INTO booking VALUES (3, 2, ${months(1, 12)})`,
      });
    });

    it("replay: what was written in the lost window is put back, but for what nothing covers any more", async () => {
      const databases = await play({
        mode: "replay",
        pre: `${schema}; ${rows}`,
        post: `INSERT INTO room VALUES (1, '[2019-12-01,2020-06-01)', 'h'), (6, ${months(1, 9)}, 'i');
        INSERT INTO booking VALUES (8, 1, '[2019-11-01,2020-02-01)'), (9, 6, ${months(2, 3)}), (10, 2, ${months(2, 3)});
        DELETE FROM invoice WHERE id = 2; DELETE FROM tariff WHERE id = 3`,
        current: `DELETE FROM booking WHERE id = 3; UPDATE room SET valid = ${months(6, 12)} WHERE id = 2`,
      });
      const plan = await makePlan(databases);
      expect(told(plan)).toEqual([
        expect.stringMatching(
          /^public\.booking \{"id":"10"\} foreign-key: .*does not have for all of that time/,
        ),
      ]);
      await expectRecovery(databases, plan, {
        truth: `INSERT INTO room VALUES (1, '[2019-12-01,2020-06-01)', 'h'), (6, ${months(1, 9)}, 'i');
        INSERT INTO booking VALUES (8, 1, '[2019-11-01,2020-02-01)'), (9, 6, ${months(2, 3)});
        DELETE FROM invoice WHERE id = 2; DELETE FROM tariff WHERE id = 3`,
      });
    });
  },
);
