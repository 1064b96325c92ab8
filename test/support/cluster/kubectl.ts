import type { TestHost } from '../hosts/host.ts';

/** Runs kubectl on a host as its root does there; returns what it prints, without blanks around. `input` is its standard input. */
export async function kubectl(host: TestHost, args: readonly string[], input?: string): Promise<string> {
  const { stdout } = await host.run(['kubectl', ...args], input === undefined ? {} : { input });
  return stdout.trim();
}
