-- pgmend rollback: the exact inverse of patch.sql, guarded the same way
-- plan 7edd39fe-1ef4-48c1-9e10-7c7d4546e0f8, made 2026-11-22T05:28:12.168Z by pgmend 0.1.0, mode undo
--   pre: fleet_pre on 127.0.0.1:22538, PostgreSQL 18.4, as of 2026-11-22T05:28:11.953311Z
--   post: fleet_post on 127.0.0.1:22538, PostgreSQL 18.4, as of 2026-11-22T05:28:11.953396Z
--   current: fleet_current on 127.0.0.1:22538, PostgreSQL 18.4, as of 2026-11-22T05:28:12.012733Z
--
-- It writes:
--   public.device: 135 updates
-- It leaves out:
--   public.audit_entry: 10 kept
--   public.application: 1 kept
--   public.application_tag: 1 kept
--   public.release: 1 kept
--   public.device: 1 in conflict (delete/update), 1 in conflict (update/update), 64 kept, 1 already as wanted
--   public.device_environment_variable: 7 kept
--   public.device_tag: 8 kept
-- Triggers:
--   public.device: modified_at (before update for each row) is switched off until the end, which locks the table for writers
--
-- Run it:  psql -X -v ON_ERROR_STOP=1 -f FILE DATABASE
-- One transaction. Each row is written only if it still says what the plan saw; if any does not, nothing is
-- written and all of them are listed. With -v pgmend_drift=skip those rows are left as they are, and listed.
-- It refuses any database but the one it was made for; for a clone: -v pgmend_database=NAME_OF_THE_CLONE.
-- A second run changes nothing.

\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset footer off
\if :{?pgmend_database}
\else
\set pgmend_database 'fleet_current@7710863405605249173'
\endif
\if :{?pgmend_drift}
\else
\set pgmend_drift 'strict'
\endif

BEGIN;
SET LOCAL pgmend.database = :'pgmend_database';
SET LOCAL pgmend.drift = :'pgmend_drift';
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 3;
SET LOCAL bytea_output = 'hex';
SET LOCAL xmloption = content;
SET LOCAL lc_monetary = 'C';
SET LOCAL row_security = off;
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = notice;

DO $pgmend$
DECLARE
  expected text := pg_catalog.current_setting('pgmend.database');
  here text := pg_catalog.current_database();
  system text := '';
BEGIN
  IF pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute') THEN
    system := (SELECT system_identifier FROM pg_catalog.pg_control_system());
  END IF;
  IF expected <> here AND expected <> here || '@' || system THEN
    RAISE EXCEPTION 'pgmend: this patch was made for database %, and this is %', expected, here || '@' || system
      USING HINT = 'Nothing was written. To run it on a clone on purpose: psql -v pgmend_database=' || here;
  END IF;
  IF pg_catalog.current_setting('pgmend.drift') NOT IN ('strict', 'skip') THEN
    RAISE EXCEPTION 'pgmend: pgmend_drift is "%", expected strict or skip', pg_catalog.current_setting('pgmend.drift');
  END IF;
END $pgmend$;

CREATE TEMP TABLE pgmend_drift (step int, "table" text, operation text, key text, finding text) ON COMMIT DROP;
CREATE TEMP TABLE pgmend_result (step int, "table" text, operation text, planned bigint, written bigint) ON COMMIT DROP;
ALTER TABLE public.device DISABLE TRIGGER modified_at;

-- Step 1 of 3: update 40 rows of public.device (is_pinned_on__release)
CREATE TEMP TABLE pgmend_1 ON COMMIT DROP AS
  SELECT 0 AS n, false AS done, t.id AS key_id, t.is_pinned_on__release AS old_is_pinned_on__release, t.is_pinned_on__release AS new_is_pinned_on__release
  FROM ONLY public.device AS t WITH NO DATA;
