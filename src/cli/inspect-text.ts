import type { ArchiveSummary } from '../disc/summarise-archive.ts';
import { counted, sized } from '../events/words.ts';
import { nevraText } from '../packages/nevra.ts';
import { columns, section } from './columns.ts';

/** What the command gives to programs. */
export type InspectReport = ArchiveSummary & {
  readonly archive: string;
  /** Bytes of the ISO file, which holds equal files once; null for a folder or a device. */
  readonly imageSize: number | null;
};

/** The report for people. */
export function inspectText(report: InspectReport, show: { readonly packages: boolean }): string {
  const { fingerprint } = report.signingKey;
  const head = [
    ['Archive', report.archive],
    ['Release', `metalk8s ${report.version} with Kubernetes ${report.kubernetes}, of ${report.date.slice(0, 10)}`],
    ['Components', report.components.join(', ')],
    ['Runtime', `Node.js ${report.node}`],
    ['Signed by', fingerprint === null ? 'nobody' : `${fingerprint}, as it says itself: \`metalk8s verify\` tells`],
    ['Size', sizeOf(report)],
  ];
  const images = report.images.map(({ reference, platforms, size }) => [reference, platforms.join(', '), sized(size)]);
  const platforms = report.packages.flatMap(({ platform, packages, size }) => [
    [platform, counted(packages.length, 'package'), sized(size)],
    ...(show.packages ? packages.map((each) => [`  ${nevraText(each)}`, each.roles.join(', '), sized(each.size)]) : []),
  ]);
  const files = report.files.map(({ path, size }) => [path, sized(size)]);
  const parts = report.parts.map(({ name, files: count, size }) => [name, counted(count, 'file'), sized(size)]);
  return [
    columns(head),
    ...section(`Images (${images.length}; what they share is counted in each)`, images),
    ...section('Packages', platforms),
    ...section('Upstream files', files),
    ...section('Parts', parts),
  ].join('\n');
}

function sizeOf({ size, imageSize }: InspectReport): string {
  const files = `${sized(size)} in files`;
  return imageSize === null ? files : `${files}; ${sized(imageSize)} as an image, which holds equal files once`;
}
