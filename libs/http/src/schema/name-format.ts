import type { SchemaFault } from './schema-fault.js';

/** A format of names: which texts it holds, and the rule in words. */
interface NameFormat {
  readonly holds: (text: string) => boolean;
  readonly rule: string;
}

/** Letters, marks, digits, punctuation, symbols, blanks: neither control nor format characters, nor what Unicode gives to nobody. */
const PRINTABLE = /^(?!\p{Zs})[^\p{C}\p{Zl}\p{Zp}]*(?<!\p{Zs})$/u;
const LETTERS_AND_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Every character is one of these. */
const only = (characters: string): NameFormat => ({
  holds: (text) => [...text].every((character) => characters.includes(character)),
  rule: `Only expected characters: [${characters}]`,
});

/** The Compute API's formats of names, with its words for them. */
const FORMATS: Readonly<Record<string, NameFormat>> = {
  name: { holds: (text) => PRINTABLE.test(text), rule: 'printable characters. Can not start or end with whitespace.' },
  az_name: {
    holds: (text) => PRINTABLE.test(text) && !text.includes(':'),
    rule: 'printable characters except :. Can not start or end with whitespace.',
  },
  keypair_name_20: only(`_- ${LETTERS_AND_DIGITS}`),
  keypair_name_292: only(`@._- ${LETTERS_AND_DIGITS}`),
};

/** For a validator: format → whether a text has it. */
export const NAME_FORMATS: Readonly<Record<string, (text: string) => boolean>> = Object.fromEntries(
  Object.entries(FORMATS).map(([name, { holds }]) => [name, holds]),
);

/** What a name must be that a schema refused; undefined when it was refused for anything else than its format. */
export function nameRule({ keyword, schema }: SchemaFault): string | undefined {
  if (keyword !== 'format') return undefined;
  return FORMATS[String((schema as { readonly format?: unknown }).format)]?.rule;
}
