import type { ApiReply } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { badQuery, badRequest, missing, refused } from '../errors.js';
import { isCustomName } from '../model/names.js';
import { type TraitFilter, TraitRepository } from '../store/trait.repository.js';
import { type AnyRequest, answer, freshness, location, noContent, param } from './answers.js';

/** The traits that exist, standard and custom. */
@Injectable()
export class TraitController {
  constructor(@Inject(TraitRepository) private readonly traits: TraitRepository) {}

  async list(request: AnyRequest): Promise<ApiReply> {
    const found = await this.traits.list({ ...nameFilter(request.query), associated: associatedFilter(request.query) });
    return answer(request, { traits: found.names }, found.modified);
  }

  async show(request: AnyRequest): Promise<ApiReply> {
    const name = param(request, 'name');
    const modified = await this.traits.find(name);
    if (modified === undefined) throw missing(`No such trait(s): ${name}.`);
    return noContent(freshness(request, modified));
  }

  async ensure(request: AnyRequest): Promise<ApiReply> {
    const name = param(request, 'name');
    if (!isCustomName(name)) {
      throw badRequest(
        'The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix "CUSTOM_" and use ' +
          'following characters: "A"-"Z", "0"-"9" and "_"',
      );
    }
    const { created, modified } = await this.traits.ensure(name);
    const headers = { ...location(request, `/traits/${name}`), ...freshness(request, modified) };
    return { status: created ? 201 : 204, headers };
  }

  async remove(request: AnyRequest): Promise<ApiReply> {
    const name = param(request, 'name');
    if (!isCustomName(name) && (await this.traits.find(name)) !== undefined)
      throw badRequest(`Cannot delete standard trait ${name}.`);
    switch (await this.traits.remove(name)) {
      case 'deleted':
        return noContent();
      case 'not-found':
        throw missing(`No such trait(s): ${name}.`);
      case 'in-use':
        throw refused(`The trait ${name} is in use by a resource provider.`);
    }
  }
}

/** `name=in:A,B` or `name=startswith:P`; another operator filters nothing, as clients have come to rely on. */
function nameFilter(query: URLSearchParams): TraitFilter {
  const value = query.getAll('name').at(-1);
  if (value === undefined) return {};
  const [operator, operand, ...rest] = value.split(':');
  if (operand === undefined || rest.length > 0) {
    throw badQuery(
      'Badly formatted name parameter. Expected name query string parameter in form: ' +
        `?name=[in|startswith]:[name1,name2|prefix]. Got: "${value}"`,
    );
  }
  if (operator === 'in') return { names: operand.split(',') };
  return operator === 'startswith' ? { prefix: operand } : {};
}

function associatedFilter(query: URLSearchParams): boolean | undefined {
  const value = query.getAll('associated').at(-1)?.toLowerCase();
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') throw badQuery('The query parameter "associated" only accepts "true" or "false"');
  return value === 'true';
}
