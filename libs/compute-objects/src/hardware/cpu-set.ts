/** Numbers of a set such as `0-3,^2,7`; what is no number or range is passed over, and beyond `most` numbers it ends. */
export function cpuSet(text: string, most = 4_096): ReadonlySet<number> {
  const [kept, left] = [new Set<number>(), new Set<number>()];
  for (const part of text.split(',')) {
    const range = /^\s*(?<not>\^)?(?<from>\d{1,6})(-(?<to>\d{1,6}))?\s*$/.exec(part)?.groups;
    if (range === undefined) continue;
    const into = range['not'] === undefined ? kept : left;
    const last = Number(range['to'] ?? range['from']);
    for (let cpu = Number(range['from']); cpu <= last && into.size < most; cpu++) into.add(cpu);
  }
  return new Set([...kept].filter((cpu) => !left.has(cpu)));
}

/** CPUs of a guest that are its own by a mask: `^0-1` leaves these shared, any other mask names the dedicated ones. */
export const dedicatedCpus = (mask: string, vcpus: number): ReadonlySet<number> =>
  new Set([...cpuSet(mask.trim().startsWith('^') ? `0-${vcpus - 1},${mask}` : mask)].filter((cpu) => cpu < vcpus));
