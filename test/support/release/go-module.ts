/** A module of the proxy in one version, such as `go.etcd.io/etcd/server/v3` `v3.6.8`. */
export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/** One `replace` line: a module, and what is taken in its place. */
export interface Replacement {
  readonly path: string;
  readonly by: ModuleVersion;
}

/** What a go.mod of ours pins: programs, the modules they come from, and what these modules replace. */
export interface PinnedModule {
  /** Folder under go-modules/, such as `etcd/3.6.8`. */
  readonly folder: string;
  readonly packages: readonly string[];
  readonly requires: readonly ModuleVersion[];
  /** Replacements that the modules' own go.mod files do not name or name by a local path. */
  readonly replacements?: readonly Replacement[];
}

/**
 * The replacements that a module's go.mod makes and that a module requiring it must make again, since Go ignores those of
 * dependencies. Kubernetes' staging folders are replaced by the modules published from them: release 1.X.Y is v0.X.Y
 * there. Other local paths are left out: their modules are published under the version required.
 */
export function inheritedReplacements(goMod: string, version: string): readonly Replacement[] {
  const found: Replacement[] = [];
  for (const line of goMod.split('\n')) {
    const match = /^\s*(?:replace\s+)?(\S+) => (\S+)(?: (v\S+))?\s*(?:\/\/.*)?$/.exec(line);
    const [, path, target, targetVersion] = match ?? [];
    if (!path || !target) continue;
    if (targetVersion) found.push({ path, by: { path: target, version: targetVersion } });
    else if (target.startsWith('./staging/')) {
      found.push({ path, by: { path, version: version.replace(/^v1\./, 'v0.') } });
    }
  }
  return found;
}

/** The `go` version and the `godebug default` that a go.mod states: both decide how its programs behave at run time. */
export function languageOf(goMod: string): { readonly go: string; readonly godebug: string | undefined } {
  const go = /^go (\S+)/m.exec(goMod)?.[1];
  if (!go) throw new Error('a go.mod without a go line: it is no module of the last ten years');
  return { go, godebug: /^godebug default=(\S+)/m.exec(goMod)?.[1] };
}

/** What a first go.mod is made of, before `go mod tidy` adds everything indirect. */
export interface GoMod {
  readonly module: PinnedModule;
  readonly go: string;
  readonly godebug: string | undefined;
  readonly replacements: readonly Replacement[];
}

/** The text of a first go.mod; programs are named by `tool` lines, so that no Go source is needed beside it. */
export function renderGoMod({ module, go, godebug, replacements }: GoMod): string {
  const lines = [`module metalk8s.test/release/${module.folder.split('/')[0]}`, '', `go ${go}`, ''];
  if (godebug) lines.push(`godebug default=${godebug}`, '');
  lines.push('tool (', ...module.packages.map((path) => `\t${path}`), ')', '');
  lines.push('require (', ...module.requires.map(({ path, version }) => `\t${path} ${version}`), ')', '');
  if (replacements.length) {
    lines.push('replace (', ...replacements.map(({ path, by }) => `\t${path} => ${by.path} ${by.version}`), ')', '');
  }
  return lines.join('\n');
}
