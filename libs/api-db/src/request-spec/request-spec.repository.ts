import type { RequestSpec } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';

/** What placing an instance depends on, kept for its life. */
export class RequestSpecRepository {
  async find(sql: Sql, uuid: string): Promise<RequestSpec | undefined> {
    const [found] = await rows<{ spec: RequestSpec }>(sql, 'SELECT spec FROM request_specs WHERE instance_uuid = $1', [uuid]);
    return found?.spec;
  }

  async replace(sql: Sql, spec: RequestSpec): Promise<void> {
    await rows(sql, 'UPDATE request_specs SET spec = $2::jsonb, updated_at = now() WHERE instance_uuid = $1', [
      spec.instance_uuid,
      JSON.stringify(spec),
    ]);
  }
}
