const NUMERIC: Readonly<Record<string, (have: number, want: number) => boolean>> = {
  '=': (have, want) => have >= want,
  '==': (have, want) => have === want,
  '!=': (have, want) => have !== want,
  '>=': (have, want) => have >= want,
  '<=': (have, want) => have <= want,
};

const TEXT: Readonly<Record<string, (have: string, want: string) => boolean>> = {
  's==': (have, want) => have === want,
  's!=': (have, want) => have !== want,
  's<': (have, want) => have < want,
  's<=': (have, want) => have <= want,
  's>': (have, want) => have > want,
  's>=': (have, want) => have >= want,
};

/**
 * The small comparison language of extra specs: `>= 4`, `s== x`, `<in> word`, `<all-in> a b`, `<or> a <or> b`; without
 * an operator the texts must be equal. A number is expected where a numeric operator stands, else nothing matches.
 */
export function matchesExtraSpec(have: string, requirement: string): boolean {
  const words = requirement.trim().split(/\s+/);
  const [operator = '', ...rest] = words;
  const want = rest.join(' ');
  if (operator === '<or>') return alternatives(requirement).includes(have);
  if (operator === '<in>') return have.includes(want);
  if (operator === '<all-in>') return rest.every((word) => have.includes(word));
  const numeric = NUMERIC[operator];
  if (numeric !== undefined) return want !== '' && numeric(Number(have), Number(want));
  const text = TEXT[operator];
  return text === undefined ? have === requirement : text(have, want);
}

const alternatives = (requirement: string): readonly string[] =>
  requirement
    .split('<or>')
    .map((part) => part.trim())
    .filter((part) => part !== '');
