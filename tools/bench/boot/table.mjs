/** What the real one needed on a machine of two cores, for comparison. */
const REAL = { single: '474 ms', many: '4.2 servers/s', accepted: '1784 / 2157 ms', burst: '1.55 servers/s', detail: '368 ms' };

/** Prints the results of all measures, and what each service used meanwhile. */
export function printTable({ single, many, burst, perBoot, detail, gone, services }) {
  const rows = [
    ['measured', 'here', 'the real one'],
    [`single boot to ACTIVE, median of ${single.active.count}`, `${single.active.p50} ms`, REAL.single],
    [`one request for ${many.servers} servers`, `${many.perSecond} servers/s`, REAL.many],
    [
      `${burst.servers} creates, ${burst.atOnce} at once: accepted, p50 / p99`,
      `${burst.accepted.p50} / ${burst.accepted.p99} ms`,
      REAL.accepted,
    ],
    [`${burst.servers} creates, ${burst.atOnce} at once: until all ACTIVE`, `${burst.perSecond} servers/s`, REAL.burst],
    [`GET /servers/detail, ${detail.servers} servers, median`, `${detail.list.p50} ms`, REAL.detail],
    [`delete of ${gone.servers} servers until none is listed`, `${gone.perSecond} servers/s`, ''],
  ];
  print(rows, [50, 18]);
  print(
    [['', ''], ['process', 'resident, proportional share, CPU during the load'], ...services.map(serviceRow), totalRow(services)],
    [50],
  );
  print([['', ''], [`each of ${burst.servers} boots`, ''], ...perBootRows(perBoot)], [50]);
}

function perBootRows({ cpuMs, messages }) {
  const ms = (value) => `${value.toFixed(1).padStart(6)} ms of CPU`;
  const rows = Object.entries(cpuMs).map(([name, value]) => [name, ms(value)]);
  rows.push(['together', ms(Object.values(cpuMs).reduce((sum, value) => sum + value, 0))]);
  if (messages === undefined) return rows;
  return [...rows, ['messages published / delivered', `${messages.published.toFixed(1)} / ${messages.delivered.toFixed(1)}`]];
}

const figures = ({ residentMb, shareMb, cpuSeconds }) =>
  `${residentMb.toFixed(0).padStart(5)} MB ${shareMb.toFixed(0).padStart(5)} MB ${cpuSeconds.toFixed(1).padStart(7)} s`;

const serviceRow = (service) => [service.name, figures(service)];

function totalRow(services) {
  const own = services.filter(({ name }) => name !== 'postgres');
  const sum = (key) => own.reduce((total, service) => total + service[key], 0);
  return [
    'together, without the database server',
    figures({ residentMb: sum('residentMb'), shareMb: sum('shareMb'), cpuSeconds: sum('cpuSeconds') }),
  ];
}

function print(rows, widths) {
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
