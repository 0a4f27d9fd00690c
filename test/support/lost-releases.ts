import type { Story } from "./incident.js";

/**
 * A migration took the releases of all devices away and deleted one. Meanwhile people pinned device 9, unpinned 10 and
 * added 11; since then 1 was pinned otherwise, 2 as it was, 3 renamed, 4 deleted, 5 touched.
 */
export const story: Story = {
  pre: `CREATE TABLE account (id integer PRIMARY KEY, name text);
    CREATE TABLE device (id integer PRIMARY KEY, account integer REFERENCES account, release integer, note text, updated_at timestamptz);
    CREATE TABLE audit (id integer PRIMARY KEY, device integer, action text);
    INSERT INTO account VALUES (1, 'one'), (2, 'two');
    INSERT INTO device SELECT id, 1 + id % 2, id * 10, 'note ' || id, '2019-09-23 22:00+00' FROM generate_series(1, 10) AS id`,
  post: `UPDATE device SET release = NULL, updated_at = '2019-09-23 22:16+00' WHERE id <= 8; DELETE FROM device WHERE id = 7;
    UPDATE account SET name = 'TWO' WHERE id = 2;
    UPDATE device SET release = 99 WHERE id = 9; UPDATE device SET release = NULL WHERE id = 10;
    INSERT INTO device VALUES (11, 1, 110); INSERT INTO audit VALUES (1, 9, 'pin'), (2, 10, 'unpin')`,
  current: `UPDATE device SET release = 5, updated_at = '2019-09-24 01:00+00' WHERE id = 1;
    UPDATE device SET release = 20, updated_at = '2019-09-24 01:00+00' WHERE id = 2;
    UPDATE device SET note = '=1+1' WHERE id = 3; DELETE FROM device WHERE id = 4;
    UPDATE device SET updated_at = '2019-09-24 01:00+00' WHERE id = 5`,
};

export const config = `
rules:
  - match: { tables: [account] }
    is: excluded
  - match:
      tables: [device]
      operations: [update]
      columns: [release, updated_at]
      where: NOT EXISTS (SELECT FROM public.audit WHERE audit.device = post.id)
    is: damage
  - match: { tables: [device], operations: [delete] }
    is: damage
  - match: { tables: [device] }
    is: legitimate
`;

/** A device as every file tells it. */
export const device = (
  id: number,
  release: string | null,
  note = `note ${id}`,
  at = "2019-09-23 22:16:00+00",
) => ({
  id: String(id),
  account: String(1 + (id % 2)),
  release,
  note,
  updated_at: at,
});
