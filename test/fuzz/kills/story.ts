/**
 * An incident of every sort of write that a recovery has: rows come back with parents first, replies in a chain, values
 * that go up, addresses that are exchanged, rows that refer to each other, copies of rows that have no key, rows that go. Whatever is written to these
 * tables is counted by triggers: a row that was written twice is found, even if that changed nothing.
 */
const rows = 60;

export const story = {
  pre: `CREATE TABLE team (id integer PRIMARY KEY, lead integer, name text);
    CREATE TABLE person (id integer PRIMARY KEY, team integer NOT NULL REFERENCES team, email text NOT NULL UNIQUE, visits integer NOT NULL DEFAULT 0);
    ALTER TABLE team ADD FOREIGN KEY (lead) REFERENCES person;
    CREATE TABLE note (id integer PRIMARY KEY, person integer NOT NULL REFERENCES person, reply_to integer REFERENCES note, text text);
    INSERT INTO team SELECT n, NULL, 'team ' || n FROM generate_series(1, ${rows / 4}) AS n;
    INSERT INTO person SELECT n, 1 + n % ${rows / 4}, n || '@example.org', n FROM generate_series(1, ${rows}) AS n;
    UPDATE team SET lead = (SELECT min(id) FROM person WHERE person.team = team.id);
    INSERT INTO note SELECT n, 1 + n % ${rows}, nullif(n - 1, 0), 'note ' || n FROM generate_series(1, ${2 * rows}) AS n;
    CREATE TABLE visit (id integer REFERENCES person, page text);
    INSERT INTO visit SELECT 1 + n % ${rows / 4}, 'page ' || n % 2 FROM generate_series(1, ${2 * rows}) AS n;
    CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, relation text, key integer, operation text);
    CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO public.log (relation, key, operation) VALUES (TG_TABLE_NAME, coalesce(NEW.id, OLD.id), TG_OP);
      RETURN NULL; END $$;`,
  post: `DELETE FROM visit WHERE page = 'page 1' OR id > 3; INSERT INTO visit SELECT 1, 'page 0' FROM generate_series(1, 3);
    DELETE FROM note WHERE id > ${rows / 2};
    UPDATE team SET lead = NULL WHERE id > 3; DELETE FROM person WHERE team > 3 AND id > ${rows / 2} AND id NOT IN (SELECT person FROM note);
    UPDATE person SET visits = 0, email = 'gone ' || id WHERE id <= ${rows / 2};
    UPDATE person SET email = (1 + id % 8) || '@example.org' WHERE id <= 8;
    INSERT INTO note SELECT n, 1, n - 1, 'noise' FROM generate_series(${rows / 2 + 1}, ${rows / 2 + 10}) AS n`,
  /** On the database that is mended, so that only the recovery is counted. */
  triggers: `CREATE TRIGGER count_it AFTER INSERT OR UPDATE OR DELETE ON team FOR EACH ROW EXECUTE FUNCTION count_it();
    CREATE TRIGGER count_it AFTER INSERT OR UPDATE OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION count_it();
    CREATE TRIGGER count_it AFTER INSERT OR UPDATE OR DELETE ON visit FOR EACH ROW EXECUTE FUNCTION count_it();
    CREATE TRIGGER count_it AFTER INSERT OR UPDATE OR DELETE ON note FOR EACH ROW EXECUTE FUNCTION count_it();`,
} as const;

/** Everything that a run leaves behind, but for the numbers of the log, which know no rollback. */
export const endStates = [
  "SELECT * FROM team ORDER BY id",
  "SELECT * FROM person ORDER BY id",
  "SELECT * FROM note ORDER BY id",
  "SELECT id, page, count(*) FROM visit GROUP BY 1, 2 ORDER BY 1, 2",
  "SELECT relation, key, operation, count(*) FROM log GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
] as const;
