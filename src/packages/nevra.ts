/** What names one build of a package: name, epoch, version, release, architecture. */
export interface Nevra {
  readonly name: string;
  /** Digits; `0` where the package says none. */
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
}

/** What RPM's own tools accept in a name, a version and an architecture, less what means something in a path, a shell or a list. */
const PARTS: Readonly<Record<keyof Nevra, RegExp>> = {
  name: /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$/,
  epoch: /^\d{1,9}$/,
  version: /^[A-Za-z0-9._+~^]{1,127}$/,
  release: /^[A-Za-z0-9._+~^]{1,127}$/,
  arch: /^[A-Za-z0-9_]{1,31}$/,
};

/** Whether every part is one that may stand in a file name and in a command. What says otherwise comes from nobody we should trust. */
export function isNevra(candidate: Readonly<Record<keyof Nevra, unknown>>): candidate is Nevra {
  return Object.entries(PARTS).every(([part, form]) => {
    const value = candidate[part as keyof Nevra];
    return typeof value === 'string' && form.test(value);
  });
}

/** For people, as rpm prints it: `kubelet-1.36.3-150500.1.1.x86_64`, with the epoch where there is one. */
export function nevraText({ name, epoch, version, release, arch }: Nevra): string {
  return `${name}-${epoch === '0' ? '' : `${epoch}:`}${version}-${release}.${arch}`;
}

/** For dnf: no other package fits it. */
export function exactPackage({ name, epoch, version, release, arch }: Nevra): string {
  return `${name}-${epoch}:${version}-${release}.${arch}`;
}

/** The file of a package by RPM's custom: the epoch is not part of it. */
export function rpmFileName({ name, version, release, arch }: Nevra): string {
  return `${name}-${version}-${release}.${arch}.rpm`;
}

/** The parts alone, without what else an object has. */
export function nevraOf({ name, epoch, version, release, arch }: Nevra): Nevra {
  return { name, epoch, version, release, arch };
}

/** Order of lists of packages: by code points of their names, so that it is the same everywhere. */
export function byNevra(left: Nevra, right: Nevra): number {
  const [a, b] = [exactPackage(left), exactPackage(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}
