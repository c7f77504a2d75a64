/**
 * What a regular expression of a client's is to the database: `plain` costs no more than comparing a text, `costly` may be
 * tried within an own time limit, anything else says why it is not tried at all.
 */
export type PatternVerdict = { readonly outcome: 'plain' | 'costly' } | { readonly outcome: 'refused'; readonly reason: string };

/** Longest pattern, characters; and how many it may become when counted repetitions are written out. */
const PATTERN_LIMIT = 255;

/** Without quantifier, group or class: matched in one pass. */
const PLAIN = /^\^?[\p{L}\p{N} _.:@,;/=#%&!"'<>~`-]*\$?$/u;

/** Embedded options that change how letters and line ends are compared, and nothing else. */
const HARMLESS_OPTIONS = /^\(\?[cinpstw]+\)/;

const refused = (reason: string): PatternVerdict => ({ outcome: 'refused', reason });

/**
 * Judges a pattern by PostgreSQL's advanced syntax. Back-references are refused, as matching them takes exponential time;
 * look-around and directors too; repetitions may not write the pattern out to more than `PATTERN_LIMIT` characters, as the
 * automaton's size grows with the square of that.
 */
export function judgePattern(pattern: string): PatternVerdict {
  if (pattern.length > PATTERN_LIMIT) return refused(`it is longer than ${PATTERN_LIMIT} characters`);
  if (PLAIN.test(pattern)) return { outcome: 'plain' };
  if (pattern.startsWith('***')) return refused('directors are not supported');
  return judgeParts(pattern.replace(HARMLESS_OPTIONS, ''));
}

/** Reads the pattern once, with the written-out size of each open group. */
function judgeParts(pattern: string): PatternVerdict {
  const groups: number[] = [0];
  let atom = 0;
  const add = (size: number): void => {
    groups[groups.length - 1] = (groups.at(-1) ?? 0) + size;
    atom = size;
  };
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const [token] = TOKEN.exec(rest) as unknown as [string];
    at += token.length;
    if (/^\\[1-9]/.test(token)) return refused('back-references are not supported');
    if (token === '(?') return refused('look-around is not supported');
    if (token.startsWith('(')) groups.push(0);
    else if (token === ')' && groups.length > 1) add(groups.pop() ?? 0);
    else if (token.startsWith('{')) add(atom * Math.max(0, mostTimes(token) - 1));
    else if (!/^[*+?|]/.test(token)) add(1);
    if (groups.reduce((sum, size) => sum + size, 0) > PATTERN_LIMIT) return refused('its repetitions are too many');
  }
  return { outcome: 'costly' };
}

/** An escape, a bracket expression, a group's begin, a counted repetition, or one character. */
const TOKEN = /^(?:\\[\s\S]?|\[\^?\]?(?:\[[:.=][^\]]*\]|\\[\s\S]|[^\]\\])*\]?|\(\?:|\(\?|\{\d+(?:,\d*)?\}|[\s\S])/;

const mostTimes = (token: string): number => Math.max(...(token.match(/\d+/g) ?? []).map(Number));
