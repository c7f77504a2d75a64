/** Events that were recorded because the hypervisor there could not do what it was asked: by topic and name. */
const NOT_ABLE = new Set([
  'notifications get_host_uptime',
  'notifications get_vnc_console',
  'versioned_notifications compute.exception',
]);

/** Whether an event is not waited for. */
export const isUnwanted = (event) => NOT_ABLE.has(event);

const UPDATE = /^. (compute\.)?instance\.update /;
/** A host that does not exist was found out before the scheduler was asked; here it is who finds that out. */
const SEARCH = /^. scheduler\.select_destinations\.start /;
/** The recorded driver goes from the disk to its upload at once. */
const FIRST_HALF_OF_UPLOAD = /_pending_upload$/;

/**
 * Differences that are meant: where Nova stores a server's row twice it tells the same states again, which says nothing to
 * anybody; a search without a result may have been begun; and the first half of an upload has a task state of its own.
 * @param {readonly string[]} lines of `orderDifferences`
 */
export function isMeant(lines) {
  let told = '';
  return lines.every((line) => {
    const isUpdate = UPDATE.test(line);
    const states = line.split(' ').at(-1);
    const isRepeated = isUpdate && states === told;
    if (isUpdate) told = states;
    if (line.startsWith(' ')) return true;
    if (line.startsWith('-')) return isRepeated;
    return isUpdate ? FIRST_HALF_OF_UPLOAD.test(states) : SEARCH.test(line);
  });
}