INSERT INTO pg_temp.pgmend_1 (n, key_id, old_is_pinned_on__release, new_is_pinned_on__release) VALUES
  (1, '7', '31', NULL), -- id=7: is_pinned_on__release 31 → NULL
  (2, '11', '31', NULL), -- id=11: is_pinned_on__release 31 → NULL
  (3, '15', '32', NULL), -- id=15: is_pinned_on__release 32 → NULL
  (4, '22', '34', NULL), -- id=22: is_pinned_on__release 34 → NULL
  (5, '23', '31', NULL), -- id=23: is_pinned_on__release 31 → NULL
  (6, '40', '14', NULL), -- id=40: is_pinned_on__release 14 → NULL
  (7, '43', '2', NULL), -- id=43: is_pinned_on__release 2 → NULL
  (8, '44', '6', NULL), -- id=44: is_pinned_on__release 6 → NULL
  (9, '47', '32', NULL), -- id=47: is_pinned_on__release 32 → NULL
  (10, '51', '31', NULL), -- id=51: is_pinned_on__release 31 → NULL
  (11, '55', '25', NULL), -- id=55: is_pinned_on__release 25 → NULL
  (12, '60', '13', NULL), -- id=60: is_pinned_on__release 13 → NULL
  (13, '72', '32', NULL), -- id=72: is_pinned_on__release 32 → NULL
  (14, '87', '1', NULL), -- id=87: is_pinned_on__release 1 → NULL
  (15, '92', '25', NULL), -- id=92: is_pinned_on__release 25 → NULL
  (16, '107', '30', NULL), -- id=107: is_pinned_on__release 30 → NULL
  (17, '112', '11', NULL), -- id=112: is_pinned_on__release 11 → NULL
  (18, '121', '14', NULL), -- id=121: is_pinned_on__release 14 → NULL
  (19, '128', '12', NULL), -- id=128: is_pinned_on__release 12 → NULL
  (20, '163', '30', NULL), -- id=163: is_pinned_on__release 30 → NULL
  (21, '164', '27', NULL), -- id=164: is_pinned_on__release 27 → NULL
  (22, '183', '3', NULL), -- id=183: is_pinned_on__release 3 → NULL
  (23, '191', '22', NULL), -- id=191: is_pinned_on__release 22 → NULL
  (24, '194', '23', NULL), -- id=194: is_pinned_on__release 23 → NULL
  (25, '197', '18', NULL), -- id=197: is_pinned_on__release 18 → NULL
  (26, '198', '11', NULL), -- id=198: is_pinned_on__release 11 → NULL
  (27, '208', '21', NULL), -- id=208: is_pinned_on__release 21 → NULL
  (28, '212', '13', NULL), -- id=212: is_pinned_on__release 13 → NULL
  (29, '213', '22', NULL), -- id=213: is_pinned_on__release 22 → NULL
  (30, '216', '30', NULL), -- id=216: is_pinned_on__release 30 → NULL
  (31, '218', '30', NULL), -- id=218: is_pinned_on__release 30 → NULL
  (32, '229', '5', NULL), -- id=229: is_pinned_on__release 5 → NULL
  (33, '243', '1', NULL), -- id=243: is_pinned_on__release 1 → NULL
  (34, '250', '9', NULL), -- id=250: is_pinned_on__release 9 → NULL
  (35, '251', '3', NULL), -- id=251: is_pinned_on__release 3 → NULL
  (36, '256', '9', NULL), -- id=256: is_pinned_on__release 9 → NULL
  (37, '261', '12', NULL), -- id=261: is_pinned_on__release 12 → NULL
  (38, '265', '5', NULL), -- id=265: is_pinned_on__release 5 → NULL
  (39, '266', '34', NULL), -- id=266: is_pinned_on__release 34 → NULL
  (40, '267', '3', NULL); -- id=267: is_pinned_on__release 3 → NULL
WITH written AS (
  UPDATE ONLY public.device AS t
  SET is_pinned_on__release = s.new_is_pinned_on__release
  FROM pg_temp.pgmend_1 AS s
  WHERE t.id = s.key_id
    AND t.is_pinned_on__release IS NOT DISTINCT FROM s.old_is_pinned_on__release
  RETURNING s.n
)
UPDATE pg_temp.pgmend_1 AS s SET done = true FROM written WHERE written.n = s.n;
INSERT INTO pg_temp.pgmend_drift (step, "table", operation, key, finding)
SELECT 1, 'public.device', 'update', pg_catalog.json_build_object('id', s.key_id::pg_catalog.text)::pg_catalog.text,
  CASE WHEN s.done THEN 'a trigger or rule changed what was written; ' ELSE '' END || CASE WHEN t.id IS NULL THEN 'the row is gone' ELSE pg_catalog.concat_ws('; ', pg_catalog.concat_ws('; ', CASE WHEN NOT (t.is_pinned_on__release IS NOT DISTINCT FROM s.old_is_pinned_on__release) THEN pg_catalog.format('%s is %L, expected %L', 'is_pinned_on__release', t.is_pinned_on__release::pg_catalog.text, s.old_is_pinned_on__release::pg_catalog.text) END)) END
FROM pg_temp.pgmend_1 AS s LEFT JOIN ONLY public.device AS t ON t.id = s.key_id
WHERE s.done IS NOT TRUE AND NOT (t.id IS NOT NULL AND t.is_pinned_on__release IS NOT DISTINCT FROM s.new_is_pinned_on__release);
INSERT INTO pg_temp.pgmend_result (step, "table", operation, planned, written)
SELECT 1, 'public.device', 'update', count(*), count(*) FILTER (WHERE done) FROM pg_temp.pgmend_1;
DROP TABLE pg_temp.pgmend_1;

-- Step 2 of 3: update 33 rows of public.device (is_pinned_on__release, modified_at)
CREATE TEMP TABLE pgmend_2 ON COMMIT DROP AS
  SELECT 0 AS n, false AS done, t.id AS key_id, t.is_pinned_on__release AS old_is_pinned_on__release, t.modified_at AS old_modified_at, t.is_pinned_on__release AS new_is_pinned_on__release, t.modified_at AS new_modified_at
  FROM ONLY public.device AS t WITH NO DATA;
