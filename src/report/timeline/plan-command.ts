/** What to type to look into a window; the live database is a name to fill in. URLs come without passwords. */
export function planCommand(pre: string, post: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: for the shell to fill in
  const current = '"${PGMEND_CURRENT:?the URL of the live database}"';
  return `pgmend plan --pre ${shellQuoted(pre)} --post ${shellQuoted(post)} --current ${current}`;
}

/** As a POSIX shell reads it back. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export const passwordHint =
  "Passwords are not shown: keep them in ~/.pgpass or PGPASSWORD, or give the URLs as PGMEND_PRE and PGMEND_POST.";
