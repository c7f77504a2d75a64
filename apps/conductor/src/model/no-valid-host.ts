import type { HostVerdict, Instance, InstanceFault } from '@kilonova/compute-objects';
import type { PendingBoot } from './boot-partition.js';

/** Verdicts that an administrator reads in the fault itself; the scheduling record has them all. */
const VERDICTS_SHOWN = 50;
/** The longest fault message, characters; the rest is cut. */
const MESSAGE_LENGTH = 255;

/** The fault of a server that found no host. The tenant reads the reason, administrators also why each host was refused. */
export const noValidHostFault = (reason: string, verdicts: readonly HostVerdict[], now: Date): InstanceFault =>
  unplacedFault(`No valid host was found. ${reason}`, verdicts, now);

/** The fault of a server of which it never came out whether there is a host: it does not claim that there is none. */
export const unplacedFault = (message: string, verdicts: readonly HostVerdict[], now: Date): InstanceFault => ({
  code: 500,
  message: message.slice(0, MESSAGE_LENGTH),
  details: [message, ...verdicts.slice(0, VERDICTS_SHOWN).map(line), ...more(verdicts.length)].join('\n'),
  host: null,
  created_at: now.toISOString(),
});

const line = (verdict: HostVerdict): string =>
  `${verdict.host ?? verdict.provider_uuid ?? 'all hosts'}: ${verdict.stage} ${verdict.rule}: ${verdict.reason}`;

const more = (count: number): string[] => (count > VERDICTS_SHOWN ? [`… and ${count - VERDICTS_SHOWN} more`] : []);

/** The instance as it lies in cell0: given up, or waiting for room. */
export const buried = (boot: PendingBoot, fault: InstanceFault, vmState: 'error' | 'pending'): Instance => ({
  ...boot.instance,
  vm_state: vmState,
  task_state: null,
  fault,
});
