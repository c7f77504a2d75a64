import { type Answers, fields } from '@kilonova/http';
import { nil, noneYet, shown } from '../../common/response-pieces.js';

export const serverTopologyAnswers: Answers = {
  'GET /servers/:id/topology': shown('Its NUMA nodes.', fields({ nodes: noneYet, pagesize_kb: nil })),
};
