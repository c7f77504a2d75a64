import { isIP } from 'node:net';
import type { NewRule } from '@kilonova/network-client';
import { type AppError, invalid, isUuidLike } from '@kilonova/util';

/** A rule as it is asked for. */
export interface RuleBody {
  readonly parent_group_id: string;
  readonly group_id?: string | null;
  readonly ip_protocol?: unknown;
  readonly from_port?: unknown;
  readonly to_port?: unknown;
  readonly cidr?: unknown;
}

const PROTOCOLS: readonly string[] = ['tcp', 'udp', 'icmp'];
const HIGHEST_PORT = 65_535;
const bad = (message: string): AppError => invalid('compute.security_group.rule_invalid', message);

/** What a rule lets in, from a range or from a group. @throws AppError 400 in Nova's words */
export function readRule(body: RuleBody): NewRule {
  const { parent_group_id: groupId, group_id } = body;
  const fromGroup = group_id !== undefined && group_id !== null;
  const cidr = fromGroup ? null : readCidr(body.cidr);
  const protocol = readProtocol(body, fromGroup);
  const { from, to } = readPorts(body, protocol);
  const ethertype = cidr?.includes(':') === true ? 'IPv6' : 'IPv4';
  return { groupId, direction: 'ingress', ethertype, protocol, from, to, cidr, remoteGroupId: fromGroup ? group_id : null };
}

/** @throws AppError 400 for an id that is none */
export function readGroupId(id: string): string {
  if (!isUuidLike(id)) throw invalid('compute.security_group.id_invalid', 'Security group id should be uuid');
  return id;
}

function readCidr(given: unknown): string {
  if (given === undefined || given === null || given === '') return '0.0.0.0/0';
  const [address = '', bits = '', ...more] = String(given).split('/');
  const kind = isIP(address);
  const isMask = /^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 6 ? 128 : 32);
  if (kind === 0 || !isMask || more.length > 0) throw bad(`Invalid cidr ${String(given)}.`);
  return String(given);
}

function readProtocol({ ip_protocol: given, from_port, to_port }: RuleBody, fromGroup: boolean): string | null {
  if (given === undefined || given === null || given === '') {
    if (!fromGroup || isGiven(from_port) || isGiven(to_port)) throw bad('Not enough parameters to build a valid rule.');
    return null;
  }
  const protocol = String(given).toLowerCase();
  if (!PROTOCOLS.includes(protocol)) throw bad(`Invalid IP protocol ${String(given)}.`);
  return protocol;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** @throws AppError 400 for a range that there is not */
function readPorts(body: RuleBody, protocol: string | null): { readonly from: number | null; readonly to: number | null } {
  const { from_port, to_port } = body;
  if (protocol === null || (!isGiven(from_port) && !isGiven(to_port))) {
    if (protocol === 'tcp' || protocol === 'udp') throw bad('Not enough parameters to build a valid rule.');
    return { from: null, to: null };
  }
  const [from, to] = [number(from_port), number(to_port)];
  const range = `${String(from_port)}:${String(to_port)}`;
  if (protocol === 'icmp') {
    if (from < -1 || from > 255 || to < -1 || to > 255)
      throw bad(`Invalid port range ${range}. Must be valid ICMP type and code.`);
    return { from: from === -1 ? null : from, to: to === -1 ? null : to };
  }
  if (from > to) throw bad(`Invalid port range ${range}. Former value cannot be greater than the later`);
  if (from < 1 || to > HIGHEST_PORT) throw bad(`Invalid port range ${range}. Valid ${protocol} ports should be between 1-65535`);
  return { from, to };
}

function number(value: unknown): number {
  const parsed = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN;
  if (!Number.isInteger(parsed)) throw bad(`Port is not an integer: ${String(value)}`);
  return parsed;
}
