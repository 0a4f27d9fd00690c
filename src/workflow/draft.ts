import { draftConfig } from "../merge/draft/draft-config.js";
import type { ConfigDraft } from "../model/config-draft.js";
import { InterruptedError } from "../model/errors.js";
import type { PlanSettings } from "../model/settings.js";
import { type DatabaseRole, databaseRoles } from "../model/value.js";
import { readSequences } from "../postgres/catalog/read-sequences.js";
import { readFacts } from "../postgres/preflight/preflight.js";
import { checkIdentities, connect, type Sessions } from "./connect.js";
import { readCatalogs } from "./line-up.js";
import type { OnProgress } from "./progress.js";
import { urlWithoutPassword } from "./session-url.js";

export interface DraftOptions {
  readonly settings: Pick<PlanSettings, "connections" | "mode">;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What names, types, keys and foreign keys of the three databases give away, for a first config.
 *
 * @throws UsageError, ConnectionError, QueryError, InterruptedError
 */
export async function draft({ settings, onProgress, signal }: DraftOptions): Promise<ConfigDraft> {
  const tell = onProgress ?? (() => undefined);
  tell({ kind: "step", text: "connecting" });
  const sessions = await connect(settings, signal);
  try {
    await checkIdentities(sessions);
    tell({ kind: "step", text: "reading the catalogs" });
    return draftConfig({
      mode: settings.mode,
      connections: connectionsOf(sessions),
      catalogs: await readCatalogs(sessions),
      facts: await readFacts(sessions.current),
      sequences: (await readSequences(sessions.current)).length,
    });
  } catch (error) {
    // Aborting ends the connections, and whatever was running fails in its own words.
    throw signal?.aborted === true ? new InterruptedError() : error;
  } finally {
    await sessions.close();
  }
}

function connectionsOf(sessions: Sessions): ConfigDraft["connections"] {
  const given: readonly DatabaseRole[] = databaseRoles.filter(
    (role) => role !== "post" || !sessions.postIsCurrent,
  );
  return given.map((role) => ({
    variable: `PGMEND_${role.toUpperCase()}`,
    url: urlWithoutPassword(sessions[role]),
  }));
}
