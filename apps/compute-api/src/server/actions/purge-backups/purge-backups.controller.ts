import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../../core/server-id.js';
import { PurgeBackups } from './purge-backups.service.js';

export interface PurgeBackupsBody {
  readonly purgeBackups: { readonly backup_type?: string } | null;
}

/** Deletes backups of servers. */
@Injectable()
export class PurgeBackupsController {
  constructor(private readonly purgeBackups: PurgeBackups) {}

  async purge(request: ApiRequest<PurgeBackupsBody>): Promise<ApiReply> {
    await this.purgeBackups.run(request, serverId(request), request.body.purgeBackups?.backup_type);
    return accepted();
  }
}
