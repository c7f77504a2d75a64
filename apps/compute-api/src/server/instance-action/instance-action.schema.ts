import { paging, query, queryTime, versions } from '../../common/schema-kit.js';

export const listActions = versions(
  ['2.1', query({})],
  ['2.58', query({ ...paging, 'changes-since': queryTime }, true)],
  ['2.66', query({ ...paging, 'changes-since': queryTime, 'changes-before': queryTime }, true)],
);