INSERT INTO pg_temp.pgmend_2 (n, key_id, old_is_pinned_on__release, old_modified_at, new_is_pinned_on__release, new_modified_at) VALUES
  (1, '12', '24', '2019-08-26 11:00:08.239735+00', NULL, '2019-09-23 22:16:00+00'), -- id=12: is_pinned_on__release 24 → NULL, modified_at 2019-08-26 11:00:08.239735+00 → 2019-09-23 22:16:00+00
  (2, '20', '2', '2019-08-28 22:52:54.393969+00', NULL, '2019-09-23 22:16:00+00'), -- id=20: is_pinned_on__release 2 → NULL, modified_at 2019-08-28 22:52:54.393969+00 → 2019-09-23 22:16:00+00
  (3, '21', '11', '2019-09-14 08:40:47.661587+00', NULL, '2019-09-23 22:16:00+00'), -- id=21: is_pinned_on__release 11 → NULL, modified_at 2019-09-14 08:40:47.661587+00 → 2019-09-23 22:16:00+00
  (4, '33', '23', '2019-08-27 09:51:20.616056+00', NULL, '2019-09-23 22:16:00+00'), -- id=33: is_pinned_on__release 23 → NULL, modified_at 2019-08-27 09:51:20.616056+00 → 2019-09-23 22:16:00+00
  (5, '42', '10', '2019-09-02 13:29:38.937768+00', NULL, '2019-09-23 22:16:00+00'), -- id=42: is_pinned_on__release 10 → NULL, modified_at 2019-09-02 13:29:38.937768+00 → 2019-09-23 22:16:00+00
  (6, '45', '24', '2019-08-27 11:40:35.383158+00', NULL, '2019-09-23 22:16:00+00'), -- id=45: is_pinned_on__release 24 → NULL, modified_at 2019-08-27 11:40:35.383158+00 → 2019-09-23 22:16:00+00
  (7, '46', '12', '2019-09-15 02:47:59.371738+00', NULL, '2019-09-23 22:16:00+00'), -- id=46: is_pinned_on__release 12 → NULL, modified_at 2019-09-15 02:47:59.371738+00 → 2019-09-23 22:16:00+00
  (8, '58', '35', '2019-09-07 16:31:55.346362+00', NULL, '2019-09-23 22:16:00+00'), -- id=58: is_pinned_on__release 35 → NULL, modified_at 2019-09-07 16:31:55.346362+00 → 2019-09-23 22:16:00+00
  (9, '83', '1', '2019-09-15 06:16:50.682765+00', NULL, '2019-09-23 22:16:00+00'), -- id=83: is_pinned_on__release 1 → NULL, modified_at 2019-09-15 06:16:50.682765+00 → 2019-09-23 22:16:00+00
  (10, '86', '18', '2019-09-04 13:41:11.341938+00', NULL, '2019-09-23 22:16:00+00'), -- id=86: is_pinned_on__release 18 → NULL, modified_at 2019-09-04 13:41:11.341938+00 → 2019-09-23 22:16:00+00
  (11, '93', '22', '2019-08-29 09:03:53.173404+00', NULL, '2019-09-23 22:16:00+00'), -- id=93: is_pinned_on__release 22 → NULL, modified_at 2019-08-29 09:03:53.173404+00 → 2019-09-23 22:16:00+00
  (12, '103', '14', '2019-08-28 22:22:22.176991+00', NULL, '2019-09-23 22:16:00+00'), -- id=103: is_pinned_on__release 14 → NULL, modified_at 2019-08-28 22:22:22.176991+00 → 2019-09-23 22:16:00+00
  (13, '108', '35', '2019-09-18 01:00:14.198839+00', NULL, '2019-09-23 22:16:00+00'), -- id=108: is_pinned_on__release 35 → NULL, modified_at 2019-09-18 01:00:14.198839+00 → 2019-09-23 22:16:00+00
  (14, '110', '9', '2019-09-01 10:07:36.1686+00', NULL, '2019-09-23 22:16:00+00'), -- id=110: is_pinned_on__release 9 → NULL, modified_at 2019-09-01 10:07:36.1686+00 → 2019-09-23 22:16:00+00
  (15, '111', '3', '2019-09-17 02:02:12.685932+00', NULL, '2019-09-23 22:16:00+00'), -- id=111: is_pinned_on__release 3 → NULL, modified_at 2019-09-17 02:02:12.685932+00 → 2019-09-23 22:16:00+00
  (16, '139', '3', '2019-08-25 09:02:38.575217+00', NULL, '2019-09-23 22:17:00+00'), -- id=139: is_pinned_on__release 3 → NULL, modified_at 2019-08-25 09:02:38.575217+00 → 2019-09-23 22:17:00+00
  (17, '144', '19', '2019-09-02 03:18:08.743295+00', NULL, '2019-09-23 22:17:00+00'), -- id=144: is_pinned_on__release 19 → NULL, modified_at 2019-09-02 03:18:08.743295+00 → 2019-09-23 22:17:00+00
  (18, '147', '10', '2019-09-22 06:49:16.595727+00', NULL, '2019-09-23 22:17:00+00'), -- id=147: is_pinned_on__release 10 → NULL, modified_at 2019-09-22 06:49:16.595727+00 → 2019-09-23 22:17:00+00
  (19, '151', '23', '2019-08-25 23:43:56.802585+00', NULL, '2019-09-23 22:17:00+00'), -- id=151: is_pinned_on__release 23 → NULL, modified_at 2019-08-25 23:43:56.802585+00 → 2019-09-23 22:17:00+00
  (20, '153', '14', '2019-08-31 15:27:56.857064+00', NULL, '2019-09-23 22:17:00+00'), -- id=153: is_pinned_on__release 14 → NULL, modified_at 2019-08-31 15:27:56.857064+00 → 2019-09-23 22:17:00+00
  (21, '159', '27', '2019-09-15 00:25:50.974423+00', NULL, '2019-09-23 22:17:00+00'), -- id=159: is_pinned_on__release 27 → NULL, modified_at 2019-09-15 00:25:50.974423+00 → 2019-09-23 22:17:00+00
  (22, '166', '18', '2019-09-22 16:00:35.766938+00', NULL, '2019-09-23 22:17:00+00'), -- id=166: is_pinned_on__release 18 → NULL, modified_at 2019-09-22 16:00:35.766938+00 → 2019-09-23 22:17:00+00
  (23, '168', '10', '2019-09-07 02:27:25.080464+00', NULL, '2019-09-23 22:17:00+00'), -- id=168: is_pinned_on__release 10 → NULL, modified_at 2019-09-07 02:27:25.080464+00 → 2019-09-23 22:17:00+00
  (24, '171', '11', '2019-09-08 20:37:46.711412+00', NULL, '2019-09-23 22:17:00+00'), -- id=171: is_pinned_on__release 11 → NULL, modified_at 2019-09-08 20:37:46.711412+00 → 2019-09-23 22:17:00+00
  (25, '173', '6', '2019-09-15 16:50:31.304542+00', NULL, '2019-09-23 22:17:00+00'), -- id=173: is_pinned_on__release 6 → NULL, modified_at 2019-09-15 16:50:31.304542+00 → 2019-09-23 22:17:00+00
  (26, '184', '30', '2019-09-03 13:52:46.613685+00', NULL, '2019-09-23 22:17:00+00'), -- id=184: is_pinned_on__release 30 → NULL, modified_at 2019-09-03 13:52:46.613685+00 → 2019-09-23 22:17:00+00
  (27, '188', '24', '2019-08-30 16:07:09.571842+00', NULL, '2019-09-23 22:17:00+00'), -- id=188: is_pinned_on__release 24 → NULL, modified_at 2019-08-30 16:07:09.571842+00 → 2019-09-23 22:17:00+00
  (28, '193', '13', '2019-09-04 16:39:11.557394+00', NULL, '2019-09-23 22:17:00+00'), -- id=193: is_pinned_on__release 13 → NULL, modified_at 2019-09-04 16:39:11.557394+00 → 2019-09-23 22:17:00+00
  (29, '206', '1', '2019-09-06 18:33:26.232304+00', NULL, '2019-09-23 22:17:00+00'), -- id=206: is_pinned_on__release 1 → NULL, modified_at 2019-09-06 18:33:26.232304+00 → 2019-09-23 22:17:00+00
  (30, '236', '34', '2019-09-06 02:28:08.134264+00', NULL, '2019-09-23 22:17:00+00'), -- id=236: is_pinned_on__release 34 → NULL, modified_at 2019-09-06 02:28:08.134264+00 → 2019-09-23 22:17:00+00
  (31, '238', '20', '2019-09-12 22:01:00.707176+00', NULL, '2019-09-23 22:17:00+00'), -- id=238: is_pinned_on__release 20 → NULL, modified_at 2019-09-12 22:01:00.707176+00 → 2019-09-23 22:17:00+00
  (32, '246', '31', '2019-09-21 10:00:57.841451+00', NULL, '2019-09-23 22:17:00+00'), -- id=246: is_pinned_on__release 31 → NULL, modified_at 2019-09-21 10:00:57.841451+00 → 2019-09-23 22:17:00+00
  (33, '247', '5', '2019-09-17 16:51:37.402514+00', NULL, '2019-09-23 22:17:00+00'); -- id=247: is_pinned_on__release 5 → NULL, modified_at 2019-09-17 16:51:37.402514+00 → 2019-09-23 22:17:00+00
