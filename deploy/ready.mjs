// A container's health check: `node deploy/ready.mjs PORT` ends with 0 when the service behind that port says it is ready.
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/readyz`, { signal: AbortSignal.timeout(2_500) }).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
