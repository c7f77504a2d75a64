/** What became of a raw value: the typed one, or why it can't be used. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

export interface OptionBase<T> {
  /** What the option does and what follows from changing it; goes into the sample file. */
  readonly help: string;
  /** Left out: the option has to be set, unless `optional`. */
  readonly default?: T;
  /** May be absent; the value is then undefined. */
  readonly optional?: boolean;
}

/** One option of a section: its type in words, its limits and its parser. */
export interface Option<T> extends OptionBase<T> {
  /** `int`, `url`, `one of a, b`: for messages and the sample file. */
  readonly type: string;
  /** Never shown; may also be given as the name of a file under `<key>File`. */
  readonly secret: boolean;
  /** `duration` options take their unit from the key's name. */
  readonly unit: 'by-key' | undefined;
  parse(raw: unknown, key: string): Parsed<T>;
}

interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
}

type Spec<T> = OptionBase<T>;
type UrlSpec = Spec<string> & { /** Schemes that are accepted; any when left out. */ readonly protocols?: readonly string[] };
type Definite<S, T> = S extends { readonly optional: true } ? Option<T | undefined> : Option<T>;

const make = <T>(
  spec: Spec<T>,
  type: string,
  parse: Option<T>['parse'],
  extra: { secret?: boolean; unit?: 'by-key' } = {},
): Option<T> => ({
  ...spec,
  type,
  secret: extra.secret ?? false,
  unit: extra.unit,
  parse,
});

const urlType = ({ protocols }: UrlSpec): string => (protocols === undefined ? 'URL' : `URL of ${protocols.join(', ')}`);

const text = (raw: unknown): string | undefined => {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : undefined;
};

function limited(value: number, { min, max }: NumberLimits): Parsed<number> {
  if (min !== undefined && value < min) return { fault: `must be at least ${min}, is ${value}` };
  if (max !== undefined && value > max) return { fault: `must be at most ${max}, is ${value}` };
  return { value };
}

function number(raw: unknown, limits: NumberLimits, whole: boolean): Parsed<number> {
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value)))
    return { fault: `must be ${whole ? 'a whole number' : 'a number'}` };
  return limited(value, limits);
}

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);

function boolean(raw: unknown): Parsed<boolean> {
  const word = text(raw)?.toLowerCase() ?? '';
  if (TRUE.has(word)) return { value: true };
  return FALSE.has(word) ? { value: false } : { fault: 'must be true or false' };
}

function url(raw: unknown, protocols: readonly string[] | undefined): Parsed<string> {
  const given = text(raw) ?? '';
  if (!URL.canParse(given)) return { fault: 'must be a URL' };
  const scheme = new URL(given).protocol.replace(/:$/, '');
  if (protocols !== undefined && !protocols.includes(scheme))
    return { fault: `must be a URL of ${protocols.join(', ')}, not ${scheme}` };
  return { value: given };
}

function stringList(raw: unknown): Parsed<readonly string[]> {
  if (Array.isArray(raw)) {
    const items = raw.map(text);
    return items.every((item) => item !== undefined) ? { value: Object.freeze(items) } : { fault: 'must be a list of texts' };
  }
  const given = text(raw);
  if (given === undefined) return { fault: 'must be a list' };
  return {
    value: Object.freeze(
      given
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5s`, `250ms`, `2h`, or a bare number in the unit that the key's name ends with. */
function duration(raw: unknown, key: string, limits: NumberLimits): Parsed<number> {
  const unitMs = key.endsWith('Ms') ? 1 : 1000;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text(raw) ?? '');
  if (match === null) return number(raw, { min: 0, ...limits }, false);
  return limited((Number(match[1]) * (UNIT_MS[match[2] ?? 's'] ?? 1000)) / unitMs, { min: 0, ...limits });
}

const asText = (raw: unknown): Parsed<string> => {
  const value = text(raw);
  return value === undefined ? { fault: 'must be text' } : { value };
};

const oneOf = <const V extends string>(raw: unknown, values: readonly V[]): Parsed<V> => {
  const found = values.find((value) => value === text(raw));
  return found === undefined ? { fault: `must be one of ${values.join(', ')}` } : { value: found };
};

/** The builders of options. Each takes its help, its default or `optional: true`, and its limits. */
export const option = {
  string: <const S extends Spec<string>>(spec: S) => make(spec, 'text', asText) as Definite<S, string>,
  int: <const S extends Spec<number> & NumberLimits>(spec: S) =>
    make(spec, range('int', spec), (raw) => number(raw, spec, true)) as Definite<S, number>,
  float: <const S extends Spec<number> & NumberLimits>(spec: S) =>
    make(spec, range('number', spec), (raw) => number(raw, spec, false)) as Definite<S, number>,
  bool: <const S extends Spec<boolean>>(spec: S) => make<boolean>(spec, 'true or false', boolean) as Definite<S, boolean>,
  /** A TCP port; 0 lets the system choose. */
  port: <const S extends Spec<number>>(spec: S) =>
    make(spec, 'port 0…65535', (raw) => number(raw, { min: 0, max: 65_535 }, true)) as Definite<S, number>,
  url: <const S extends UrlSpec>(spec: S) => make(spec, urlType(spec), (raw) => url(raw, spec.protocols)) as Definite<S, string>,
  /** A URL that may carry a password: shown without it, and `<key>File` names a file that holds it instead. */
  secretUrl: <const S extends UrlSpec>(spec: S) =>
    make(spec, urlType(spec), (raw) => url(raw, spec.protocols), { secret: true }) as Definite<S, string>,
  choice: <const V extends string>(values: readonly V[], spec: { readonly help: string; readonly default?: NoInfer<V> }) =>
    make<V>(spec, `one of ${values.join(', ')}`, (raw) => oneOf(raw, values)),
  /** A YAML list, or text with commas. */
  list: <const S extends Spec<readonly string[]>>(spec: S) =>
    make<readonly string[]>(spec, 'list of texts', stringList) as Definite<S, readonly string[]>,
  /** The key ends in `Seconds` or `Ms`: a bare number is in that unit, `5s` or `200ms` are converted to it. */
  duration: <const S extends Spec<number> & NumberLimits>(spec: S) =>
    make(spec, range('duration', spec), (raw, key) => duration(raw, key, spec), { unit: 'by-key' }) as Definite<S, number>,
  /** Text that is never shown; `<key>File` names a file that holds it instead. */
  secret: <const S extends Spec<string>>(spec: S) => make(spec, 'secret text', asText, { secret: true }) as Definite<S, string>,
} as const;

function range(type: string, { min, max }: NumberLimits): string {
  if (min === undefined && max === undefined) return type;
  return `${type} ${min ?? '−∞'}…${max ?? '∞'}`;
}
