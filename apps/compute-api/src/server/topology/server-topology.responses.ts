import { type Answers, fields, list, maybe } from '@kilonova/http';
import { count, orNull, shown } from '../../common/response-pieces.js';

const node = fields({
  vcpu_set: list(count),
  siblings: list(list(count)),
  memory_mb: count,
  host_node: maybe(count),
  cpu_pinning: maybe({ type: 'object', additionalProperties: count }),
});

export const serverTopologyAnswers: Answers = {
  'GET /servers/:id/topology': shown('Its NUMA nodes.', fields({ nodes: list(node), pagesize_kb: orNull(count) })),
};
