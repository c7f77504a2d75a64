import { explainScheduling } from '@kilonova/manage';
import type { Command } from 'commander';
import { explainLines } from './explain-lines.js';
import type { ManageFlags } from './manage/manage-settings.js';
import { managed, run } from './manage/managed.js';

/** `kilonova explain <server|request-id>` */
export const explainCommand = (): Command =>
  managed('explain', 'How a server, or a request, found its host, or why none. Exit 1: nothing is known of it.')
    .argument('<server-or-request>', "a server's uuid, or a request id (req-…)")
    .action((id: string, flags: ManageFlags) =>
      run(
        flags,
        (context) => explainScheduling(context, id),
        ({ value }) => value.map(explainLines).join('\n\n'),
      ),
    );
