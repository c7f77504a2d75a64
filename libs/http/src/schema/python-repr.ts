/**
 * A JSON value as Python prints it: clients of the reference services match on such texts.
 * @param sorted lists keys in order, as Python's pretty printer does.
 */
export function pythonRepr(value: unknown, sorted = false): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map((item) => pythonRepr(item, sorted)).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value);
  if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${quoted(key)}: ${pythonRepr(inner, sorted)}`).join(', ')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

const escaped = (character: string): string =>
  ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Single quotes, unless the text holds single quotes and no double ones. */
function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  const safe = text.replace(/[\\\u0000-\u001f\u007f]/g, escaped);
  return text.includes("'") && !text.includes('"') ? `"${safe}"` : `'${safe.replaceAll("'", "\\'")}'`;
}
