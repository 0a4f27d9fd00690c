const mask = "*";

/**
 * A connection URL without its secrets, of the same length, so that a cursor in it stays where it is. What may be a
 * password counts as one: everything between the colon after the user and the last @, and `password=` in the query.
 */
export function maskUrl(url: string): string {
  return url
    .replace(
      /^(\w+:\/\/[^/:@\s]*:)(.*)(@)/,
      (_, start: string, secret: string, end: string) => start + hide(secret) + end,
    )
    .replace(/^(\w+:\/\/[^/:@\s]*:)([^@/]+)$/, (whole, start: string, secret: string) =>
      /^\d{1,5}$/.test(secret) ? whole : start + hide(secret),
    )
    .replace(/([?&\s]password=)([^&\s]*)/gi, (_, start: string, secret: string) => start + hide(secret));
}

/**
 * As much of a line as can be seen while it is typed, of the same length: a password begins after the user, and where
 * it ends is only known in the end. `pre postgresql://ann:*****************`
 */
export function maskTyped(line: string): string {
  return line
    .replace(/(\w+:\/\/[^/:@\s]*:)(.*)$/, (_, start: string, secret: string) => start + hide(secret))
    .replace(/(password=)(.*)$/i, (_, start: string, secret: string) => start + hide(secret));
}

const hide = (secret: string): string => mask.repeat(secret.length);
