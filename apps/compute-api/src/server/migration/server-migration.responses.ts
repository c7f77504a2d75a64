import { type Answers, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../../common/response-pieces.js';

const PATH = '/servers/:id/migrations';

export const serverMigrationAnswers: Answers = {
  [`GET ${PATH}`]: shown('Its live migrations that are under way.', fields({ migrations: noneYet })),
  [`GET ${PATH}/:migration`]: never,
  [`DELETE ${PATH}/:migration`]: never,
};
