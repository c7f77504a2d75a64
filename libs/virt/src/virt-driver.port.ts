import type { Readable } from 'node:stream';
import type {
  ConsoleAddress,
  ConsoleProtocol,
  Flavor,
  GuestDiagnostics,
  ImageMeta,
  Instance,
  NodeHardware,
  PowerState,
  Vif,
} from '@kilonova/compute-objects';
import type { DriverCapabilities } from './capabilities.js';
import type { GuestVolume, VolumeConnector, VolumeSnapshot } from './guest-volume.js';
import { type GuestMove, LiveMigrationDriver } from './live-migration.port.js';
import { type InventoryReport, type ProviderTree, type TreeAllocations, wholeInventory } from './provider-tree.js';

/** What a hypervisor node is, apart from what runs on it. Sizes: MiB of memory, GiB of disk. */
export interface NodeFacts {
  readonly hypervisor_type: string;
  readonly hypervisor_version: number;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly local_gb: number;
  readonly disk_available_least: number | null;
  readonly cpu_info: string;
  readonly supported_instances: ReadonlyArray<readonly [string, string, string]>;
  /** NUMA cells and PCI devices; left out: it tells of none. */
  readonly hardware?: Pick<NodeHardware, 'cells' | 'pools'>;
}

export interface SpawnRequest {
  readonly instance: Instance;
  /** Null: it boots from one of its volumes. */
  readonly image: ImageMeta | null;
  readonly admin_password: string | null;
  /** Left out: none. */
  readonly volumes?: readonly GuestVolume[];
  /** Left out: those that the instance has. */
  readonly interfaces?: readonly Vif[];
  /** Devices of this host that were assigned to it; left out: none. */
  readonly devices?: readonly string[];
}

export interface RescueRequest {
  readonly instance: Instance;
  /** What the guest is started from; null: the image that it was made from. */
  readonly image: ImageMeta | null;
  readonly admin_password: string;
}

/** What a node offers by its facts alone; a class of which there is none is left out. */
export function nodeInventories({ vcpus, memory_mb, local_gb, hardware }: NodeFacts): Readonly<Record<string, InventoryReport>> {
  const own = hardware?.cells.reduce((sum, { pcpus }) => sum + pcpus.length, 0) ?? 0;
  return Object.fromEntries(
    Object.entries({ VCPU: vcpus - own, PCPU: own, MEMORY_MB: memory_mb, DISK_GB: local_gb })
      .filter(([, total]) => total > 0)
      .map(([name, total]) => [name, wholeInventory(total)]),
  );
}

export type RebootKind = 'soft' | 'hard';

/**
 * A hypervisor as the agent sees it. One driver object serves one host. Every method is safe to repeat: an agent that
 * was killed in the middle repeats what it was told.
 */
export abstract class VirtDriver extends LiveMigrationDriver {
  /** Names of the hypervisor nodes of this host; most hosts have one, named like the host. */
  abstract nodes(): readonly string[];

  abstract nodeFacts(node: string): NodeFacts;

  /** What the hypervisor can do; it becomes traits of its nodes. */
  abstract capabilities(): DriverCapabilities;

  /** The uuid by which the hypervisor itself knows a node; undefined: the agent gives it one, and keeps it. */
  nodeUuid(_node: string): string | undefined {
    return undefined;
  }

  /**
   * Brings the node's part of placement to what the hypervisor offers now; what is not changed stays. Without an own hook a node
   * offers the CPUs, memory and disk of its facts.
   * @param allocations what consumers hold of the tree, to be changed with it; given only at the agent's start, after
   *   `ReshapeNeeded` was thrown
   * @throws ReshapeNeeded when inventory has to move of which servers may hold some
   */
  async updateProviderTree(tree: ProviderTree, node: string, _allocations?: TreeAllocations): Promise<void> {
    tree.setInventories(tree.root, nodeInventories(this.nodeFacts(node)));
  }

  /** The devices behind a resource class of a provider, of which servers are given some; none: the class is only counted. */
  devicesBehind(_node: string, _provider: string, _resourceClass: string): readonly string[] {
    return [];
  }

  /** The devices that a guest was made with. */
  abstract devices(instanceUuid: string): readonly string[];

  /** Called once at start with the instances that the database holds for this host; brings back guests that should run. */
  abstract initHost(instances: readonly Instance[]): Promise<void>;

  /**
   * Makes the guest run. A guest of the same uuid that is there already is the result of an earlier try: it is kept
   * when complete and replaced when not.
   * @throws Error when the guest can't be made here; the build goes to an alternate.
   */
  abstract spawn(request: SpawnRequest, signal: AbortSignal): Promise<void>;

