/**
 * From which microversion on a thing is there, or gone, by the thing; as numbers, major · 1000 + minor. Spans of routes and
 * schemas stand in their own tables. Source: the published history of the Compute API.
 */
export const Since = {
  /** 2.2: Key pairs have a type; 201 and 204 for making and deleting one. */
  keyPairTypes: 2002,
  /** 2.3: More attributes of servers for administrators: hostname, reservation, user data … */
  moreServerAttributes: 2003,
  /** 2.5: `ip6` filters lists for everybody. */
  ip6Filter: 2005,
  /** 2.7: Access to a public flavor is a conflict. */
  publicFlavorAccess: 2007,
  /** 2.9: `locked` in servers. */
  serverLocked: 2009,
  /** 2.10: Administrators name the user whose key pairs are meant. */
  keyPairsOfUsers: 2010,
  /** 2.11: Services are forced down, and show it. */
  forcedDown: 2011,
  /** 2.13: Server groups show project and user. */
  serverGroupOwners: 2013,
  /** 2.14: Evacuations find out by themselves whether storage is shared, and tell no password. */
  evacuateWithoutPassword: 2014,
  /** 2.16: `host_status` in servers. */
  hostStatus: 2016,
  /** 2.19: Servers have a description; before, it is their name. */
  serverDescription: 2019,
  /** 2.20: Volumes of shelved servers are attached and detached. */
  volumesOfShelved: 2020,
  /** 2.21: Actions of deleted servers are readable. */
  actionsOfDeletedServers: 2021,
  /** 2.23: Migrations show their type, and links while they run live. */
  migrationTypes: 2023,
  /** 2.26: Tags of servers, and filters by them. */
  serverTags: 2026,
  /** 2.28: `cpu_info` of a hypervisor is an object. */
  cpuInfoObject: 2028,
  /** 2.31: Tokens of all kinds of consoles are told. */
  allConsoleTokens: 2031,
  /** 2.33: Hypervisors come in pages. */
  hypervisorPaging: 2033,
  /** 2.34: Whether a live migration is possible is found out after its acceptance. */
  liveMigrationChecks: 2034,
  /** 2.35: Key pairs come in pages, by name. */
  keyPairPaging: 2035,
  /** 2.36: Proxies to other services are gone, with their quotas and limits. */
  noProxies: 2036,
  /** 2.38: A status that is none is 400 in a filter. */
  knownStatusOnly: 2038,
  /** 2.39: The proxy to metadata of images is gone, with its limit. */
  noImageMetadata: 2039,
  /** 2.40: Usage comes in pages. */
  usagePaging: 2040,
  /** 2.41: Aggregates show their uuid. */
  aggregateUuid: 2041,
  /** 2.45: Images of servers are answered by id in the body, not by address in a header. */
  imageIdInBody: 2045,
  /** 2.47: Servers hold a copy of their flavor instead of a link. */
  embeddedFlavor: 2047,
  /** 2.48: Diagnostics have one form, whatever the hypervisor. */
  standardDiagnostics: 2048,
  /** 2.50: Quota classes show server groups, and no networks. */
  quotaClassGroups: 2050,
  /** 2.51: Everybody sees the events of actions, without tracebacks. */
  actionEventsForAll: 2051,
  /** 2.53: Services and hypervisors are named by uuid; searches are query parameters. */
  uuidIds: 2053,
  /** 2.54: A rebuild may change the key pair, and shows it. */
  keyOfRebuild: 2054,
  /** 2.55: Flavors have a description that can be changed. */
  flavorDescription: 2055,
  /** 2.56: Migrations to a host that is named. */
  migrationToHost: 2056,
  /** 2.57: Files are no more injected; their quotas and limits are gone. */
  noInjectedFiles: 2057,
  /** 2.58: Actions come in pages, and show when they were updated. */
  actionPaging: 2058,
  /** 2.59: Migrations come in pages, and show their uuid. */
  migrationPaging: 2059,
  /** 2.60: Volumes that servers share may be attached. */
  multiattachVolumes: 2060,
  /** 2.61: Flavors show their extra specs. */
  flavorExtraSpecs: 2061,
  /** 2.62: Events of actions show the hashed host, to administrators the host. */
  actionEventHosts: 2062,
  /** 2.63: Trusted image certificates of servers. */
  trustedCertificates: 2063,
  /** 2.64: Server groups have one policy with rules instead of policies and metadata. */
  serverGroupRules: 2064,
  /** 2.65: Live migrations can be aborted before they run. */
  abortQueuedMigrations: 2065,
  /** 2.66: `changes-before` filters lists. */
  changesBefore: 2066,
  /** 2.69: What is known of servers and services of cells that do not answer is shown. */
  downCells: 2069,
  /** 2.70: Tags of disks and interfaces are shown. */
  deviceTagsShown: 2070,
  /** 2.71: Servers show their groups. */
  groupsOfServer: 2071,
  /** 2.73: A lock has a reason; lists are filtered and sorted by locks. */
  lockedReason: 2073,
  /** 2.75: Unknown keys are 400; changes answer the whole server; a swap of 0 is 0. */
  strictQueries: 2075,
  /** 2.79: Whether a volume goes with its server is said when it is attached, and shown. */
  deleteOnTermination: 2079,
  /** 2.77: Servers are unshelved to a zone. */
  unshelveZone: 2077,
  /** 2.80: Migrations show project and user, and are filtered by them. */
  migrationOwners: 2080,
  /** 2.83: More filters of servers for everybody. */
  moreFilters: 2083,
  /** 2.84: Failed events of actions show details. */
  actionEventDetails: 2084,
  /** 2.85: Whether a volume goes with its server can be changed. */
  attachmentChanges: 2085,
  /** 2.86: Extra specs of known namespaces are validated. */
  extraSpecValidation: 2086,
  /** 2.87: Servers on volumes are rescued, where host and image allow it. */
  rescueOfVolumes: 2087,
  /** 2.88: Hypervisors show their uptime, and what is used no more. */
  hypervisorUptime: 2088,
  /** 2.89: Attachments show their ids of old no more, but those of attachment and mapping. */
  attachmentIds: 2089,
  /** 2.90: Hostnames are chosen, and shown to everybody. */
  serverHostname: 2090,
  /** 2.91: Servers are unshelved to a host, and unpinned from their zone. */
  unshelveHost: 2091,
  /** 2.93: Rebuilds put their image on the volume that a server boots from. */
  rebuildOfVolumes: 2093,
  /** 2.95: Evacuated servers end stopped. */
  evacuateStopped: 2095,
  /** 2.96: Servers show the zone that they are pinned to. */
  pinnedZone: 2096,
  /** 2.101: An attachment that begins is answered without a body. */
  silentAttach: 2101,
  /** 2.102: Flavors are found by name; `rxtx_factor` and `disabled` are gone. */
  leanFlavors: 2102,
} as const;
