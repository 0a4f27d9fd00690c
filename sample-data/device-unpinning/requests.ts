import type { Statement } from "./step.js";

/**
 * The product's API, one statement a request. It names devices by uuid and releases by commit, as its clients do,
 * so a step can speak of rows that an earlier step created without knowing their ids.
 */

/** Pins and unpins leave an audit entry. A migration, which bypasses the API, leaves none: that tells them apart. */
const setPin = `
WITH changed AS (
  UPDATE public.device SET is_pinned_on__release = (SELECT id FROM public.release WHERE commit = $2)
  WHERE uuid = $1 RETURNING id, is_pinned_on__release
)
INSERT INTO public.audit_entry (created_at, actor, device, action, release)
SELECT public.story_now(), $3, id, $4, is_pinned_on__release FROM changed`;

export function pin(uuid: string, commit: string, actor: number): Statement {
  return { sql: setPin, values: [uuid, commit, actor, "pin"] };
}

export function unpin(uuid: string, actor: number): Statement {
  return { sql: setPin, values: [uuid, null, actor, "unpin"] };
}

export function rename(uuid: string, name: string): Statement {
  return { sql: "UPDATE public.device SET device_name = $2 WHERE uuid = $1", values: [uuid, name] };
}

export function remove(uuid: string): Statement {
  return { sql: "DELETE FROM public.device WHERE uuid = $1", values: [uuid] };
}

export function register(uuid: string, name: string, application: number): Statement {
  const sql = `INSERT INTO public.device (uuid, device_name, belongs_to__application, created_at, modified_at)
    VALUES ($1, $2, $3, public.story_now(), public.story_now())`;
  return { sql, values: [uuid, name, application] };
}

export function setTag(uuid: string, key: string, value: string): Statement {
  const sql = `INSERT INTO public.device_tag (device, tag_key, value)
    SELECT id, $2, $3 FROM public.device WHERE uuid = $1
    ON CONFLICT (device, tag_key) DO UPDATE SET value = excluded.value`;
  return { sql, values: [uuid, key, value] };
}

export function removeTag(uuid: string, key: string): Statement {
  const sql = `DELETE FROM public.device_tag
    WHERE device = (SELECT id FROM public.device WHERE uuid = $1) AND tag_key = $2`;
  return { sql, values: [uuid, key] };
}

export function setVariable(uuid: string, name: string, value: string): Statement {
  const sql = `INSERT INTO public.device_environment_variable (device, name, value, created_at, modified_at)
    SELECT id, $2, $3, public.story_now(), public.story_now() FROM public.device WHERE uuid = $1
    ON CONFLICT (device, name) DO UPDATE SET value = excluded.value`;
  return { sql, values: [uuid, name, value] };
}

export function removeVariable(uuid: string, name: string): Statement {
  const sql = `DELETE FROM public.device_environment_variable
    WHERE device = (SELECT id FROM public.device WHERE uuid = $1) AND name = $2`;
  return { sql, values: [uuid, name] };
}

export function startRelease(application: number, commit: string, semver: string): Statement {
  const sql = `INSERT INTO public.release
    (belongs_to__application, commit, semver, status, created_at, modified_at)
    VALUES ($1, $2, $3, 'running', public.story_now(), public.story_now())`;
  return { sql, values: [application, commit, semver] };
}

/** A release that was built becomes what the application runs, where the application follows the latest. */
export function finishRelease(commit: string): Statement {
  const sql = `WITH finished AS (
      UPDATE public.release SET status = 'success' WHERE commit = $1 RETURNING id, belongs_to__application
    )
    UPDATE public.application AS application SET should_be_running__release = finished.id FROM finished
    WHERE application.id = finished.belongs_to__application AND application.should_track_latest_release`;
  return { sql, values: [commit] };
}

export function describe(application: number, description: string | null): Statement {
  return {
    sql: "UPDATE public.application SET description = $2 WHERE id = $1",
    values: [application, description],
  };
}

export function tagApplication(application: number, key: string, value: string): Statement {
  const sql = `INSERT INTO public.application_tag (application, tag_key, value) VALUES ($1, $2, $3)
    ON CONFLICT (application, tag_key) DO UPDATE SET value = excluded.value`;
  return { sql, values: [application, key, value] };
}
