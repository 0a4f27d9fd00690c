/**
 * For a server that is thrown away: nothing is flushed to disk, nothing is left outside its folder.
 * `synchronous_commit` stays on: without fsync it costs nothing that can be measured, and off it would lose commits
 * when a test kills the postmaster.
 */
export function defaultSettings(socketFolder: string): Readonly<Record<string, string>> {
  return {
    listen_addresses: "127.0.0.1",
    // A longer path than a socket address can hold would keep the server from starting.
    unix_socket_directories: socketFolder.length > 80 ? "" : socketFolder,
    fsync: "off",
    full_page_writes: "off",
    // Below the data directory, so that a server that was killed leaves nothing in /dev/shm (which containers keep small).
    dynamic_shared_memory_type: "mmap",
  };
}

/** In PostgreSQL's own file, not on its command line, so that ALTER SYSTEM works as anywhere else. */
export function settingsFile(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${escapeText(value)}'`);
  return `\n${lines.join("\n")}\n`;
}

function escapeText(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n");
}
