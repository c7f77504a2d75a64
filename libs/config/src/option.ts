/** One setting: how its text is read, what it defaults to, what it does. */
export interface Option<T> {
  /** Undefined: the setting has to be given. */
  readonly default: T | undefined;
  /** States the consequence, not the name again. */
  readonly help: string;
  /** Never shown; in files and environment it may also be given as `<key>File`, the path of a file that holds it. */
  readonly secret: boolean;
  /** Type and bounds as shown in help. */
  readonly type: string;
  /** Reads a value from YAML, environment or a flag. @returns the value, or what is wrong with it. */
  parse(raw: unknown): { readonly value: T } | { readonly fault: string };
}

interface Common<T> {
  readonly default?: T;
  readonly help: string;
}

const isText = (raw: unknown): raw is string => typeof raw === 'string';

function define<T>(type: string, common: Common<T>, parse: Option<T>['parse'], secret = false): Option<T> {
  return { type, default: common.default, help: common.help, secret, parse };
}

function number(raw: unknown, whole: boolean, min: number, max: number): { value: number } | { fault: string } {
  const value = isText(raw) && raw.trim() !== '' ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    return { fault: `must be ${whole ? 'a whole number' : 'a number'}` };
  }
  return value < min || value > max ? { fault: `must be from ${min} to ${max}` } : { value };
}

const text = (raw: unknown): { value: string } | { fault: string } => (isText(raw) ? { value: raw } : { fault: 'must be text' });

function url(raw: unknown): { value: string } | { fault: string } {
  return isText(raw) && URL.canParse(raw) ? { value: raw } : { fault: 'must be a URL' };
}

function bool(raw: unknown): { value: boolean } | { fault: string } {
  if (typeof raw === 'boolean') return { value: raw };
  const word = isText(raw) ? raw.toLowerCase() : '';
  if (['true', 'yes', 'on', '1'].includes(word)) return { value: true };
  return ['false', 'no', 'off', '0'].includes(word) ? { value: false } : { fault: 'must be true or false' };
}

function list(raw: unknown): { value: readonly string[] } | { fault: string } {
  if (Array.isArray(raw) && raw.every(isText)) return { value: raw };
  if (!isText(raw)) return { fault: 'must be a list of texts' };
  return { value: raw.split(',').map((part) => part.trim()).filter((part) => part !== '') };
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

const range = (bounds: Bounds): readonly [number, number] => [bounds.min ?? 0, bounds.max ?? Number.MAX_SAFE_INTEGER];

/** The kinds of settings. Keys that measure something end in their unit: `timeoutSeconds`, `cacheBytes`. */
export const option = {
  string: (common: Common<string>): Option<string> => define('text', common, text),
  secret: (common: Common<string>): Option<string> => define('secret', common, text, true),
  url: (common: Common<string>): Option<string> => define('URL', common, url),
  /** A URL that may carry a password; shown without it. */
  secretUrl: (common: Common<string>): Option<string> => define('secret URL', common, url, true),
  bool: (common: Common<boolean>): Option<boolean> => define('true or false', common, bool),
  list: (common: Common<readonly string[]>): Option<readonly string[]> => define('list', common, list),
  int: (common: Common<number> & Bounds): Option<number> =>
    define(`whole number ${range(common).join('…')}`, common, (raw) => number(raw, true, ...range(common))),
  float: (common: Common<number> & Bounds): Option<number> =>
    define(`number ${range(common).join('…')}`, common, (raw) => number(raw, false, ...range(common))),
  port: (common: Common<number>): Option<number> => define('port', common, (raw) => number(raw, true, 0, 65_535)),
  choice: <T extends string>(values: readonly T[], common: Common<T>): Option<T> =>
    define<T>(values.join(' | '), common, (raw) => {
      const value = values.find((candidate) => candidate === raw);
      return value === undefined ? { fault: `must be one of ${values.join(', ')}` } : { value };
    }),
};
