/** The least that a configuration must say, with lines to add at the end. */
export function exampleText(...lines: readonly string[]): string {
  return [
    'apiVersion: metalk8s.scality.com/v1alpha3',
    'kind: BootstrapConfiguration',
    'networks:',
    '  controlPlane:',
    '    cidr: 10.200.1.0/24',
    '  workloadPlane:',
    '    cidr: 10.200.2.0/24',
    'ca:',
    '  minion: bootstrap',
    'archives: /srv/metalk8s.iso',
    ...lines,
    '',
  ].join('\n');
}
