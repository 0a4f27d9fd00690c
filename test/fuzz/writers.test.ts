import { expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { runWriters, writersStory } from "./writers/run.js";

/** Each way; `npm run fuzz -- --writers 100` is five minutes of it. */
const seconds = Number(process.env["PGMEND_WRITERS_SECONDS"] ?? 1);

it(
  "ten others write to the same rows all the time: nothing of theirs is lost, and every row is as planned or named",
  async () => {
    const rows = 400;
    const story = writersStory(rows);
    const pre = await createDatabase("pre");
    await query(pre, story.pre);
    const post = await createDatabase("post", pre);
    await query(post, story.post);
    const urls = { pre, post, current: await createDatabase("current", post) };
    const { complaints, commits, result } = await runWriters(
      { url: (role) => urls[role], folder: newFolder(), writers: 10, rows, seconds },
      "writers",
    );
    expect(complaints).toEqual([]);
    expect(commits).toBeGreaterThan(100);
    expect(result.written).toBeGreaterThan(100);
  },
  60_000 + 3000 * seconds,
);
