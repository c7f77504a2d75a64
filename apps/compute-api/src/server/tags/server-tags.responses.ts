import { type Answers, fields, list } from '@kilonova/http';
import { location, shown, silent, text } from '../../common/response-pieces.js';
import { MAX_TAGS } from './server-tags.schema.js';

const tags = fields({ tags: list(text, { maxItems: MAX_TAGS }) });
const ALL = '/servers/:id/tags';
const ONE = '/servers/:id/tags/:tag';

export const serverTagsAnswers: Answers = {
  [`GET ${ALL}`]: shown("A server's tags.", tags),
  [`PUT ${ALL}`]: shown('The tags that it has now.', tags),
  [`DELETE ${ALL}`]: silent(204, 'It has no tags any more.'),
  [`GET ${ONE}`]: silent(204, 'It has the tag.'),
  [`PUT ${ONE}`]: [{ status: 201, description: 'It has the tag now.', headers: { location } }, ...silent(204, 'It had the tag.')],
  [`DELETE ${ONE}`]: silent(204, 'The tag is gone.'),
};
