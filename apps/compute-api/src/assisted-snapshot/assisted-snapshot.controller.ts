import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AssistSnapshot } from './assist-snapshot.service.js';

type Info = Readonly<Record<string, unknown>>;

interface NewSnapshotBody {
  readonly snapshot: {
    readonly volume_id: string;
    readonly create_info: Info & { readonly snapshot_id: string; readonly id?: string };
  };
}

/** `/os-assisted-volume-snapshots`: what the volume service has hypervisors do with volumes that they have open. */
@Injectable()
export class AssistedSnapshotController {
  constructor(private readonly assist: AssistSnapshot) {}

  async create(request: ApiRequest<NewSnapshotBody>): Promise<ApiReply> {
    const { volume_id: volumeId, create_info: info } = request.body.snapshot;
    await this.assist.run(request, 'createVolumeSnapshot', { volumeId, snapshotId: info.snapshot_id, info });
    return ok({ snapshot: { id: info.id ?? null, volumeId } });
  }

  async delete(request: ApiRequest): Promise<ApiReply> {
    const info = deleteInfo(request.query.get('delete_info'));
    const snapshotId = request.params['id'] as string;
    await this.assist.run(request, 'deleteVolumeSnapshot', { volumeId: info.volume_id, snapshotId, info });
    return noContent();
  }
}

/** @throws AppError 400 for what is no JSON object that names a volume */
function deleteInfo(text: string | null): Info & { readonly volume_id: string } {
  const info = parsed(text);
  if (typeof info?.['volume_id'] === 'string') return { ...info, volume_id: info['volume_id'] };
  throw invalid('compute.snapshot.delete_info', 'delete_info has to be a JSON object with a volume_id');
}

function parsed(text: string | null): Info | undefined {
  try {
    return JSON.parse(text ?? '') as Info;
  } catch {
    return undefined;
  }
}
