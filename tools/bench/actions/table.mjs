const WIDTHS = [32, 14, 22];

const line = (cells) =>
  console.log(
    cells
      .map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );

const together = (cpuMs) => Object.values(cpuMs).reduce((sum, value) => sum + value, 0);

/** Rates of each measure, and what one operation of it cost. */
export function printTable(rows) {
  line(['measured', 'servers/s', 'accepted, p50 / p99', 'CPU of one operation, by service']);
  for (const { name, perSecond, accepted, cpuMs, messages } of rows) {
    const services = Object.entries(cpuMs)
      .filter(([, ms]) => ms >= 0.1)
      .map(([service, ms]) => `${service} ${ms.toFixed(1)}`);
    const sent = messages === undefined ? '' : `; messages ${messages.published.toFixed(1)} / ${messages.delivered.toFixed(1)}`;
    const cost = `${together(cpuMs).toFixed(1)} ms (${services.join(', ')})${sent}`;
    line([name, String(perSecond), `${accepted.p50} / ${accepted.p99} ms`, cost]);
  }
}