WITH written AS (
  UPDATE ONLY public.device AS t
  SET is_pinned_on__release = s.new_is_pinned_on__release,
    modified_at = CASE WHEN t.modified_at IS NOT DISTINCT FROM s.old_modified_at THEN s.new_modified_at ELSE t.modified_at END
  FROM pg_temp.pgmend_2 AS s
  WHERE t.id = s.key_id
    AND t.is_pinned_on__release IS NOT DISTINCT FROM s.old_is_pinned_on__release
  RETURNING s.n
)
UPDATE pg_temp.pgmend_2 AS s SET done = true FROM written WHERE written.n = s.n;
INSERT INTO pg_temp.pgmend_drift (step, "table", operation, key, finding)
SELECT 2, 'public.device', 'update', pg_catalog.json_build_object('id', s.key_id::pg_catalog.text)::pg_catalog.text,
  CASE WHEN s.done THEN 'a trigger or rule changed what was written; ' ELSE '' END || CASE WHEN t.id IS NULL THEN 'the row is gone' ELSE pg_catalog.concat_ws('; ', pg_catalog.concat_ws('; ', CASE WHEN NOT (t.is_pinned_on__release IS NOT DISTINCT FROM s.old_is_pinned_on__release) THEN pg_catalog.format('%s is %L, expected %L', 'is_pinned_on__release', t.is_pinned_on__release::pg_catalog.text, s.old_is_pinned_on__release::pg_catalog.text) END)) END
