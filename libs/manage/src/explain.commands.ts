import { type SchedulingRecord, SchedulingRecordRepository } from '@kilonova/api-db';
import { isUuid } from '@kilonova/util';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

/** Requests of a server that are told of, the newest first. */
const REQUESTS = 5;

/**
 * `explain`: how a server's last requests, or one request, were scheduled. 1 there is no record: it was forgotten, never
 * made, or is a second away.
 */
export async function explainScheduling(
  context: ManageContext,
  serverOrRequest: string,
): Promise<CommandResult<readonly SchedulingRecord[]>> {
  const records = new SchedulingRecordRepository();
  const sql = await context.api();
  const found = isUuid(serverOrRequest)
    ? (await records.list(sql, serverOrRequest)).slice(0, REQUESTS)
    : await records.listOfRequest(sql, serverOrRequest, 1);
  if (found.length === 0) return ended(1, [`How ${serverOrRequest} was scheduled is not known (any more).`], found);
  return ended(0, [], found);
}
