const COMMENTS = /\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g;

const FORMS = [
  /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?\sfrom\s*['"]([^'"]+)['"]/g,
  /(?:^|[\s;}])import\s*['"]([^'"]+)['"]/g,
  /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
];

/** Source text without comments, line breaks kept, so that line numbers hold. */
export const withoutComments = (text) =>
  text.replace(COMMENTS, (match, before = '') => before + match.slice(before.length).replace(/[^\n]/g, ' '));

const lineAt = (text, index) => text.slice(0, index).split('\n').length;

/**
 * The modules that a TypeScript source names in static, re-exporting and dynamic imports.
 * @returns {{ specifier: string, line: number }[]}
 */
export function importsOf(text) {
  const code = withoutComments(text);
  return FORMS.flatMap((form) =>
    [...code.matchAll(form)].map((match) => ({
      specifier: match[1],
      line: lineAt(code, match.index + match[0].length),
    })),
  );
}