FROM pg_temp.pgmend_2 AS s LEFT JOIN ONLY public.device AS t ON t.id = s.key_id
WHERE s.done IS NOT TRUE AND NOT (t.id IS NOT NULL AND t.is_pinned_on__release IS NOT DISTINCT FROM s.new_is_pinned_on__release);
INSERT INTO pg_temp.pgmend_result (step, "table", operation, planned, written)
SELECT 2, 'public.device', 'update', count(*), count(*) FILTER (WHERE done) FROM pg_temp.pgmend_2;
DROP TABLE pg_temp.pgmend_2;

-- Step 3 of 3: update 62 rows of public.device (modified_at)
CREATE TEMP TABLE pgmend_3 ON COMMIT DROP AS
  SELECT 0 AS n, false AS done, t.id AS key_id, t.modified_at AS old_modified_at, t.modified_at AS new_modified_at
  FROM ONLY public.device AS t WITH NO DATA;
INSERT INTO pg_temp.pgmend_3 (n, key_id, old_modified_at, new_modified_at) VALUES
  (1, '6', '2019-09-14 13:16:35.271289+00', '2019-09-23 22:16:00+00'), -- id=6: modified_at 2019-09-14 13:16:35.271289+00 → 2019-09-23 22:16:00+00
  (2, '9', '2019-09-03 17:12:15.880689+00', '2019-09-23 22:16:00+00'), -- id=9: modified_at 2019-09-03 17:12:15.880689+00 → 2019-09-23 22:16:00+00
  (3, '19', '2019-08-30 16:38:23.730053+00', '2019-09-23 22:16:00+00'), -- id=19: modified_at 2019-08-30 16:38:23.730053+00 → 2019-09-23 22:16:00+00
  (4, '28', '2019-09-06 00:26:50.482731+00', '2019-09-23 22:16:00+00'), -- id=28: modified_at 2019-09-06 00:26:50.482731+00 → 2019-09-23 22:16:00+00
  (5, '29', '2019-09-20 09:21:56.516512+00', '2019-09-23 22:16:00+00'), -- id=29: modified_at 2019-09-20 09:21:56.516512+00 → 2019-09-23 22:16:00+00
  (6, '30', '2019-09-17 13:20:06.890177+00', '2019-09-23 22:16:00+00'), -- id=30: modified_at 2019-09-17 13:20:06.890177+00 → 2019-09-23 22:16:00+00
  (7, '31', '2019-09-22 03:44:57.71244+00', '2019-09-23 22:16:00+00'), -- id=31: modified_at 2019-09-22 03:44:57.71244+00 → 2019-09-23 22:16:00+00
  (8, '34', '2019-09-10 13:28:37.88302+00', '2019-09-23 22:16:00+00'), -- id=34: modified_at 2019-09-10 13:28:37.88302+00 → 2019-09-23 22:16:00+00
  (9, '48', '2019-09-22 20:05:30.164+00', '2019-09-23 22:16:00+00'), -- id=48: modified_at 2019-09-22 20:05:30.164+00 → 2019-09-23 22:16:00+00
  (10, '52', '2019-09-08 13:05:44.345549+00', '2019-09-23 22:16:00+00'), -- id=52: modified_at 2019-09-08 13:05:44.345549+00 → 2019-09-23 22:16:00+00
  (11, '53', '2019-09-15 15:24:01.845665+00', '2019-09-23 22:16:00+00'), -- id=53: modified_at 2019-09-15 15:24:01.845665+00 → 2019-09-23 22:16:00+00
  (12, '56', '2019-08-30 21:13:28.332143+00', '2019-09-23 22:16:00+00'), -- id=56: modified_at 2019-08-30 21:13:28.332143+00 → 2019-09-23 22:16:00+00
  (13, '68', '2019-08-27 18:00:53.336037+00', '2019-09-23 22:16:00+00'), -- id=68: modified_at 2019-08-27 18:00:53.336037+00 → 2019-09-23 22:16:00+00
  (14, '70', '2019-09-01 12:41:07.360642+00', '2019-09-23 22:16:00+00'), -- id=70: modified_at 2019-09-01 12:41:07.360642+00 → 2019-09-23 22:16:00+00
  (15, '71', '2019-09-06 23:57:44.664479+00', '2019-09-23 22:16:00+00'), -- id=71: modified_at 2019-09-06 23:57:44.664479+00 → 2019-09-23 22:16:00+00
  (16, '78', '2019-09-12 11:56:16.768798+00', '2019-09-23 22:16:00+00'), -- id=78: modified_at 2019-09-12 11:56:16.768798+00 → 2019-09-23 22:16:00+00
  (17, '85', '2019-09-20 02:39:54.767446+00', '2019-09-23 22:16:00+00'), -- id=85: modified_at 2019-09-20 02:39:54.767446+00 → 2019-09-23 22:16:00+00
  (18, '88', '2019-09-18 12:37:44.708713+00', '2019-09-23 22:16:00+00'), -- id=88: modified_at 2019-09-18 12:37:44.708713+00 → 2019-09-23 22:16:00+00
  (19, '90', '2019-09-20 02:46:22.295821+00', '2019-09-23 22:16:00+00'), -- id=90: modified_at 2019-09-20 02:46:22.295821+00 → 2019-09-23 22:16:00+00
  (20, '97', '2019-09-16 23:03:48.013156+00', '2019-09-23 22:16:00+00'), -- id=97: modified_at 2019-09-16 23:03:48.013156+00 → 2019-09-23 22:16:00+00
  (21, '98', '2019-09-06 09:42:06.277281+00', '2019-09-23 22:16:00+00'), -- id=98: modified_at 2019-09-06 09:42:06.277281+00 → 2019-09-23 22:16:00+00
  (22, '102', '2019-09-11 14:01:06.63978+00', '2019-09-23 22:16:00+00'), -- id=102: modified_at 2019-09-11 14:01:06.63978+00 → 2019-09-23 22:16:00+00
  (23, '109', '2019-09-03 05:27:30.508357+00', '2019-09-23 22:16:00+00'), -- id=109: modified_at 2019-09-03 05:27:30.508357+00 → 2019-09-23 22:16:00+00
  (24, '114', '2019-09-16 20:30:53.868589+00', '2019-09-23 22:16:00+00'), -- id=114: modified_at 2019-09-16 20:30:53.868589+00 → 2019-09-23 22:16:00+00
  (25, '122', '2019-09-06 07:14:24.247497+00', '2019-09-23 22:16:00+00'), -- id=122: modified_at 2019-09-06 07:14:24.247497+00 → 2019-09-23 22:16:00+00
  (26, '123', '2019-09-03 14:27:14.931978+00', '2019-09-23 22:16:00+00'), -- id=123: modified_at 2019-09-03 14:27:14.931978+00 → 2019-09-23 22:16:00+00
  (27, '124', '2019-09-08 22:59:02.162725+00', '2019-09-23 22:16:00+00'), -- id=124: modified_at 2019-09-08 22:59:02.162725+00 → 2019-09-23 22:16:00+00
  (28, '125', '2019-09-07 03:14:56.322694+00', '2019-09-23 22:16:00+00'), -- id=125: modified_at 2019-09-07 03:14:56.322694+00 → 2019-09-23 22:16:00+00
  (29, '126', '2019-09-20 23:20:58.177071+00', '2019-09-23 22:16:00+00'), -- id=126: modified_at 2019-09-20 23:20:58.177071+00 → 2019-09-23 22:16:00+00
  (30, '127', '2019-09-07 06:50:35.680392+00', '2019-09-23 22:16:00+00'), -- id=127: modified_at 2019-09-07 06:50:35.680392+00 → 2019-09-23 22:16:00+00
  (31, '131', '2019-09-17 10:20:30.208739+00', '2019-09-23 22:16:00+00'), -- id=131: modified_at 2019-09-17 10:20:30.208739+00 → 2019-09-23 22:16:00+00
  (32, '132', '2019-08-25 00:41:41.452189+00', '2019-09-23 22:16:00+00'), -- id=132: modified_at 2019-08-25 00:41:41.452189+00 → 2019-09-23 22:16:00+00
  (33, '145', '2019-09-16 10:09:36.271147+00', '2019-09-23 22:17:00+00'), -- id=145: modified_at 2019-09-16 10:09:36.271147+00 → 2019-09-23 22:17:00+00
  (34, '146', '2019-09-19 07:31:03.441273+00', '2019-09-23 22:17:00+00'), -- id=146: modified_at 2019-09-19 07:31:03.441273+00 → 2019-09-23 22:17:00+00
  (35, '156', '2019-09-16 16:49:18.709563+00', '2019-09-23 22:17:00+00'), -- id=156: modified_at 2019-09-16 16:49:18.709563+00 → 2019-09-23 22:17:00+00
  (36, '160', '2019-09-01 03:39:00.721136+00', '2019-09-23 22:17:00+00'), -- id=160: modified_at 2019-09-01 03:39:00.721136+00 → 2019-09-23 22:17:00+00
  (37, '169', '2019-08-26 04:24:52.589251+00', '2019-09-23 22:17:00+00'), -- id=169: modified_at 2019-08-26 04:24:52.589251+00 → 2019-09-23 22:17:00+00
  (38, '174', '2019-08-31 11:35:24.668408+00', '2019-09-23 22:17:00+00'), -- id=174: modified_at 2019-08-31 11:35:24.668408+00 → 2019-09-23 22:17:00+00
  (39, '177', '2019-09-14 12:20:51.757137+00', '2019-09-23 22:17:00+00'), -- id=177: modified_at 2019-09-14 12:20:51.757137+00 → 2019-09-23 22:17:00+00
  (40, '187', '2019-09-13 22:41:27.666533+00', '2019-09-23 22:17:00+00'), -- id=187: modified_at 2019-09-13 22:41:27.666533+00 → 2019-09-23 22:17:00+00
  (41, '189', '2019-09-16 17:10:08.468022+00', '2019-09-23 22:17:00+00'), -- id=189: modified_at 2019-09-16 17:10:08.468022+00 → 2019-09-23 22:17:00+00
  (42, '192', '2019-09-07 18:42:51.351428+00', '2019-09-23 22:17:00+00'), -- id=192: modified_at 2019-09-07 18:42:51.351428+00 → 2019-09-23 22:17:00+00
  (43, '199', '2019-09-15 18:42:32.175149+00', '2019-09-23 22:17:00+00'), -- id=199: modified_at 2019-09-15 18:42:32.175149+00 → 2019-09-23 22:17:00+00
  (44, '215', '2019-08-26 04:16:00.890868+00', '2019-09-23 22:17:00+00'), -- id=215: modified_at 2019-08-26 04:16:00.890868+00 → 2019-09-23 22:17:00+00
  (45, '217', '2019-09-09 11:37:30.189272+00', '2019-09-23 22:17:00+00'), -- id=217: modified_at 2019-09-09 11:37:30.189272+00 → 2019-09-23 22:17:00+00
  (46, '219', '2019-09-02 06:01:55.444974+00', '2019-09-23 22:17:00+00'), -- id=219: modified_at 2019-09-02 06:01:55.444974+00 → 2019-09-23 22:17:00+00
  (47, '220', '2019-09-19 00:17:44.611863+00', '2019-09-23 22:17:00+00'), -- id=220: modified_at 2019-09-19 00:17:44.611863+00 → 2019-09-23 22:17:00+00
  (48, '221', '2019-09-22 07:49:44.627346+00', '2019-09-23 22:17:00+00'), -- id=221: modified_at 2019-09-22 07:49:44.627346+00 → 2019-09-23 22:17:00+00
  (49, '223', '2019-09-17 23:43:30.441673+00', '2019-09-23 22:17:00+00'), -- id=223: modified_at 2019-09-17 23:43:30.441673+00 → 2019-09-23 22:17:00+00
  (50, '224', '2019-08-25 20:28:14.322523+00', '2019-09-23 22:17:00+00'), -- id=224: modified_at 2019-08-25 20:28:14.322523+00 → 2019-09-23 22:17:00+00
  (51, '225', '2019-09-23 06:42:57.722385+00', '2019-09-23 22:17:00+00'), -- id=225: modified_at 2019-09-23 06:42:57.722385+00 → 2019-09-23 22:17:00+00
  (52, '228', '2019-09-01 10:15:48.6264+00', '2019-09-23 22:17:00+00'), -- id=228: modified_at 2019-09-01 10:15:48.6264+00 → 2019-09-23 22:17:00+00
  (53, '230', '2019-08-29 14:28:37.790712+00', '2019-09-23 22:17:00+00'), -- id=230: modified_at 2019-08-29 14:28:37.790712+00 → 2019-09-23 22:17:00+00
  (54, '232', '2019-09-07 03:25:44.587132+00', '2019-09-23 22:17:00+00'), -- id=232: modified_at 2019-09-07 03:25:44.587132+00 → 2019-09-23 22:17:00+00
  (55, '237', '2019-09-13 06:34:02.098454+00', '2019-09-23 22:17:00+00'), -- id=237: modified_at 2019-09-13 06:34:02.098454+00 → 2019-09-23 22:17:00+00
  (56, '244', '2019-09-04 02:07:03.882864+00', '2019-09-23 22:17:00+00'), -- id=244: modified_at 2019-09-04 02:07:03.882864+00 → 2019-09-23 22:17:00+00
  (57, '248', '2019-09-06 09:33:57.56418+00', '2019-09-23 22:17:00+00'), -- id=248: modified_at 2019-09-06 09:33:57.56418+00 → 2019-09-23 22:17:00+00
  (58, '249', '2019-09-23 05:52:08.39674+00', '2019-09-23 22:17:00+00'), -- id=249: modified_at 2019-09-23 05:52:08.39674+00 → 2019-09-23 22:17:00+00
  (59, '255', '2019-09-05 12:02:56.852164+00', '2019-09-23 22:17:00+00'), -- id=255: modified_at 2019-09-05 12:02:56.852164+00 → 2019-09-23 22:17:00+00
  (60, '260', '2019-09-23 00:33:03.560329+00', '2019-09-23 22:17:00+00'), -- id=260: modified_at 2019-09-23 00:33:03.560329+00 → 2019-09-23 22:17:00+00
  (61, '262', '2019-09-03 16:10:54.175251+00', '2019-09-23 22:17:00+00'), -- id=262: modified_at 2019-09-03 16:10:54.175251+00 → 2019-09-23 22:17:00+00
  (62, '263', '2019-08-30 21:48:34.502373+00', '2019-09-23 22:17:00+00'); -- id=263: modified_at 2019-08-30 21:48:34.502373+00 → 2019-09-23 22:17:00+00
