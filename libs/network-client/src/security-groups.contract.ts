import { randomUUID } from 'node:crypto';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NetworkOutcome, Requester } from './network.js';
import type { NetworkBench } from './network-service.contract.js';
import type { NewRule, SecurityGroup } from './security-group.js';
import { groupOf, type SecurityGroups } from './security-groups.port.js';
import { vifsOf } from './vif.js';

const ctx = systemCtx();
const owner: Requester = { token: 'p1', projectId: 'p1', isAdmin: false };
const stranger: Requester = { token: 'p2', projectId: 'p2', isAdmin: false };

function of<T>(outcome: NetworkOutcome<T>): T {
  if (outcome.outcome === 'refused') throw new Error(outcome.message);
  return outcome;
}

/** What the security groups of every network service promise. */
export function securityGroupsContract(bench: () => NetworkBench): void {
  describe('security groups', () => {
    let groups: SecurityGroups;
    let at: NetworkBench;
    let web: SecurityGroup;
    beforeEach(async () => {
      at = bench();
      groups = at.service.securityGroups;
      web = of(await groups.create(ctx, owner, { name: 'web', description: 'd' })).group;
    });

    const rule = (given: Partial<NewRule> = {}): NewRule => ({
      groupId: web.id,
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: 'tcp',
      from: 22,
      to: 22,
      cidr: '10.0.0.0/8',
      remoteGroupId: null,
      ...given,
    });
    const portOf = async (securityGroups?: readonly string[]) => {
      const { id: networkId } = at.behind.addNetwork('net', 'p1', '10.0.0');
      const wanted = { networkId, projectId: 'p1', serverId: randomUUID(), host: 'h1', securityGroups };
      return of(await at.service.createPort(ctx, wanted)).port;
    };

    it('are their owners, who have one from the beginning', async () => {
      expect((await groups.list(ctx, owner)).map(({ name }) => name).sort()).toEqual(['default', 'web']);
      expect((await groups.list(ctx, stranger)).map(({ name }) => name)).toEqual(['default']);
      expect(await groups.find(ctx, owner, web.id)).toEqual({
        id: web.id,
        name: 'web',
        description: 'd',
        projectId: 'p1',
        rules: [],
      });
      expect([await groups.find(ctx, stranger, web.id), await groups.find(ctx, owner, 'web')]).toEqual([undefined, undefined]);
    });

    it('are found by id or by a name that is the only one', async () => {
      expect(await groupOf(ctx, groups, owner, 'web')).toMatchObject({ id: web.id });
      expect(await groupOf(ctx, groups, owner, web.id)).toMatchObject({ id: web.id });
      expect(await groupOf(ctx, groups, stranger, 'web')).toBe('none');
      await groups.create(ctx, owner, { name: 'web', description: '' });
      expect(await groupOf(ctx, groups, owner, 'web')).toBe('several');
    });

    it('are changed and deleted by those who own them', async () => {
      const changed = of(await groups.change(ctx, owner, web.id, { name: 'www', description: '' })).group;
      expect([changed.name, changed.description]).toEqual(['www', '']);
      expect(await groups.change(ctx, stranger, web.id, { name: 'x', description: '' })).toMatchObject({ reason: 'not-found' });
      expect(await groups.delete(ctx, stranger, web.id)).toMatchObject({ reason: 'not-found' });
      expect(await groups.delete(ctx, owner, web.id)).toMatchObject({ outcome: 'done' });
      expect(await groups.find(ctx, owner, web.id)).toBeUndefined();
    });

    it('have rules, each once', async () => {
      const made = of(await groups.createRule(ctx, owner, rule())).rule;
      expect((await groups.find(ctx, owner, web.id))?.rules).toEqual([{ ...rule(), id: made.id }]);
      expect(await groups.createRule(ctx, owner, rule())).toMatchObject({ outcome: 'refused', reason: 'in-use' });
      expect(await groups.createRule(ctx, owner, rule({ groupId: randomUUID() }))).toMatchObject({ reason: 'not-found' });
      expect(await groups.deleteRule(ctx, stranger, made.id)).toMatchObject({ reason: 'not-found' });
      expect(await groups.deleteRule(ctx, owner, made.id)).toMatchObject({ outcome: 'done' });
      expect((await groups.find(ctx, owner, web.id))?.rules).toEqual([]);
    });

    it('are those of ports, which show their names', async () => {
      const [plain, asked] = [await portOf(), await portOf([web.id])];
      const shown = async (serverId: string) => {
        const ports = await at.service.portsOf(ctx, serverId);
        return (await vifsOf(ctx, at.service, ports, () => ({ preserve: false, tag: null }))).map((vif) => vif.security_groups);
      };
      expect([await shown(plain.serverId), await shown(asked.serverId)]).toEqual([[['default']], [['web']]]);
      for (const _ of [1, 2])
        expect(await groups.ofPort(ctx, plain.id, [...plain.securityGroups, web.id])).toMatchObject({ outcome: 'done' });
      expect(await shown(plain.serverId)).toEqual([['default', 'web']]);
      expect(await groups.delete(ctx, owner, web.id)).toMatchObject({ outcome: 'refused', reason: 'in-use' });
      expect(await groups.ofPort(ctx, randomUUID(), [])).toMatchObject({ outcome: 'refused', reason: 'not-found' });
    });
  });
}
