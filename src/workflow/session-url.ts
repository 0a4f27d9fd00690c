import type { Session } from "../postgres/session/session.js";

/** As we reached it, without a password. Quotes are encoded, too: it stands between those of a shell. */
export function urlWithoutPassword({ client, database }: Session): string {
  const encoded = (text: string) => encodeURIComponent(text).replaceAll("'", "%27");
  return `postgresql://${encoded(client.user ?? "")}@${encoded(client.host)}:${client.port}/${encoded(database)}`;
}
