import type { Microversion } from '@kilonova/http';
import { badQuery } from '../../errors.js';
import { Since } from '../versions.js';

/** Traits by name: of each inner set at least one is required. */
export interface TraitWish {
  readonly required: readonly (readonly string[])[];
  readonly forbidden: readonly string[];
}

export const NO_TRAITS: TraitWish = { required: [], forbidden: [] };

/** What a parameter of traits may hold besides plain names. */
interface Forms {
  readonly forbidding: boolean;
  readonly anyOf: boolean;
}

/**
 * Reads the occurrences of `required`: `A,B`, from 1.22 `!C`, from 1.39 `in:A,B` and several occurrences (before that
 * the last one counts).
 * @throws AppError (400) on an empty element, a form that is not known yet, or a trait both required and forbidden.
 */
export function parseRequired(values: readonly string[], version: Microversion, key = 'required'): TraitWish {
  const forms = { forbidding: version >= Since.forbiddenTraits, anyOf: version >= Since.anyOfTraits };
  const counted = forms.anyOf ? values : values.slice(-1);
  return checked(key, counted.map((value) => parseOne(value, key, forms)));
}

/** Reads `root_required`: plain and forbidden names only. */
export const parseRootRequired = (value: string): TraitWish =>
  checked('root_required', [parseOne(value, 'root_required', { forbidding: true, anyOf: false })]);

function parseOne(value: string, key: string, forms: Forms): TraitWish {
  if (value.startsWith('in:')) {
    if (!forms.anyOf) throw badQuery("The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' only supported since microversion 1.39.");
    const names = value.slice('in:'.length).split(',');
    if (names.some((name) => name === '' || name.startsWith('!'))) throw malformed(value, key, forms);
    return { required: [names], forbidden: [] };
  }
  const names = value.split(',').map((name) => name.trim());
  const forbidden = names.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
  const required = names.filter((name) => !name.startsWith('!'));
  if ([...required, ...forbidden].includes('') || (forbidden.length > 0 && !forms.forbidding)) throw malformed(value, key, forms);
  return { required: required.map((name) => [name]), forbidden };
}

function malformed(value: string, key: string, forms: Forms): Error {
  const form = forms.forbidding ? 'HW_CPU_X86_VMX,!CUSTOM_MAGIC' : 'HW_CPU_X86_VMX,CUSTOM_MAGIC';
  const more = forms.anyOf ? ' or in:HW_CPU_X86_VMX,CUSTOM_MAGIC' : '';
  return badQuery(`Expected '${key}' parameter value of the form: ${form}.${more} Got: ${value}`);
}

function checked(key: string, wishes: readonly TraitWish[]): TraitWish {
  const required = wishes.flatMap((wish) => wish.required);
  const forbidden = [...new Set(wishes.flatMap((wish) => wish.forbidden))];
  const conflicting = required.filter((anyOf) => anyOf.every((name) => forbidden.includes(name))).flat();
  if (conflicting.length > 0) {
    throw badQuery(`Conflicting required and forbidden traits found in the following traits keys: ${key}: (${conflicting.join(', ')})`);
  }
  return { required, forbidden };
}
