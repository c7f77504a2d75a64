import type { PreparedBuild } from '@kilonova/cell-db';
import type { RequestSpec, Selection } from '@kilonova/compute-objects';
import { AppError } from '@kilonova/util';
import type { PendingBoot } from './boot-partition.js';

/**
 * What the hosts will be told, by cell uuid. `selections` answers `boots` in order: the chosen host first, then its
 * alternates. `spec` is the one that was scheduled with; each instance gets it under its own uuid.
 * @throws AppError `bug`, code `conductor.selection.missing`, when the scheduler answered for fewer instances than asked.
 */
export function planBuilds(
  boots: readonly PendingBoot[],
  selections: ReadonlyArray<readonly Selection[]>,
  spec: RequestSpec,
): Map<string, PreparedBuild[]> {
  const byCell = new Map<string, PreparedBuild[]>();
  boots.forEach((boot, index) => {
    const [selection, ...alternates] = selections[index] ?? [];
    if (selection === undefined) throw missing(boot.uuid);
    const builds = byCell.get(selection.cell_uuid) ?? [];
    builds.push(prepare(boot, selection, alternates, spec));
    byCell.set(selection.cell_uuid, builds);
  });
  return byCell;
}

const prepare = (
  boot: PendingBoot,
  selection: Selection,
  alternates: readonly Selection[],
  spec: RequestSpec,
): PreparedBuild => ({
  instance: { ...boot.instance, availability_zone: selection.availability_zone ?? boot.instance.availability_zone },
  arguments: {
    request_spec: { ...boot.spec, instance_group: spec.instance_group },
    image: boot.spec.image,
    requested_networks: boot.spec.requested_networks,
    admin_password: boot.admin_password,
    block_devices: boot.block_devices,
    selection,
    alternates,
  },
});

const missing = (uuid: string): AppError =>
  new AppError({
    kind: 'bug',
    code: 'conductor.selection.missing',
    message: `The scheduler chose no host for instance ${uuid}.`,
  });
