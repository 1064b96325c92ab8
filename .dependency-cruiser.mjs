/**
 * The import arrows of docs/architecture.md: who may import whom under src/.
 * A pure folder takes no file system, clock, environment, process, network or randomness, and imports no impure folder.
 */
const pure = [
  'errors',
  'events',
  'values',
  'documents',
  'config',
  'release',
  'facts',
  'preflight',
  'plan',
  'kubernetes',
  'registry',
  'packages',
  'salt',
  'disc',
  'kernel',
  'templates',
];

/** The only files of pure folders that may touch the world: they gather what the pure rest judges. */
const loaders = [
  '^src/facts/gather\\.ts$',
  '^src/documents/load\\.ts$',
  '^src/config/load\\.ts$',
  '^src/release/load\\.ts$',
];

/** Packages that act on the world; the others (yaml, ajv…) compute. */
const actingPackages = ['execa', 'ssh2', 'listr2', 'tar', 'commander'];

/** What every folder shares; they stand on nothing of ours but each other. */
const shared = ['errors', 'events', 'values'];

/** For each impure folder, the folders it may import besides itself and the shared ones. `cli` may import every folder. */
const allowed = {
  hosts: ['kernel'],
  pki: ['kubernetes', 'hosts'],
  product: ['disc', 'kubernetes', 'registry', 'salt', 'templates'],
  build: ['documents', 'product', 'release', 'disc', 'registry', 'packages', 'salt', 'kubernetes', 'hosts'],
  archive: ['release', 'disc', 'registry', 'kernel', 'hosts'],
  api: ['kubernetes', 'hosts', 'pki'],
  engine: [
    'plan',
    'facts',
    'kubernetes',
    'disc',
    'registry',
    'packages',
    'salt',
    'kernel',
    'archive',
    'pki',
    'hosts',
    'api',
  ],
  'support-bundle': ['facts', 'kubernetes', 'salt', 'archive', 'hosts', 'engine'],
  progress: [],
};

const folder = (/** @type {string[]} */ names) => `^src/(?:${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'pure-takes-no-world',
      comment: 'A pure folder imports no module of Node.js but path and the hash functions of crypto.',
      severity: 'error',
      from: { path: folder(pure), pathNot: loaders },
      to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?(?:path|path/posix|crypto)$' },
    },
    {
      name: 'pure-acts-through-no-package',
      severity: 'error',
      from: { path: folder(pure), pathNot: loaders },
      to: { path: `(?:^|/)node_modules/(?:${actingPackages.join('|')})/` },
    },
    {
      name: 'pure-imports-only-pure',
      severity: 'error',
      from: { path: folder(pure), pathNot: loaders },
      to: { path: '^src/', pathNot: folder(pure) },
    },
    {
      name: 'foundations-import-nothing',
      severity: 'error',
      from: { path: folder(shared) },
      to: { path: '^src/', pathNot: folder(shared) },
    },
    ...Object.entries(allowed).map(([name, targets]) => ({
      name: `${name}-imports-only-its-own`,
      severity: /** @type {const} */ ('error'),
      from: { path: folder([name]) },
      to: { path: '^src/', pathNot: folder([name, ...shared, ...targets]) },
    })),
    {
      name: 'leftovers-import-no-step',
      comment: 'Steps look at what is left of a cluster; what looks knows of no step.',
      severity: 'error',
      from: { path: '^src/engine/(?:leftovers/|observe-leftovers\\.ts$)' },
      to: { path: '^src/engine/steps/' },
    },
    {
      name: 'src-knows-no-tests-or-scripts',
      severity: 'error',
      from: { path: '^(?:src|bin)/' },
      to: { path: '^(?:test|scripts)/' },
    },
    {
      name: 'src-knows-no-development-package',
      severity: 'error',
      from: { path: '^(?:src|bin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-missing-module', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^\\.\\./dist/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
