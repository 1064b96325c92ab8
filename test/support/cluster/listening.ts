import type { TestHost } from '../hosts/host.ts';

/** Something that a host listens on, as a line: `tcp 127.0.0.1:10248 kubelet`. Sockets of the kernel have no name. */
export async function listening(host: TestHost): Promise<readonly string[]> {
  const { stdout } = await host.run(['ss', '--no-header', '--listening', '--numeric', '--tcp', '--udp', '--processes']);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [protocol = '', , , , local = ''] = line.split(/\s+/);
      const [, program = 'kernel'] = /users:\(\("([^"]+)"/.exec(line) ?? [];
      return `${protocol} ${local} ${program}`;
    });
  return [...new Set(lines)].sort();
}
