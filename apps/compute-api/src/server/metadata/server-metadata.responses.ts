import { type Answers, byKey, fields } from '@kilonova/http';
import { shown, silent, text } from '../../common/response-pieces.js';

const metadata = fields({ metadata: byKey(text) });
const meta = fields({ meta: { ...byKey(text).at(0), minProperties: 1 } });
const ALL = '/servers/:id/metadata';
const ONE = '/servers/:id/metadata/:key';

export const serverMetadataAnswers: Answers = {
  [`GET ${ALL}`]: shown("A server's metadata.", metadata),
  [`POST ${ALL}`]: shown('All metadata that it has now.', metadata),
  [`PUT ${ALL}`]: shown('The metadata that it has now.', metadata),
  [`GET ${ONE}`]: shown('One item.', meta),
  [`PUT ${ONE}`]: shown('The item as it is now.', meta),
  [`DELETE ${ONE}`]: silent(204, 'The item is gone.'),
};
