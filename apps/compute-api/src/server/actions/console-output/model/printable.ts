/** Control characters that clients do not get: all but tabs and newlines. Source: what Nova takes out. */
const CONTROL = new RegExp(
  `[${String.fromCharCode(0)}-${String.fromCharCode(8)}${String.fromCharCode(11)}-${String.fromCharCode(31)}]`,
  'g',
);

/** A guest's output as clients may read it. */
export const printable = (output: string): string => output.replace(CONTROL, '');
