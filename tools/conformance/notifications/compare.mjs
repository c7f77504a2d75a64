/** Members whose keys are data: what is in them is up to who made the thing. */
const FREE = new Set(['extra_specs', 'image_meta', 'metadata', 'properties', 'rules', 'scheduler_hints']);
const DEPTH = 8;
const NAME = 'nova_object.name';
const VERSION = 'nova_object.version';
const DATA = 'nova_object.data';

/** `nova-compute` of `nova-compute:host1`, `compute` of `compute.host1`. */
const speaker = (publisher) => publisher.split(/[.:]/)[0];

/** Updates are told by whoever stored the change: which service that is, is not part of what consumers know. */
const speakerOf = (eventType, publisher) => (/\.update$/.test(eventType) ? '' : ` by ${speaker(publisher)}`);

/** What a line of a recorded order says, values aside: event, who told it, the object, the states of the server. */
export function recordedStep(line) {
  const states = line.rk.startsWith('versioned')
    ? `${line.state ?? '-'}/${line.task_state ?? '-'}`
    : `${line.state ?? '-'}/${line.new_task_state ?? '-'}`;
  const object = line.payload === undefined ? '' : ` ${line.payload}`;
  return `${line.event_type}${speakerOf(line.event_type, line.publisher_id)}${object}${line.state == null ? '' : ` ${states}`}`;
}

/** The same of a notification as it was received. @param {{ eventType: string, publisherId: string, payload: any }} seen */
export function seenStep({ eventType, publisherId, payload }) {
  const isObject = payload[NAME] !== undefined;
  const data = isObject ? payload[DATA] : payload;
  const task = isObject ? data.task_state : data.new_task_state;
  const state = isObject || /^compute(_task|\.instance)\./.test(eventType) ? data.state : undefined;
  const object = isObject ? ` ${payload[NAME]}` : '';
  return `${eventType}${speakerOf(eventType, publisherId)}${object}${state == null ? '' : ` ${state}/${task ?? '-'}`}`;
}

/** What one order has and the other does not, as a list of lines in order: ` ` both, `-` recorded alone, `+` seen alone. */
export function orderDifferences(recorded, seen) {
  const length = Array.from({ length: recorded.length + 1 }, () => new Array(seen.length + 1).fill(0));
  for (let r = recorded.length - 1; r >= 0; r--)
    for (let s = seen.length - 1; s >= 0; s--)
      length[r][s] = recorded[r] === seen[s] ? length[r + 1][s + 1] + 1 : Math.max(length[r + 1][s], length[r][s + 1]);
  const lines = [];
  let [r, s] = [0, 0];
  while (r < recorded.length || s < seen.length) {
    if (r < recorded.length && s < seen.length && recorded[r] === seen[s]) {
      lines.push(`  ${recorded[r++]}`);
      s++;
    } else if (s === seen.length || (r < recorded.length && length[r + 1][s] >= length[r][s + 1])) {
      lines.push(`- ${recorded[r++]}`);
    } else {
      lines.push(`+ ${seen[s++]}`);
    }
  }
  return lines.some((line) => !line.startsWith(' ')) ? lines : [];
}

const typeOf = (value) => {
  if (value === null || value === undefined) return undefined;
  return Array.isArray(value) ? 'list' : typeof value;
};

const major = (version) => version.split('.')[0];
const minor = (version) => Number(version.split('.')[1]);

/** Keys of one object against those of another. `mayHaveMore`: a later minor version, which adds fields. */
function memberDifferences(recorded, seen, at, mayHaveMore, depth) {
  const missing = Object.keys(recorded).filter((key) => !(key in seen));
  const added = mayHaveMore ? [] : Object.keys(seen).filter((key) => !(key in recorded));
  return [
    ...missing.map((key) => `${at}.${key} is missing`),
    ...added.map((key) => `${at}.${key} is new`),
    ...Object.keys(recorded).flatMap((key) =>
      key in seen && !FREE.has(key) ? shapeDifferences(recorded[key], seen[key], `${at}.${key}`, depth - 1) : [],
    ),
  ];
}

function objectDifferences(recorded, seen, at, depth) {
  const [was, is] = [recorded[VERSION], seen[VERSION]];
  if (recorded[NAME] !== seen[NAME]) return [`${at} is ${seen[NAME]} instead of ${recorded[NAME]}`];
  if (is === undefined || major(was) !== major(is) || minor(is) < minor(was))
    return [`${at} has version ${is} instead of ${was}`];
  return memberDifferences(recorded[DATA], seen[DATA], at, is !== was, depth);
}

/** What differs in keys, names and versions of objects, and types, a line each; a value that is null somewhere has any type. */
export function shapeDifferences(recorded, seen, at = 'payload', depth = DEPTH) {
  const [was, is] = [typeOf(recorded), typeOf(seen)];
  if (was === undefined || is === undefined || depth === 0) return [];
  if (was !== is) return [`${at} is a ${is} instead of a ${was}`];
  if (was === 'list') {
    const [first, other] = [recorded[0], seen[0]];
    return first === undefined || other === undefined ? [] : shapeDifferences(first, other, `${at}[]`, depth - 1);
  }
  if (was !== 'object') return [];
  if (recorded[NAME] !== undefined) return objectDifferences(recorded, seen, at, depth);
  return memberDifferences(recorded, seen, at, false, depth);
}

/** A recorded message off a queue: event, priority, payload, and the members that tell of the request. */
export const sampleOf = ({ 'oslo.message': message, routing_key }) => ({
  event_type: message.event_type,
  topic: routing_key.split('.')[0],
  priority: message.priority,
  payload: message.payload,
  context: Object.keys(message)
    .filter((key) => key.startsWith('_context_'))
    .map((key) => key.slice('_context_'.length)),
});

/** What differs between a recorded message and one that was received, values aside. */
export function messageDifferences(sample, seen) {
  return [
    ...(sample.priority === seen.priority ? [] : [`priority is ${seen.priority} instead of ${sample.priority}`]),
    ...sample.context.filter((key) => !(key in seen.context)).map((key) => `_context_${key} is missing`),
    ...shapeDifferences(sample.payload, seen.payload),
  ];
}