WITH written AS (
  UPDATE ONLY public.device AS t
  SET modified_at = CASE WHEN t.modified_at IS NOT DISTINCT FROM s.old_modified_at THEN s.new_modified_at ELSE t.modified_at END
  FROM pg_temp.pgmend_3 AS s
  WHERE t.id = s.key_id
    AND t.modified_at IS NOT DISTINCT FROM s.old_modified_at
  RETURNING s.n
)
UPDATE pg_temp.pgmend_3 AS s SET done = true FROM written WHERE written.n = s.n;
INSERT INTO pg_temp.pgmend_drift (step, "table", operation, key, finding)
SELECT 3, 'public.device', 'update', pg_catalog.json_build_object('id', s.key_id::pg_catalog.text)::pg_catalog.text,
  CASE WHEN s.done THEN 'a trigger or rule changed what was written; ' ELSE '' END || CASE WHEN t.id IS NULL THEN 'the row is gone' ELSE '' END
FROM pg_temp.pgmend_3 AS s LEFT JOIN ONLY public.device AS t ON t.id = s.key_id
WHERE s.done IS NOT TRUE AND NOT (t.id IS NOT NULL);
INSERT INTO pg_temp.pgmend_result (step, "table", operation, planned, written)
SELECT 3, 'public.device', 'update', count(*), count(*) FILTER (WHERE done) FROM pg_temp.pgmend_3;
DROP TABLE pg_temp.pgmend_3;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE public.device ENABLE TRIGGER modified_at;

