import * as message from '../messages/step.messages.js';
import type { OperationRule } from './operation-rule.js';

/** A server grows where it is, while it runs: its claim first, then its guest, then its row. */
export const LIVE_RESIZE_OPERATION = {
  liveResize: {
    actions: ['liveResize'],
    placed: { claim: 'grow', sameHost: 'allowed', event: 'conductor_live_resize_instance', task: 'live_resize_server' },
    steps: [
      {
        message: message.liveResizeInstance,
        at: 'destination',
        arrival: 'at-once',
        tasks: ['resize_live'],
        event: 'compute_live_resize_instance',
        notify: ['live_resize'],
        notifiesFailure: true,
        patience: 'move',
        onFailure: 'reset-task',
      },
    ],
    ends: { vmState: 'unchanged', side: 'destination' },
    claim: 'kept',
    preempts: false,
  },
} as const satisfies Readonly<Record<string, OperationRule>>;
