import { type OperationRule, type StepRule, undoOf } from '../operations/operation-rule.js';

const CLAIMED = {
  build: 'claimed for a server that holds nothing',
  move: 'claimed once the migration holds what the server held',
  add: 'claimed beside what the server holds',
  check: 'the one that it is on, and only asked whether it still does',
  grow: 'the one that it is on, where it holds from then on what its new flavor takes up',
};

/** Whether it is about two hosts. */
export const isMoving = ({ placed, resumes, steps }: OperationRule): boolean =>
  placed !== undefined || resumes !== undefined || steps.some(({ at }) => at !== 'host');

/** Further columns of a step of a move: claims and migration after a failure, migration meanwhile, and what is so afterwards. */
export function stepMove(operation: OperationRule, step: StepRule): string {
  if (!isMoving(operation)) return '';
  const { done, migration, turn } = step;
  const meanwhile = [turn && `\`${turn.waiting}\` until its turn at the ${turn.at}`, migration].filter(Boolean).join(', then ');
  const after = [
    done?.task && `task ${done.task}`,
    done?.migration && `migration ${done.migration}`,
    done?.side && `on the ${done.side}`,
  ];
  return ` ${undoOf(operation, step)} | ${step.failedMigration ?? 'error'} | ${meanwhile} | ${after.filter(Boolean).join(', ')} |`;
}

/** What an operation does about hosts and migrations, before its steps and in the end. */
export function movePart({ placed, resumes, ends, rollback }: OperationRule): string[] {
  const parts = [
    placed &&
      `The super conductor looks for a host first (event \`${placed.event}\`), which is ${CLAIMED[placed.claim]}; the present host is ${placed.sameHost === 'never' ? 'never chosen' : 'chosen only where options allow it'}.${placed.notify === undefined ? '' : ` It tells \`instance.${placed.notify}\` once there is one.`}`,
    placed?.migration && `Its migration begins as \`${placed.migration}\`.`,
    resumes && `It goes on with the migration that is \`${resumes.from}\`, and makes it \`${resumes.to}\`.`,
    rollback && `The way back is \`${rollback}\`.`,
    ends.migration &&
      `In the end the migration is \`${ends.migration}\`${ends.side ? `, and the server on the ${ends.side}` : ''}.`,
  ];
  const text = parts.filter(Boolean).join(' ');
  return text === '' ? [] : [text];
}