-- Rows that are no longer as planned
SELECT "table", operation, key, finding FROM pg_temp.pgmend_drift ORDER BY step, key;
DO $pgmend$
DECLARE
  moved bigint := (SELECT count(*) FROM pg_temp.pgmend_drift);
  listed text := (SELECT pg_catalog.string_agg("table" || ' ' || key || ': ' || finding, E'\n' ORDER BY step, key)
    FROM (SELECT * FROM pg_temp.pgmend_drift ORDER BY step, key LIMIT 1000) AS first_rows);
BEGIN
  IF moved > 0 AND pg_catalog.current_setting('pgmend.drift') = 'strict' THEN
    RAISE EXCEPTION 'pgmend: % rows are no longer as planned; nothing was written', moved
      USING DETAIL = listed, HINT = 'Plan again, or leave these rows as they are with -v pgmend_drift=skip.';
  ELSIF moved > 0 THEN
    RAISE WARNING 'pgmend: % rows are no longer as planned and were left as they are', moved USING DETAIL = listed;
  END IF;
END $pgmend$;

-- Invariant: a device is pinned to a release of its own application
DO $pgmend$
BEGIN
  IF EXISTS (SELECT FROM (
SELECT device.id
FROM public.device
JOIN public.release ON release.id = device.is_pinned_on__release
WHERE release.belongs_to__application <> device.belongs_to__application
  ) AS violated) THEN
    RAISE EXCEPTION 'pgmend: invariant % does not hold after the patch; nothing was written', 'a device is pinned to a release of its own application';
  END IF;
END $pgmend$;

SELECT step, "table", operation, planned, written FROM pg_temp.pgmend_result ORDER BY step;
DO $pgmend$
DECLARE
  total bigint := (SELECT coalesce(sum(written), 0) FROM pg_temp.pgmend_result);
BEGIN
  IF total = 0 THEN
    RAISE NOTICE 'pgmend: nothing was written; every row is already as planned or was left as it is';
  ELSE
    RAISE NOTICE 'pgmend: % rows written', total;
  END IF;
END $pgmend$;
COMMIT;