  /**
   * Makes the guest anew of an image: its own disks are lost, its volumes stay. It runs afterwards, whatever it was doing, also when
   * there was none. @throws Error when it can't be made
   */
  abstract rebuild(request: SpawnRequest, signal: AbortSignal): Promise<void>;

  /** Removes the guest and its disks; no error when there is none. */
  abstract destroy(instanceUuid: string): Promise<void>;

  /** Makes a guest that is off run; one that runs stays as it is. @throws Error when there is no such guest, or it can't run. */
  abstract powerOn(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /**
   * Stops a guest: asked to shut down for `graceSeconds` first, then without its power. One that is off stays as it is.
   * @throws Error when there is no such guest, or it can't be stopped.
   */
  abstract powerOff(instanceUuid: string, graceSeconds: number, signal: AbortSignal): Promise<void>;

  /** Freezes a running guest in memory; a paused one stays as it is. @throws Error when there is no such guest, or it can't be paused. */
  abstract pause(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /** Lets a paused guest go on; one that runs stays as it is. @throws Error when there is no such guest, or it can't go on. */
  abstract unpause(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /** Saves a running guest to disk and frees its memory; a suspended one stays as it is. @throws Error when there is no such guest, or it can't be suspended. */
  abstract suspend(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /** Brings a suspended guest back; one that runs stays as it is. @throws Error when there is no such guest, or it can't be brought back. */
  abstract resume(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /**
   * Restarts a guest: `soft` asks its system to, `hard` cuts its power and may be asked for in any state of it. It runs
   * afterwards. @throws Error when there is no such guest, or it can't be restarted.
   */
  abstract reboot(instanceUuid: string, kind: RebootKind, signal: AbortSignal): Promise<void>;

  /** Has the system of a guest write a dump of its memory, by a non-maskable interrupt. @throws Error when there is no such guest, or it is off. */
  abstract triggerCrashDump(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /**
   * Stops a guest and starts it from another image, its own disk beside it; one that is rescued already stays so.
   * @throws Error when there is no such guest, or it can't be rescued.
   */
  abstract rescue(request: RescueRequest, signal: AbortSignal): Promise<void>;

  /** Starts a rescued guest from its own disk; one that is not rescued runs afterwards too. @throws Error when there is no such guest, or it can't be started. */
  abstract unrescue(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /**
   * Sets the password of the administrator inside a running guest.
   * @throws AppError `not-implemented` where the hypervisor has no way to do so. @throws Error when there is no such guest, or it failed.
   */
  abstract setAdminPassword(instanceUuid: string, password: string, signal: AbortSignal): Promise<void>;

  /** How this host reaches storage. */
  abstract volumeConnector(): VolumeConnector;

  /** Gives a guest a further disk; one that it has stays. @throws Error when there is no such guest, or the disk can't be opened. */
  abstract attachVolume(instanceUuid: string, volume: GuestVolume, signal: AbortSignal): Promise<void>;

  /** Takes a disk away; nothing happens when the guest, or the disk, is not there. @throws Error when the guest keeps it. */
  abstract detachVolume(instanceUuid: string, volumeId: string, signal: AbortSignal): Promise<void>;

  /**
   * Copies a disk of a guest to another volume, which takes its place; done already, it stays so.
   * @throws Error when there is no such guest or disk, or it can't be copied: the guest keeps the old one.
   */
  abstract swapVolume(instanceUuid: string, oldVolumeId: string, volume: GuestVolume, signal: AbortSignal): Promise<void>;

  /**
   * A disk of a guest has grown to `sizeGib`: the guest sees it from now on, as often as it is told.
   * @throws AppError `not-implemented` where the hypervisor has no way to do so. @throws Error when there is no such guest or disk
   */
  abstract extendVolume(instanceUuid: string, volume: GuestVolume, sizeGib: number, signal: AbortSignal): Promise<void>;

  /**
   * Makes a snapshot of a volume that a guest has, where the storage cannot while it is open.
   * @throws AppError `not-implemented` where the hypervisor has no way to do so. @throws Error when there is no such guest or disk, or it failed
   */
  abstract createVolumeSnapshot(
    instanceUuid: string,
    volumeId: string,
    snapshot: VolumeSnapshot,
    signal: AbortSignal,
  ): Promise<void>;

  /** Removes such a snapshot. @throws as `createVolumeSnapshot` */
  abstract deleteVolumeSnapshot(
    instanceUuid: string,
    volumeId: string,
    snapshot: VolumeSnapshot,
    signal: AbortSignal,
  ): Promise<void>;

  /** Ids of the volumes that a guest has. */
  abstract volumes(instanceUuid: string): readonly string[];

  /**
   * Gives a guest a further network interface; one that it has stays. @throws AppError `not-implemented` where the hypervisor has no
   * way to do so. @throws Error when there is no such guest, or it can't have it.
   */
  abstract attachInterface(instanceUuid: string, vif: Vif, signal: AbortSignal): Promise<void>;

  /** Takes a network interface away; nothing happens when the guest, or the interface, is not there. @throws Error when the guest keeps it. */
  abstract detachInterface(instanceUuid: string, portId: string, signal: AbortSignal): Promise<void>;

  /** Ids of the ports behind the network interfaces that a guest has. */
  abstract interfaces(instanceUuid: string): readonly string[];

  /** All that a guest has written to its console since it was started. @throws Error when there is no such guest, or it can't be read. */
  abstract consoleOutput(instanceUuid: string, signal: AbortSignal): Promise<string>;

  /** The counters of a running guest. @throws Error when there is no such guest, or they can't be read. */
  abstract diagnostics(instance: Instance, signal: AbortSignal): Promise<GuestDiagnostics>;

  /**
   * Where a guest's console is spoken to.
   * @throws AppError `not-implemented` for a protocol that the hypervisor does not speak. @throws Error when there is no such guest, or it has no console.
   */
  abstract console(instanceUuid: string, protocol: ConsoleProtocol, signal: AbortSignal): Promise<ConsoleAddress>;

  /** Has a guest read its network settings anew. @throws Error when there is no such guest, or it can't be told. */
  abstract injectNetworkInfo(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /**
   * Has a running guest write out its file systems and hold back what it would write next, so that snapshots of its volumes fit together;
   * a guest that does already stays so. Such a guest goes on when its agent starts anew.
   * @throws AppError `not-implemented` where the hypervisor has no way to do so; code `virt.guest.no_agent` where nobody inside of the
   *   guest listens. @throws Error when there is no such guest, or it failed
   */
  abstract quiesce(instance: Instance, signal: AbortSignal): Promise<void>;

  /** Lets a quiesced guest go on; nothing happens to others, and to one that is not there. @throws Error when it can't go on */
  abstract unquiesce(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /**
   * The guest's disk as it is now, in an image format (`raw`, `qcow2` …), as a stream that is made while it is read: nobody holds
   * it whole. The guest goes on as it was. Who gives up reading destroys the stream.
   * @throws Error when there is no such guest, or no snapshot can be made; the stream ends in an error when it breaks off.
   */
  abstract snapshot(instanceUuid: string, diskFormat: string, signal: AbortSignal): Promise<Readable>;

  /**
   * Fetches an image that guests may be made of soon. `existing`: the host had it already.
   * @throws AppError `not-implemented` where the hypervisor keeps no images. @throws Error when it can't be fetched
   */
  abstract cacheImage(imageId: string, signal: AbortSignal): Promise<'cached' | 'existing'>;

  /**
   * At the destination of a resize or migration: makes sure that the guest can come with its flavor; `destroy` takes back what
   * was prepared. @throws Error when it can't: another host is tried.
   */
  abstract prepareMigration(move: GuestMove, signal: AbortSignal): Promise<void>;

  /**
   * At the source: stops the guest (asked to shut down for `graceSeconds` first) and hands its disk to the destination. What
   * it needs to come back stays here until `confirmMigration`; it is none of the guests any more. @throws Error when there is
   * no such guest, or it could not be handed over: it is as it was, or off.
   */
  abstract migrateDiskAndPowerOff(move: GuestMove, graceSeconds: number, signal: AbortSignal): Promise<void>;

  /** At the destination: makes a guest of the disk that was handed over and the volumes, and lets it run if `powerOn`. @throws Error when it can't be made. */
  abstract finishMigration(move: GuestMove, powerOn: boolean, signal: AbortSignal): Promise<void>;

  /** At the source: removes what `migrateDiskAndPowerOff` left; no error when there is nothing. A guest that came to this same host stays. */
  abstract confirmMigration(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /**
   * At the source: brings the guest back as it was before `migrateDiskAndPowerOff`, and lets it run if `powerOn`. @throws Error
   * when there is nothing that it could be made of.
   */
  abstract finishRevertMigration(move: GuestMove, powerOn: boolean, signal: AbortSignal): Promise<void>;

  /** Uuids of guests that were moved away and of which something is kept here. */
  abstract movedAway(): readonly string[];

  /**
   * Gives a guest what `flavor` has more than `instance.flavor` while it runs, or is paused; may be told again. Whatever it throws, the
   * guest is as it was. Drivers say by `canLiveResize` whether they can.
   * @throws AppError `not-implemented` when they cannot; Error when there is no such guest
   */
  abstract liveResize(instance: Instance, flavor: Flavor, signal: AbortSignal): Promise<void>;

  /** Uuids of the guests on this host. */
  abstract guests(): readonly string[];

  abstract powerState(instanceUuid: string): PowerState;

  /** Text for `uptime` in hypervisor details; undefined where the hypervisor does not tell. */
  abstract uptime(): string | undefined;
}
