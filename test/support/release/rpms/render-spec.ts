import { modeOf } from '../file-source.ts';
import { type PackagedFile, type RpmPackage, SCRIPT_KINDS } from './package.ts';

/**
 * The text of a spec file. It builds and installs nothing: rpmbuild is given a build root with the files in place.
 * Every line is ours, so rpm's own macros (and what distributions hook into them) take no part.
 */
export function renderSpec(rpm: RpmPackage): string {
  const tags: [string, string | undefined][] = [
    ['Name', rpm.name],
    ['Version', rpm.version],
    ['Release', rpm.release],
    ['Summary', rpm.summary],
    ['License', rpm.license],
    ['URL', rpm.url],
    ['Packager', rpm.packager],
    ['BuildArch', rpm.architecture === 'noarch' ? 'noarch' : undefined],
    // What rpm would find in the files are names of the Debian libraries they were built with.
    ['AutoReqProv', 'no'],
    ...relations('Provides', rpm.provides),
    ...relations('Requires', rpm.requires),
    ...relations('Conflicts', rpm.conflicts),
    ...relations('Obsoletes', rpm.obsoletes),
  ];
  const preamble = tags.flatMap(([tag, value]) => (value === undefined ? [] : [`${tag}: ${plain(value)}`]));
  const sections = [preamble.join('\n'), `%description\n${plain(rpm.summary)}.`];
  for (const kind of SCRIPT_KINDS) {
    const script = rpm.scripts?.[kind];
    if (script) sections.push(`%${kind}\n${plain(script.trim())}`);
  }
  sections.push(['%files', '%defattr(-,root,root,-)', ...rpm.files.map(fileLine)].join('\n'));
  return `${sections.join('\n\n')}\n`;
}

function relations(tag: string, names: readonly string[] | undefined): [string, string][] {
  return (names ?? []).map((name) => [tag, name]);
}

function fileLine(file: PackagedFile): string {
  const words = [];
  if (file.configuration) words.push('%config(noreplace)');
  if (file.kind === 'folder') words.push('%dir');
  const mode = modeOf(file);
  if (mode !== undefined) words.push(`%attr(${octal(mode)}, root, root)`);
  words.push(`"${plain(file.path)}"`);
  return words.join(' ');
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function plain(text: string): string {
  return text.replaceAll('%', '%%');
}
