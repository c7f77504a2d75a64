import type { ImageMeta, InstanceKeypair, RebuildChanges } from '@kilonova/compute-objects';
import { type AppError, invalid } from '@kilonova/util';
import { isTrue } from '../../../../common/values.js';
import { imageFacts } from '../../../create/model/new-instances.js';
import { canonicalIpV6 } from '../../../model/ip-address.js';

/** The body of a rebuild, checked by its schema. */
export interface RebuildBody {
  readonly rebuild: {
    /** Left out, with extensions only: the server's own. */
    readonly imageRef?: string;
    readonly name?: string;
    readonly adminPass?: string;
    readonly metadata?: Readonly<Record<string, string>>;
    readonly preserve_ephemeral?: boolean | string;
    readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
    readonly accessIPv4?: string;
    readonly accessIPv6?: string;
    readonly personality?: readonly unknown[];
    readonly description?: string | null;
    readonly key_name?: string | null;
    readonly user_data?: string | null;
    readonly trusted_image_certificates?: readonly string[] | null;
    readonly hostname?: string;
    /** With extensions: on another host than the present one. */
    readonly elsewhere?: boolean | string;
  };
}

type Wanted = RebuildBody['rebuild'];

const bad = (reason: string, message: string): AppError => invalid(`compute.server.${reason}`, message);

/** @throws AppError 400 for what no driver here can do */
export function checkRebuild(wanted: Wanted): void {
  if ((wanted.personality ?? []).length > 0)
    throw bad('personality_unsupported', 'File injection is not supported by the hypervisors of this cloud.');
  if (wanted.trusted_image_certificates != null)
    throw bad('certificates_unsupported', 'Image signature certificate validation support is not yet available.');
}

export const unacceptableImage = (imageRef: string | undefined): AppError =>
  bad(
    'image_unacceptable',
    `Image ${imageRef ?? ''} is unacceptable: Unable to rebuild with a different image for a volume-backed server.`,
  );

/** What is made of a server with another image, as far as it is asked for; everything else stays. @param keypair as for `changesBesideImage` */
export const rebuildChanges = (
  wanted: Wanted,
  image: ImageMeta,
  keypair: InstanceKeypair | null | undefined,
): RebuildChanges => ({
  ...changesBesideImage(wanted, keypair),
  image_ref: image.id,
  kernel_id: image.properties['kernel_id'] ?? null,
  ramdisk_id: image.properties['ramdisk_id'] ?? null,
  os_type: image.properties['os_type'] ?? null,
  architecture: image.properties['hw_architecture'] ?? image.properties['architecture'] ?? null,
  system_metadata: imageFacts(image),
});

/** The same of a server that boots from a volume: it has no image of its own. @param keeps what its volume holds stays, and all that is known of it */
export function changesOnVolume(
  wanted: Wanted,
  image: ImageMeta,
  keypair: InstanceKeypair | null | undefined,
  keeps: boolean,
): RebuildChanges {
  if (keeps) return changesBesideImage(wanted, keypair);
  const { image_ref: _none, ...changes } = rebuildChanges(wanted, image, keypair);
  return changes;
}

/** What a rebuild makes of a server that keeps what its disk holds. @param keypair undefined: the present one, null: none */
function changesBesideImage(wanted: Wanted, keypair: InstanceKeypair | null | undefined): RebuildChanges {
  const diskConfig = wanted['OS-DCF:diskConfig'];
  return {
    ...(wanted.name === undefined ? {} : { display_name: wanted.name }),
    ...(wanted.description === undefined ? {} : { display_description: wanted.description }),
    ...(wanted.hostname === undefined ? {} : { hostname: wanted.hostname }),
    ...(wanted.metadata === undefined ? {} : { metadata: wanted.metadata }),
    ...(wanted.accessIPv4 === undefined ? {} : { access_ip_v4: wanted.accessIPv4 }),
    ...(wanted.accessIPv6 === undefined ? {} : { access_ip_v6: canonicalIpV6(wanted.accessIPv6) }),
    ...(diskConfig === undefined ? {} : { auto_disk_config: diskConfig === 'AUTO' }),
    ...(wanted.user_data === undefined ? {} : { user_data: wanted.user_data }),
    ...keyChanges(keypair),
  };
}

function keyChanges(keypair: InstanceKeypair | null | undefined): RebuildChanges {
  if (keypair === undefined) return {};
  return keypair === null
    ? { key_name: null, key_data: null, keypairs: [] }
    : { key_name: keypair.name, key_data: keypair.public_key, keypairs: [keypair] };
}

export const goesElsewhere = ({ elsewhere }: Wanted): boolean => isTrue(elsewhere);
export const keepsEphemeral = ({ preserve_ephemeral: keep }: Wanted): boolean => isTrue(keep);
