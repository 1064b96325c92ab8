import type { BundledModule, DiscInventory, InventoriedPackage } from './inventory.ts';

/** `sbom/licences.txt`: under which licences everything on a disc is passed on, with the texts that have to go along with the command line. */
export function renderLicences({ archive, packages, files, modules }: DiscInventory): string {
  const sections = [
    heading(`Licences of what is on the disc of metalk8s ${archive.version}`),
    'metalk8s itself: Apache-2.0.\n',
    `Node.js ${archive.node}: runtime/LICENSE has its licence and those of its parts.\n`,
    'Container images: each carries its own licences in its layers.\n',
    files.length === 0 ? '' : `Files of others (${files.length}): those of the projects that publish them.\n`,
    packages.length === 0 ? '' : `${heading('RPM packages')}${lines(packages.map(packageLine))}`,
    modules.length === 0 ? '' : `${heading('Parts of the command line, from npm')}${lines(modules.map(moduleLine))}`,
    ...sortedModules(modules).map(licenceText),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function heading(text: string): string {
  return `${text}\n${'='.repeat(text.length)}\n\n`;
}

/** Each line once: the same package is there for several platforms. */
function lines(all: readonly string[]): string {
  return `${[...new Set(all)].toSorted((left, right) => (left < right ? -1 : 1)).join('\n')}\n`;
}

function packageLine({ name, version, release, arch, licence }: InventoriedPackage): string {
  return `${name}-${version}-${release}.${arch}: ${licence || 'its header says none'}`;
}

function moduleLine({ name, version, licence }: BundledModule): string {
  return `${name} ${version}: ${licence}`;
}

function sortedModules(modules: readonly BundledModule[]): BundledModule[] {
  return modules.toSorted((left, right) => (moduleLine(left) < moduleLine(right) ? -1 : 1));
}

function licenceText(module: BundledModule): string {
  const texts = module.licenceTexts.map((text) => `${text.replaceAll('\r\n', '\n').trim()}\n`);
  return `${heading(`${module.name} ${module.version}`)}${texts.join('\n')}`;
}
