/** What is wrong with a connection URL, in words that do not quote it; undefined: nothing. */
export function urlComplaint(url: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(url)) return "expected a URL like postgresql://user@host:5432/database";
  // What follows the first @ would be taken for a host, and shown as one that was not found.
  const isBroken = /^\w+:\/\/[^/?#]*@[^/?#]*(?:[/#][^?]*|\?[^=]*)@.*\//.test(url);
  return isBroken ? "in a password, @ is written %40, / is %2F, ? is %3F and # is %23" : undefined;
}
