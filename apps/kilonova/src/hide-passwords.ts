/** The command line with the passwords of URLs replaced. */
const withoutPasswords = (words: readonly string[]): string =>
  words.map((word) => word.replace(/^((?:--[a-z-]+=)?[a-z]+:\/\/[^/@:]*):.*@/, '$1:***@')).join(' ');

/** Takes passwords out of the words that every user of the machine may see in its list of processes. */
export function hidePasswords(host: {
  title: string;
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
}): void {
  const [node = '', ...words] = host.argv;
  const all = [node, ...host.execArgv, ...words];
  const shown = withoutPasswords(all);
  if (shown !== all.join(' ')) host.title = shown;
}
