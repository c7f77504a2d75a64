/**
 * Which preemptible servers make room for one that waits. Pure.
 *
 * @typedef {{ vcpus: number, ram: number, disk: number }} Size CPUs, MiB, GiB
 * @typedef {{ id: string, host: string, size: Size, created: string }} Victim a preemptible server on a host
 */

/** @param {Size} a @param {Size} b @returns {Size} */
const plus = (a, b) => ({ vcpus: a.vcpus + b.vcpus, ram: a.ram + b.ram, disk: a.disk + b.disk });

/** @param {Size} have @param {Size} need */
const covers = (have, need) => have.vcpus >= need.vcpus && have.ram >= need.ram && have.disk >= need.disk;

/** The youngest go first: they have the least work to lose. @param {readonly Victim[]} victims */
const youngestFirst = (victims) => victims.toSorted((a, b) => b.created.localeCompare(a.created) || a.id.localeCompare(b.id));

/**
 * Servers of one host that leave together as much as is needed, as few as can be; of hosts that need as few, the one that loses
 * the youngest. Nothing is known of what is free beside them, so it is not counted on. Empty when no host has enough to give.
 * @param {Size} need @param {readonly Victim[]} victims @param {number} most how many may go
 * @returns {readonly Victim[]}
 */
export function chooseVictims(need, victims, most) {
  const byHost = Map.groupBy(victims, ({ host }) => host);
  const ways = [...byHost.values()].map((ofHost) => fewest(need, ofHost)).filter((way) => way.length > 0 && way.length <= most);
  return ways.toSorted((a, b) => a.length - b.length || youngest(b).localeCompare(youngest(a)))[0] ?? [];
}

/** @param {readonly Victim[]} way */
const youngest = (way) =>
  way
    .map(({ created }) => created)
    .toSorted()
    .at(-1) ?? '';

/** Greedy, then without what turned out not to be needed. @param {Size} need @param {readonly Victim[]} ofHost */
function fewest(need, ofHost) {
  const taken = [];
  let sum = { vcpus: 0, ram: 0, disk: 0 };
  for (const victim of youngestFirst(ofHost)) {
    if (covers(sum, need)) break;
    taken.push(victim);
    sum = plus(sum, victim.size);
  }
  if (!covers(sum, need)) return [];
  return taken.reduce((kept, one) => {
    const without = kept.filter((other) => other !== one);
    const left = without.reduce((total, { size }) => plus(total, size), { vcpus: 0, ram: 0, disk: 0 });
    return covers(left, need) ? without : kept;
  }, taken);
}
